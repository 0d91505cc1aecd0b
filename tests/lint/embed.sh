#!/bin/sh
# SPDX-License-Identifier: MIT
# The scripts of the build that turn templates/ into arrays: what is dropped, what is kept.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$work" || exit 1
mkdir -p templates/viewer

cat >templates/script.js <<'END'
// a comment
    /* and
     * another
     */
const b = "// no comment"; // kept
    const re = /\/\*/;
function f() {}

    /* one line */
const c = a / 2 + `x  ${ {k: 1}.k  + `( ${ b } )` } ,  y` - -d,
      e = /[/ ] +'/.test (b), f = d++ + +e;
    const q = a
      / b, r = 1;
    if (a < !--f && g[h[0]] > 1) return / , /;
    const two = `a ,
      b` in  c, three = 1 .x, four = "\" , " ;
END
cat >templates/viewer/a.js <<'END'
// The lowest module.
export const {max, min} = Math;
const hidden = 1;

export function a() {
  return hidden;
}
END
cat >templates/viewer/b.js <<'END'
import {
  a, max,
} from './a.js';

export const b = {a};
export function* steps() {
}
export class C {}
b.c = max(a(), 0);
END
cat >templates/viewer/start.js <<'END'
import {b} from './b.js';

b.c++;
END
cat >templates/viewer/viewer.js <<'END'
import {b, steps} from './b.js';
import {min} from './a.js';

min(b.c, 0);
END
cat >templates/viewer/viewer-differential.js <<'END'
import {C} from './b.js';
import {d} from './d.js';

new C(d);
END
echo 'export const d = 1;' >templates/viewer/d.js
printf '\000\377é"\\\n' >templates/bytes.svg
printf '  /* x */\n  a { b: c }\n' >templates/style.css

cat >want <<'END'
const b="// no comment";const re=/\/\*/;function f(){}
const c=a/2+`x  ${{k:1}.k+`( ${b} )`} ,  y`- -d,e=/[/ ] +'/.test(b),f=d++ + +e;const q=a
/b,r=1;if(a< !--f&&g[h[0]] >1)return/ , /;const two=`a ,
b`in c,three=1 .x,four="\" , ";
END
sh "$srcdir/build-aux/strip-js.sh" templates/script.js >got
check 'comments, indentation and blanks beside punctuation are dropped' diff want got
echo 'x = a[b[c]] > d;' >angle.js
sh "$srcdir/build-aux/strip-js.sh" angle.js >got
check 'no ]]> comes into being' sh -c '! grep -q "\]\]>" got'
printf '  a + b : c\n' >style.css
sh "$srcdir/build-aux/strip-js.sh" style.css >got
check 'a style sheet keeps its blanks' grep -qx 'a + b : c' got

# The modules of the viewer, token by token. Node has a parser for its own use.
cat >tokens.cjs <<'END'
const {tokenizer} = require('internal/deps/acorn/acorn/dist/acorn');
const fs = require('fs');
const tokens = text => Array.from(tokenizer(text, {ecmaVersion: 'latest', sourceType: 'module'}),
  ({type, value}) => [type.label, value?.pattern ?? value?.trimStart?.() ?? value]);
const [a, b] = process.argv.slice(2)
  .map(name => JSON.stringify(tokens(fs.readFileSync(name, 'utf8'))));
process.exitCode = +(a !== b);
END
if "${NODE:-node}" --expose-internals tokens.cjs tokens.cjs tokens.cjs 2>/dev/null; then
    for module in "$srcdir"/templates/viewer/*.js; do
        sh "$srcdir/build-aux/strip-js.sh" "$module" >stripped.js
        "${NODE:-node}" --expose-internals tokens.cjs "$module" stripped.js 2>&1 ||
            echo "$module" >&2
    done >breaches 2>&1
    ok "$(wc -l <breaches)" 'the modules of the viewer keep their tokens' breaches
    printf 'x(a - -b);\n' >one.js
    printf 'x(a-b);\n' >other.js
    "${NODE:-node}" --expose-internals tokens.cjs one.js other.js
    ok "$(($? == 0))" 'other tokens are found'
else
    skip 'the modules of the viewer keep their tokens' 'node with a parser is missing'
fi

echo '/* no end' >open.js
sh "$srcdir/build-aux/strip-js.sh" open.js >got 2>err
ok "$(($? == 0))" 'a comment without an end is an error' err

cat >start <<'END'
const{max,min}=Math;const hidden=1;function a(){return hidden;}
const b={a};function*steps(){}
class C{}
b.c=max(a(),0);b.c++;
END
sh "$srcdir/build-aux/join-modules.sh" templates/viewer/start.js >got
check 'modules are joined, those that are imported first, each once' diff start got
echo 'min(b.c,0);' >single
sh "$srcdir/build-aux/join-modules.sh" templates/viewer/viewer.js templates/viewer/start.js >got
check 'without those of a base' diff single got
echo 'const d=1;new C(d);' >both
sh "$srcdir/build-aux/join-modules.sh" templates/viewer/viewer-differential.js \
    templates/viewer/start.js >got
check 'with those of the entry alone' diff both got

# refused TITLE TEXT : a module with this text.
refused() {
    printf '%s\n' "$2" >templates/viewer/bad.js
    sh "$srcdir/build-aux/join-modules.sh" templates/viewer/bad.js >got 2>err
    ok "$(($? == 0))" "$1 is an error" err
}
refused 'an import of what is not exported' "import {hidden} from './a.js';"
refused 'an import of a module that is missing' "import {x} from './x.js';"
refused 'an import under another name' "import {a as b} from './a.js';"
refused 'an import of all' "import * as a from './a.js';"
refused 'an export as default' 'export default 1;'
refused 'a list of exports' 'const x = 1; export {x};
export {x};'
refused 'a name of two modules' "import {b} from './b.js';
const hidden = 2;"
refused 'a module that imports itself' "import {x} from './bad.js';
export const x = 1;"
rm templates/viewer/bad.js

sh "$srcdir/build-aux/embed.sh" templates templates/bytes.svg templates/style.css \
    templates/viewer/*.js >template_data.c
ok $? 'embed.sh runs'
cat >list.c <<'END'
#include <stdio.h>
#include "output/markup.h"
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
    printf 'start.js %d 0\n' "$(wc -c <start)"
    cat start
    printf 'style.css 11 0\na { b: c }\n'
    printf 'viewer-differential.js %d 0\n' "$(wc -c <both)"
    cat both
    printf 'viewer.js %d 0\n' "$(wc -c <single)"
    cat single
} >listing
# shellcheck disable=SC2086 # CC may hold options
check 'its output compiles' ${CC:-cc} -Wall -Wextra -Werror -I"$srcdir/src" list.c template_data.c \
    -o list
./list >got
check 'and gives the same bytes' cmp listing got

done_testing
