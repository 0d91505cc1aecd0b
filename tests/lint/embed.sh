#!/bin/sh
# The scripts of the build that turn templates/ into arrays: what is dropped, what is kept.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$work" || exit 1
mkdir -p templates/viewer

cat >templates/viewer/b.js <<'END'
// a comment
    /* and
     * another
     */
const b = "// no comment"; // kept
    const re = /\/\*/;

    /* one line */
END
printf 'const a = 1;' >templates/viewer/a.js
printf 'const c = 2;\n' >templates/viewer/differential-c.js
printf '# first things first\na.js\ndifferential-c.js\nb.js\n' >templates/viewer/ORDER
printf '\000\377é"\\\n' >templates/bytes.svg
printf '  /* x */\n  a { b: c }\n' >templates/style.css

cat >want <<'END'
const a = 1;
const b = "// no comment"; // kept
const re = /\/\*/;
END
sh "$srcdir/build-aux/strip-js.sh" templates/viewer/a.js templates/viewer/b.js >got
check 'comments and indentation are dropped, nothing in a line is' diff want got

echo '/* no end' >open.js
sh "$srcdir/build-aux/strip-js.sh" open.js >got 2>err
ok "$(($? == 0))" 'a comment without an end is an error' err

sh "$srcdir/build-aux/embed.sh" templates templates/bytes.svg templates/style.css \
    templates/viewer/ORDER templates/viewer/*.js >template_data.c
ok $? 'embed.sh runs'
cat >list.c <<'END'
#include <stdio.h>
#include "render/template_data.h"
int main(void)
{
    for (const struct template_file *t = template_files; t->name; t++) {
        printf("%s %d %d\n", t->name, (int)t->size, t->data[t->size]);
        fwrite(t->data, 1, t->size, stdout);
    }
    return 0;
}
END
{
    printf 'bytes.svg 7 0\n\000\377é"\\\n'
    printf 'style.css 11 0\na { b: c }\n'
    awk 'NR == 2 { print "const c = 2;" } { print }' want >both
    printf 'viewer-differential.js %d 0\n' "$(wc -c <both)"
    cat both
    printf 'viewer.js %d 0\n' "$(wc -c <want)"
    cat want
} >listing
# shellcheck disable=SC2086 # CC may hold options
check 'its output compiles' ${CC:-cc} -Wall -Wextra -Werror -I"$srcdir/src" list.c template_data.c \
    -o list
./list >got
check 'and gives the same bytes' cmp listing got

done_testing
