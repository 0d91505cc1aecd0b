#!/bin/sh
# SPDX-License-Identifier: MIT
# ci.sh DIRECTORY [OPTION...] BEFORE AFTER: what a build server shows of two profiles. The options
# are those of flamediff.
#
#      ci.sh perf --fail-on 'total>5%' --work 632,5850 --work-unit row before.perf after.perf
#
# DIRECTORY gets
#
#      summary.md    what changed, for a pull request or the summary of a job
#      diff.svg      the changes as a picture that can be searched and zoomed
#      diff.png      the same, still
#      index.html    a page without script and without styles of its own: it also works on servers
#      style.css     that forbid these, such as Jenkins
#      gate.xml      the gates as JUnit
#
# The exit status is that of flamediff: 0 all gates hold, 3 a gate found a regression, 4 there is
# too little data to decide.
set -eu
directory=$1
shift
mkdir -p "$directory"
status=0

# compare FILE [OPTION...]: run flamediff; a gate that fails is no reason to stop.
compare() {
    file=$directory/$1
    shift
    status=0
    flamediff --quiet --output "$file" "$@" || status=$?
    case $status in 0 | 3 | 4) ;; *) exit $status ;; esac
}

compare diff.svg "$@"
compare diff.png --scale 2 --background white "$@"
compare changes.txt --top 10 "$@"
compare summary.md --top 10 --junit "$directory/gate.xml" "$@"

case $status in
0) verdict='All gates hold.' ;;
3) verdict='The program got slower.' ;;
*) verdict='There is too little data to decide.' ;;
esac
printf '\n**%s**\n' "$verdict" >>"$directory/summary.md"

cat >"$directory/style.css" <<'END'
body { font-family: sans-serif; margin: 2em; }
img { max-width: 100%; }
pre { overflow-x: auto; }
END
{
    cat <<END
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Performance</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<h1>$verdict</h1>
<p><a href="diff.svg"><img src="diff.png" alt="what changed"></a></p>
<pre>
END
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$directory/changes.txt"
    printf '</pre>\n</body>\n</html>\n'
} >"$directory/index.html"
rm "$directory/changes.txt"
exit $status
