#!/bin/sh
# Which shared libraries are loaded, and when: few at each start, those that unpack only for input
# that is packed, with a message when they are not there.
. "${srcdir:-.}/tests/lib/tap.sh"

if [ "${sanitizers:-no}" = no ]; then
    # loaded INPUT: the shared objects that the dynamic loader of glibc says it loads.
    loaded() {
        LD_DEBUG=files "$builddir/flamegraph" "$1" 2>&1 >/dev/null |
            sed -n 's/.*file=\([^ ]*\) .*generating link map/\1/p'
    }
else
    loaded() {
        :
    }
fi

# not_loaded NAME: it is not in the list. loads NAME: it is.
not_loaded() {
    ! grep "^$1" "$work/objects" >"$work/found"
}
loads() {
    grep "^$1" "$work/objects" >"$work/found"
}

echo 'a;b 100' >"$work/plain"
loaded "$work/plain" >"$work/objects"
if [ -s "$work/objects" ]; then
    # The loader is one more.
    [ "$(wc -l <"$work/objects")" -le 4 ]
    ok $? 'flamegraph loads at most five shared objects to draw an SVG' "$work/objects"
    for name in libz libzstd liblzma; do
        not_loaded $name
        ok $? "$name is not one of them" "$work/found"
    done
else
    skip 'what flamegraph loads' 'the loader does not tell (LD_DEBUG), or sanitizers are in the way'
fi

# packed FEATURE TOOL LIBRARY: loaded for what TOOL makes; without it, a message.
packed() {
    if ! has "$1" || ! have "$2"; then
        skip "$2" "$2 is missing, or the build is without $1"
        return
    fi
    "$2" -c <"$work/plain" >"$work/packed"
    loaded "$work/packed" >"$work/objects"
    if [ -s "$work/objects" ]; then
        loads "$3"
        ok $? "$3 is loaded for input packed by $2" "$work/objects"
    fi
    # What the loader finds first under that name is no library.
    mkdir "$work/$2"
    : >"$work/$2/$3"
    LD_LIBRARY_PATH=$work/$2 "$builddir/flamegraph" "$work/packed" >"$work/out" 2>"$work/err"
    [ $? -eq 1 ] && grep -q "packed with $2, and $3 cannot be loaded: install it, or" "$work/err"
    ok $? "a message when $3 is not there" "$work/err"
}
packed zlib gzip libz.so.1
packed zstd zstd libzstd.so.1
packed lzma xz liblzma.so.5

done_testing
