#!/bin/sh
# SPDX-License-Identifier: MIT
# The lint itself: each rule finds its breach, and what only looks like one is left alone.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
mkdir -p src/core src/profile src/format/x src/cli src/raster

# finds RULE FILE LINE TITLE: lint.awk finds just that in FILE, which is the standard input.
finds() {
    cat >"$2"
    "$AWK" -f "$srcdir/build-aux/lint.awk" "$2" | grep -v '^function ' | cut -d ' ' -f 1-3 >got
    if [ "$1" = nothing ]; then : >want; else echo "$1 $2 $3" >want; fi
    check "$4" diff want got
}

finds include src/core/a.c 2 'core must not see profile' <<'END'
/* a */
#include "profile/tree.h"
END
finds include src/format/x/a.c 3 'format must not see picture' <<'END'
/* a */
#include "core/str.h"
#include "picture/picture.h"
END
finds include src/raster/a.c 3 'raster must not see profile' <<'END'
/* a */
#include "core/str.h"
#include "profile/tree.h"
END
finds include src/profile/a.c 2 'an include names its room' <<'END'
/* a */
#include "str.h"
END
finds nothing src/cli/a.c 0 'cli may see all, and print, and leave' <<'END'
/* a */
#include <stdio.h>

#include "core/str.h"
#include "profile/tree.h"
#include "picture/picture.h"

int f(void)
{
    fprintf(stderr, "x");
    exit(1);
}
END
for word in strcpy sprintf strtok atoi alloca system setjmp; do
    finds banned src/core/a.c 5 "$word is banned" <<END
/* a */

int f(char *p)
{
    return $word(p);
}
END
done
finds memory src/profile/a.c 4 'malloc is banned in profile' <<'END'
/* a */
void f(void)
{
    malloc(1);
}
END
finds leaving src/format/x/a.c 4 'exit is banned in format' <<'END'
/* a */
void f(void)
{
    exit(1);
}
END
finds stdio src/format/x/a.c 4 'printf is banned in format' <<'END'
/* a */
void f(void)
{
    printf("x");
}
END
finds nothing src/profile/a.c 0 'words in comments, strings, members and longer names' <<'END'
/* a: exit(1), printf("x") */
void f(struct heap *heap)
{
    /* strcpy(a, b);
       malloc(1) */
    heap->free(heap, "malloc(1) \" exit(2)"); // abort()
    heap.free('"', heap_free(1), my_exit(2), "sprintf(");
}
END
for type in 'unsigned __int128' __uint128_t; do
    finds int128 src/core/a.c 4 "$type outside core/wide.h" <<END
/* a */
int f(void)
{
    $type a = 1;
}
END
done
finds nothing src/core/wide.h 0 '__int128 in core/wide.h' <<'END'
/* wide */
#ifndef FLAMETREE_CORE_WIDE_H
#define FLAMETREE_CORE_WIDE_H
typedef unsigned __int128 wide_native;
#endif
END
finds guard src/core/a.h 1 'a header without a guard' <<'END'
/* a */
int f(void);
END
finds guard src/core/a.h 1 'a guard of another name' <<'END'
/* a */
#ifndef A_H
#define A_H
#endif
END
finds nothing src/core/a.h 0 'the right guard' <<'END'
/* a */
#ifndef FLAMETREE_CORE_A_H
#define FLAMETREE_CORE_A_H
#endif
END
finds head src/core/a.c 1 'a file without a comment at its head' <<'END'
int f(void);
END
finds blanks src/core/a.c 2 'a blank at the end' <<END
/* a */
int f(void);$(printf ' ')
END
finds blanks src/core/a.c 2 'a TAB' <<END
/* a */
$(printf '\t')int f(void);
END
{
    echo '/* a */'
    "$AWK" 'BEGIN { for (i = 0; i < 98; i++) printf "x"; print "\303\244\303\244" }'
} >input
finds nothing src/core/a.c 0 '100 columns, though more bytes' <input
{
    echo '/* a */'
    "$AWK" 'BEGIN { for (i = 0; i < 101; i++) printf "x"; print "" }'
} >input
finds columns src/core/a.c 2 '101 columns' <input
{
    echo '/* a */'
    "$AWK" 'BEGIN { for (i = 0; i < 400; i++) print "" }'
} >input
finds long-file src/core/a.c 401 '401 lines' <input

# long COMMENT N: a function of N lines.
long() {
    printf '/* a */\n\n%s\nint f(int a,\n      int b)\n{\n' "$1"
    "$AWK" -v n="$2" 'BEGIN { for (i = 4; i < n; i++) print "    a++;"; print "}" }'
}
long '' 60 >input
finds nothing src/core/a.c 0 'a function of 60 lines' <input
long '' 61 >input
finds long-function src/core/a.c 4 'a function of 61 lines' <input
long '/* long: a table */' 61 >input
finds nothing src/core/a.c 0 'a function of 61 lines and its reason' <input
long '/* long: a table */
int g;
' 61 >input
finds long-function src/core/a.c 6 'a reason that belongs to something else' <input

done_testing
