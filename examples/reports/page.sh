#!/bin/sh
# SPDX-License-Identifier: MIT
# page.sh DIRECTORY: an HTML page from the files in DIRECTORY: before.fragment, after.fragment and
# diff.fragment, the size of before.folded and after.folded, and the table in changes.txt.
set -eu
cd "$1"

escape() {
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
}

# size FOLDED: "12.66 s, 2520 samples"
size() {
    flamegraph --quiet --info --json "$1" |
        sed -n 's/.*"text":"\([^"]*\)","samples":\([0-9]*\).*/\1, \2 samples/p' | escape
}

cat <<END
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Inserts, batched</title>
<h1>Inserts, batched</h1>
<h2>Before: $(size before.folded)</h2>
END
cat before.fragment
echo "<h2>After: $(size after.folded)</h2>"
cat after.fragment
echo '<h2>What changed</h2>'
cat diff.fragment
echo '<pre>'
escape <changes.txt
printf '</pre>\n</html>\n'
