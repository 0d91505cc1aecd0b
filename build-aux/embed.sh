#!/bin/sh
# embed.sh TEMPLATES FILE... : the C source with the files below the directory TEMPLATES as arrays,
# see src/render/template_data.h. FILE is a path that ends in templates/NAME.
#
# Scripts and style sheets lose comments and indentation (strip-js.sh). Those in templates/viewer/
# become one entry, in the order that templates/viewer/ORDER gives: "viewer-differential.js", and
# without those whose name begins with "differential", "viewer.js".
set -eu
LC_ALL=C
export LC_ALL
here=$(dirname "$0")
templates=$1
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/embed.XXXXXX")
trap 'rm -rf "$work"' EXIT

# join WITHOUT : the scripts of the viewer but for those that begin so.
join() {
    without=$1
    set --
    while read -r script; do
        case $script in
        '' | '#'* | "$without"*) ;;
        *) set -- "$@" "$templates/viewer/$script" ;;
        esac
    done <"$templates/viewer/ORDER"
    sh "$here/strip-js.sh" "$@"
}

for file; do
    name=${file##*templates/}
    case $name in
    viewer/ORDER)
        join '#' >"$work/viewer-differential.js"
        join differential >"$work/viewer.js"
        ;;
    viewer/*) ;; # by way of ORDER
    *.js | *.css) sh "$here/strip-js.sh" "$templates/$name" >"$work/$name" ;;
    *) cat "$templates/$name" >"$work/$name" ;;
    esac
done

echo "/* Made by build-aux/embed.sh from templates/; do not edit. */"
echo '#include "render/template_data.h"'
number=0
table=
cd "$work"
for name in *; do
    [ -f "$name" ] || continue
    number=$((number + 1))
    printf '\n/* %s */\nstatic const unsigned char data_%d[] = {\n' "$name" "$number"
    od -An -v -tu1 "$name" | sed -e 's/^ *//' -e 's/  */,/g' -e 's/$/,/'
    echo '0};'
    table="$table    {\"$name\", data_$number, sizeof data_$number - 1},
"
done
printf '\nconst struct template_file template_files[] = {\n%s    {0, 0, 0},\n};\n' "$table"
