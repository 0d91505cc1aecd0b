#!/bin/sh
# SPDX-License-Identifier: MIT
# collapse --inline gives the frames that addr2line -i -f gives, for each instruction of a
# program of inlined functions; what cannot be looked into keeps its symbols and is named once.
. "${srcdir:-.}/tests/lib/tap.sh"
if ! has libdw; then
    printf 'a 1 1.0: c:\n\t4a1f f (/x)\n' | "$builddir/collapse" --inline >"$work/got" 2>&1
    status=$?
    echo 'collapse: --inline needs libdw, and this build has none (--without-libdw)' |
        diff - "$work/got" >"$work/differs" && test $status -eq 1
    ok $? 'a build without libdw says so' "$work/differs"
    done_testing
fi
CXX=${CXX:-g++}
for tool in "$CXX" objdump addr2line c++filt strip timeout; do
    have "$tool" || skip_all "$tool is missing"
done
cd "$work" || exit 1

cat >shape.h <<'END'
#pragma once
namespace shape {
struct Box {
    long w, h;
    long area() const { return w * h; }
    long twice() const { return area() + area(); }
};
template <typename T> inline T clamp(T value, T most)
{
    return value < most ? value : most;
}
}
END
cat >main.cc <<'END'
#include "shape.h"
volatile long sink;
namespace demo {
inline long square(long x) { return x * x; }
inline long sum(const long *p, long n)
{
    long s = 0;
    for (long i = 0; i < n; i++)
        s += square(p[i]);
    return s;
}
}
struct Counter {
    long n;
    void operator+=(long by) { n += shape::clamp(by, 1000L); }
};
inline void deep3(long x) { sink = sink + demo::square(x); }
inline void deep2(long x) { deep3(x + 1); deep3(x + 2); }
inline void deep1(long x) { if (x & 1) deep2(x); }
__attribute__((noinline)) long work(const long *p, long n)
{
    Counter c = {0};
    for (long i = 0; i < n; i++) {
        c += demo::sum(p, i);
        deep1(i);
    }
    return c.n;
}
extern "C" __attribute__((noinline)) long plain_c(shape::Box *b) { return b->twice() / b->h; }
int main(int argc, char **)
{
    long p[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    shape::Box b = {argc, argc + 1L};
    return (int)(work(p, 8) + plain_c(&b));
}
END

# text FILE ADDRESS...: a sample at each address, as perf script prints it.
text() {
    while read -r address; do
        printf 'app 1 1.0: c: \n\t%s plain+0x1 (%s)\n\n' "$address" "$1"
    done
}

# wanted FORMAT FILE <addresses: what addr2line says, folded; `plain` where it does not know.
# It prints the innermost function first, two lines each, after a line with the address. Names are
# those of c++filt -p: no parameters, and no return types of templates.
wanted() {
    addr2line -a -i -f -s -e "$2" | c++filt -p |
        sed 's/ (discriminator [0-9]*)//' | "$AWK" -v with="$1" '
    function finish() { if (stack != "") print "app;" (known ? stack : "plain") }
    /^0x/ { finish(); stack = ""; known = 1; odd = 0; next }
    { odd = !odd }
    odd { name = $0; next }
    {
        if ($0 ~ /^(\?\?|crtstuff\.c|):/) known = 0
        sub(/\(.*/, "", name) # the argument list
        frame = name (with == "context" ? ":" $0 : "")
        stack = frame (stack == "" ? "" : ";" stack)
    }
    END { finish() }' | sort | uniq -c |
        sed 's/^ *\([0-9]*\) \(.*\)/\2 \1/' | sort
}

# same FILE: every instruction, without and with places. What fills the gaps between functions is
# never run; addr2line puts it into the one before.
same() {
    objdump -d --no-show-raw-insn "$1" | grep -v 'nop\|xchg *%ax,%ax' |
        sed -n 's/^ *\([0-9a-f]*\):\t.*/\1/p' >addresses
    text "$work/$1" <addresses >"$1.perf"
    for kind in names context; do
        case $kind in names) set -- "$1" ;; *) set -- "$1" --context ;; esac
        wanted $kind "$1" <addresses >want
        "$builddir/collapse" -q --inline ${2+"$2"} "$1.perf" | sort >got
        diff want got >differs
        ok $? "$1: $kind of $(wc -l <addresses) instructions are those of addr2line" differs
        [ "$(grep -c ';.*;.*;' want)" -gt 0 ] || ok 1 "$1: no inlined function to compare"
    done
}

"$CXX" -O2 -g -o pie main.cc >log 2>&1 || skip_all "$CXX builds no program here"
same pie
if "$CXX" -O2 -g -no-pie -o fixed main.cc >log 2>&1; then
    same fixed
else
    skip 'a program at a fixed address' "$CXX cannot build one"
fi
if "$CXX" -O2 -g -shared -fPIC -o lib.so main.cc >log 2>&1; then
    same lib.so
else
    skip 'a shared library' "$CXX cannot build one"
fi

# Packed debug information of several units, which is read as far as it is needed; without the table
# that says where the units are, as clang makes it; and damaged.
cat >first.cc <<'END'
#include <map>
#include <string>
std::map<std::string, long> names;
long first(const char *name) { return names[name]++; }
END
cat >last.cc <<'END'
#include <algorithm>
#include <string>
#include <vector>
std::vector<std::string> texts;
void last(const char *text) { texts.push_back(text); std::sort(texts.begin(), texts.end()); }
END
# inlined FILE: what --inline makes of all instructions of the program, told that they are of FILE.
inlined() {
    text "$work/$1" <addresses >"$1.perf"
    "$builddir/collapse" -q --inline "$1.perf"
    "$builddir/collapse" -q --inline --context "$1.perf"
}
if "$CXX" -O2 -g -o units first.cc main.cc last.cc >log 2>&1; then
    objdump -d --no-show-raw-insn units | sed -n 's/^ *\([0-9a-f]*\):\t.*/\1/p' >addresses
    inlined units >want
    ok "$(($(grep -c ';.*;.*;' want) < 200))" 'a program of three units: inlined functions'
else
    skip 'a program of three units' "$CXX cannot build one"
fi
for way in --compress-debug-sections=zlib --compress-debug-sections=zstd \
    --remove-section=.debug_aranges '--compress-debug-sections=zlib -R .debug_aranges'; do
    if [ -f want ] && objcopy $way units other >log 2>&1; then
        inlined other | diff want - >differs
        ok $? "objcopy $way: the same" differs
    else
        skip "objcopy $way" 'objcopy cannot do it'
    fi
done
if [ -f want ] && objcopy --compress-debug-sections=zlib units whole >log 2>&1; then
    place=$((0x$(objdump -h whole | "$AWK" '$2 == ".debug_info" { print $6 }') + 20000))
    head -c $place whole >damaged
    head -c 1000 /dev/zero >>damaged
    tail -c +$((place + 1001)) whole >>damaged
    inlined damaged >got
    check 'damaged debug information: the functions before the damage, and all samples' \
        "$AWK" -v all="$(wc -l <addresses)" \
        '/;.*;.*;/ { some = 1 } { n += $NF } END { exit !some || n != 2 * all }' got
else
    skip 'damaged debug information' 'objcopy cannot pack it'
fi

# .debug_info that claims to be packed and to have no bytes, and a name of old packed sections.
echo "int main() { return 0; }" >tiny.cc
if have python3 && "$CXX" -g -o tiny tiny.cc >log 2>&1 &&
    objcopy --compress-debug-sections=zlib --rename-section .comment=.zdebug_info tiny odd \
        2>log; then
    python3 - odd .debug_info 8 <<'END'
import struct, sys
path, wanted, kind = sys.argv[1], sys.argv[2].encode(), int(sys.argv[3])
data = bytearray(open(path, "rb").read())
start, = struct.unpack_from("<Q", data, 0x28)
size, count, names = struct.unpack_from("<HHH", data, 0x3a)
text, = struct.unpack_from("<Q", data, start + names * size + 0x18)
for at in range(start, start + count * size, size):
    name, = struct.unpack_from("<I", data, at)
    if data[text + name:].startswith(wanted + b"\0"):
        struct.pack_into("<I", data, at + 4, kind)
open(path, "wb").write(data)
END
    nm tiny | sed -n 's/^0*\([0-9a-f]*\) T main$/\1/p' | text "$work/odd" >odd.perf
    check 'debug information without bytes: no function is inlined' sh -c \
        '"$0" -q --inline odd.perf | grep -qx "app;plain 1"' "$builddir/collapse"
else
    skip 'debug information without bytes' 'it cannot be made'
fi

# fallback FILE WHY: plain symbols, and FILE named once.
fallback() {
    head -n 6 pie.perf | sed "s|$work/pie|$work/$1|" >"$1.perf"
    timeout 60 "$builddir/collapse" --inline "$1.perf" >got 2>told
    echo 'app;plain 2' | diff - got >differs
    ok $? "$1: the symbols stay" differs
    sed "s|$work|...|" told >got
    echo "collapse: no inlined functions from .../$1: $2" | diff - got >differs
    ok $? "$1: named once in the summary" differs
}

strip -o stripped pie
head -c 3000 pie >truncated
fallback missing 'the file does not exist or cannot be read'
fallback stripped \
    'it has no debug information (build with -g or install its -dbgsym package)'
fallback truncated 'it is not a complete ELF file'
mkfifo waits
mkdir folder
ln -s /dev/zero device
for file in waits folder device; do
    fallback $file 'it is not a regular file'
done

# Debug information in a file of its own: FILE.debug, named in .gnu_debuglink.
if have objcopy && "$CXX" -O2 -g -Wl,--build-id=none -o noid main.cc >log 2>&1 &&
    "$CXX" -O2 -g -Wl,--build-id -o withid main.cc >log 2>&1; then
    # split FROM DIRECTORY: DIRECTORY/app, and DIRECTORY/app.debug that belongs to it.
    split() {
        mkdir -p "$2"
        objcopy --only-keep-debug "$1" "$2/app.debug"
        (cd "$2" && objcopy --strip-all --add-gnu-debuglink=app.debug "../$1" app)
    }
    # frames FILE: what --inline makes of the instructions in pie.perf, told that they are of FILE.
    frames() {
        sed "s|$work/pie|$work/$1|" pie.perf | timeout 60 "$builddir/collapse" -q --inline
    }
    for id in noid withid; do
        objdump -d --no-show-raw-insn $id | sed -n 's/^ *\([0-9a-f]*\):\t.*/\1/p' |
            text "$work/pie" >pie.perf
        frames $id >want
        ok "$(($(grep -c ';.*;.*;' want) == 0))" "$id: inlined functions"
        split $id $id.beside
        split $id $id.below
        mkdir $id.below/.debug
        mv $id.below/app.debug $id.below/.debug/
        mkdir $id.linked
        ln -s ../$id.below/app $id.linked/app
        for place in beside below linked; do
            frames $id.$place/app | diff want - >differs
            ok $? "$id: the debug file is found, $place" differs
        done
        split $id $id.other
        sed 's/work/toil/' main.cc >other.cc
        "$CXX" -O2 -g -Wl,--build-id -o other other.cc
        objcopy --only-keep-debug other $id.other/app.debug
        split $id $id.pipe
        rm $id.pipe/app.debug
        mkfifo $id.pipe/app.debug
        for place in other pipe; do
            frames $id.$place/app >got
            echo "app;plain $(grep -c '^app' pie.perf)" | diff - got >differs
            ok $? "$id: a debug file that is another one ($place) is not used" differs
        done
    done
else
    skip 'debug files' 'objcopy is missing, or no build id can be made'
fi

# Thousands of modules that are not there: some are named, the others counted.
"$AWK" 'BEGIN {
    for (i = 0; i < 3000; i++) printf "a 1 1.0: c:\n\t4a1f f (/nowhere/%d)\n\n", i
}' >many.perf
"$builddir/collapse" --inline many.perf 2>told >got
[ "$(cat got)" = 'a;f 3000' ] && [ "$(grep -c '/nowhere/' told)" = 100 ] &&
    grep -q '^collapse: no inlined functions from 2900 other modules$' told
ok $? 'of 3,000 modules that are not there 100 are named' told

# Frames that were added are marked under --all alone; modules without a file are left alone.
deepest=$(addr2line -a -i -f -e pie <addresses | "$AWK" '/^0x/ { a = substr($0, 3); n = 0; next }
    { n++ } n == 10 { sub(/^0+/, "", a); print a; exit }')
echo "$deepest" | text "$work/pie" >one.perf
for option in --all --kernel --jit; do
    "$builddir/collapse" -q --inline $option one.perf | tr ';' '\n' | sed 1d |
        grep -c '_\[i\]' >"got$option"
done
check 'four functions were added: _[i] for four frames under --all' grep -qx 4 got--all
check 'and for none under --kernel' grep -qx 0 got--kernel
check 'or --jit' grep -qx 0 got--jit

cat >alone.perf <<'END'
app 1 1.0: c:
	1139 an (//anon)
	1139 js (/tmp/perf-1.map)
	1139 v ([vdso])
	ffffffff81001139 k ([kernel.kallsyms])
	ffffffff81001139 l (/usr/lib/debug/boot/vmlinux-6.1.0)
END
"$builddir/collapse" --inline alone.perf >got 2>&1
echo 'app;l;k;v;js;an 1' | diff - got >differs
ok $? 'perf maps, the kernel, names in brackets and //anon are left alone, without a word' differs

done_testing
