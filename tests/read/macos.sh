#!/bin/sh
# SPDX-License-Identifier: MIT
# Profiles of macOS: what the references of other programs do not say.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
formats=$srcdir/tests/data/formats

# ---- Instruments ----

# speedscope drops the decimals of weights, and does not look at the column of own weights: with the
# same left out of the input, all is as it says.
for name in cycles bytes; do
    sed -e '1s/Self Weight/Other/' -e 's/^\( *[0-9]*\)\.[0-9]*/\1/' \
        "$formats/instruments/$name.txt" >whole.txt
    collapse -q whole.txt | sort >got
    sort "$formats/instruments/speedscope-of-$name.folded" >want
    check "instruments: $name.txt without decimals, as speedscope reads it" diff want got
done
collapse -q "$formats/instruments/bytes.txt" >got
"$AWK" '{ sum += $NF } END { exit sum < 429.92 * 1048576 || sum > 429.94 * 1048576 }' got
check 'instruments: the sum of bytes is that of the outermost line' [ $? -eq 0 ]
collapse "$formats/instruments/traps.txt" 2>&1 >/dev/null | grep -q 'ignored 1 line.*first: line 8'
check 'instruments: an unknown unit is told' [ $? -eq 0 ]
printf 'Weight\tSelf Weight\t\tSymbol Name\n99999999999999999999.0 s 1%%\t-\t \tf\n' >huge.txt
collapse huge.txt 2>&1 | grep -q 'ignored 1 line: no line of a call tree (first: line 2)'
check 'instruments: a number beyond 2^63 is told' [ $? -eq 0 ]

# ---- sample ----

sample=$formats/sample/traps.txt
collapse -q --idle --addrs --no-modules --no-comm "$sample" >got
check 'sample: all options of frames' grep -qx 'start;main;\[app <1012ab>\] 3' got
collapse "$sample" 2>&1 >/dev/null | grep -q 'left out 11.8 % of the weight: idle'
check 'sample: a thread that waits is idle, a function of that name is not' [ $? -eq 0 ]
collapse -q --tag-root queue "$sample" | grep -q '^com.apple.main-thread;Thread_1: Main Thread;'
check 'sample: the queue is a label' [ $? -eq 0 ]
sed '/^Total number/,$d; /mach_msg2/,$d' "$sample" >cut.txt
collapse cut.txt 2>&1 >got | grep -q 'the call graph has no end'
check 'sample: a cut is told' [ $? -eq 0 ]
cat "$sample" "$sample" >two.txt
collapse -q two.txt | grep -q 'app`read 18$'
check 'sample: one after another' [ $? -eq 0 ]
sed 's/^    30 /    99999999999999999999 /' "$sample" | collapse 2>&1 >/dev/null |
    grep -q 'line 8: its number is too large'
check 'sample: a number beyond 2^64 is an error with its place' [ $? -eq 0 ]
# ---- xctrace ----

xml=$formats/xctrace/traps.xml
collapse -q --lines --tag-root thread,process,state "$xml" >got
check 'xctrace: labels and lines' \
    grep -qxF 'Main <1>;app (7);Running;it > "them";std::vec<int, a::b<cd>>&:a b.cc:12 1000000' got
cat "$xml" "$xml" >two.xml
collapse -q two.xml | grep -q '^<T as X>::go;0x18d3df0f1;.unknown. 2000000$'
check 'xctrace: one after another, each with its own ids' [ $? -eq 0 ]
sed 's/<weight ref="7"/<weight ref="99"/' "$xml" | collapse 2>&1 >/dev/null |
    grep -q 'ignored 4 records: an element that is not there is named'
check 'xctrace: an id that is not there is told' [ $? -eq 0 ]
sed 's/>1000000</>10000000000000000000</' "$xml" | collapse 2>&1 >/dev/null |
    grep -q 'a weight that is too large'
check 'xctrace: a weight beyond 2^63 is told' [ $? -eq 0 ]
head -c 1200 "$xml" >cut.xml
collapse cut.xml >got 2>err
check 'xctrace: rows before a cut are read' grep -q '^it > "them";.* 3000000$' got
check 'xctrace: a cut is told' grep -q 'it is cut short (first at ' err
collapse "$formats/xctrace/bad-doctype.xml" 2>&1 | grep -q 'byte 22: it has a document type'
check 'xctrace: a document type is refused' [ $? -eq 0 ]
{ printf '<trace-query-result>'; "$AWK" 'BEGIN { for (i = 0; i < 1000000; i++) print "<row>" }'; } \
    >deep.xml
collapse deep.xml 2>&1 | grep -q 'table of xctrace, byte 6000020: it is cut short'
check 'xctrace: elements that nest a million deep' [ $? -eq 0 ]
{
    printf '<trace-query-result><row a="'
    "$AWK" 'BEGIN { for (i = 0; i < 400000; i++) print "long" }'
} >long.xml
collapse --max-memory 1500K long.xml 2>&1 | grep -q 'the limit of .* of memory is reached'
check 'xctrace: memory has its limit' [ $? -eq 0 ]

done_testing
