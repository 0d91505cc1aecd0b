#!/bin/sh
# markdown.sh FOLDED PICTURE: a page of Markdown: the picture, and the functions that most of the
# time is spent in themselves.
set -eu
cat <<END
# Where the time goes

![flame graph]($2)

| share | function |
| ---: | --- |
END
awk '
{
    weight = $NF
    sub(/ [^ ]*$/, "")
    sub(/.*;/, "")
    sub(/_\[[a-z]\]$/, "")
    self[$0] += weight
    total += weight
}
END { for (name in self) printf "%.2f\t%s\n", 100 * self[name] / total, name }
' "$1" | sort -t '	' -k 1,1nr -k 2 | head -n 5 | awk -F '\t' '
{
    gsub(/\|/, "\\|", $2)
    printf "| %s %% | `%s` |\n", $1, $2
}'
