#!/bin/sh
# SPDX-License-Identifier: MIT
# embed.sh TEMPLATES FILE... : the C source with the files below the directory TEMPLATES as arrays,
# see src/output/markup.h. FILE is a path that ends in templates/NAME. $TABLE names the table of
# them, if it is not template_files.
#
# Scripts and style sheets lose comments and indentation, scripts the blanks beside punctuation,
# too (strip-js.sh). The modules in templates/viewer/ become the parts of the viewer
# (join-modules.sh): "start.js" is what all pictures need, and viewer*.js what some of them need
# beyond that.
set -eu
LC_ALL=C
export LC_ALL
here=$(dirname "$0")
templates=$1
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/embed.XXXXXX")
trap 'rm -rf "$work"' EXIT

for file; do
    name=${file##*templates/}
    case $name in
    viewer/start.js) sh "$here/join-modules.sh" "$templates/$name" >"$work/start.js" ;;
    viewer/viewer*.js)
        sh "$here/join-modules.sh" "$templates/$name" "$templates/viewer/start.js" \
            >"$work/${name#viewer/}"
        ;;
    viewer/*) ;; # joined to those
    *.js | *.css) sh "$here/strip-js.sh" "$templates/$name" >"$work/$name" ;;
    *) cat "$templates/$name" >"$work/$name" ;;
    esac
done

echo "/* Made by build-aux/embed.sh from templates/; do not edit. */"
echo '#include "output/markup.h"'
[ -z "${TABLE-}" ] || echo "extern const struct template_file ${TABLE}[];"
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
printf '\nconst struct template_file %s[] = {\n%s    {0, 0, 0},\n};\n' \
    "${TABLE:-template_files}" "$table"
