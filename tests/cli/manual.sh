#!/bin/sh
# SPDX-License-Identifier: MIT
# manual.sh: every command in doc/manual.md works. The blocks of shell are run line by line, in a
# directory that has the files they name. perf is a script that prints a recording.
# A line whose comment says "exit status N" ends with it; others end with 0. --tui needs a terminal.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
COMMIT=a1b2c3d
ROWS=632
export LC_ALL COMMIT ROWS
cd "$work" || exit 1
for feature in zlib lzma raster libdw; do
    has $feature || skip_all "built without $feature"
done
have xz || skip_all 'xz is missing'
have gzip || skip_all 'gzip is missing'

mkdir bin
cat >bin/perf <<END
#!/bin/sh
[ "\$1" = record ] || cat "$work/recording"
END
chmod +x bin/perf
PATH=$work/bin:$builddir:$PATH
export PATH

# ---- the files that the manual names ----
formats=$srcdir/tests/data/formats
xz -dc "$srcdir/examples/inputs/postgres-single.perf.xz" >recording
xz -dc "$srcdir/examples/inputs/postgres-batch.perf.xz" >after.perf
cp recording out.perf
cp recording before.perf
cp recording mon.perf
cp after.perf tue.perf
gzip -c recording >out.perf.gz
collapse -q --header recording >out.folded
collapse -q --header after.perf >after.folded
for name in before before.folded app.folded new.folded a1 a2 a3; do
    cp out.folded $name
done
for name in after b1 b2 b3; do
    cp after.folded $name
done
xz -dc "$srcdir/tests/data/perf-data/fp.data.xz" >perf.data
: >db7.kallsyms
# Stacks that say nothing about their unit.
for side in before after; do
    grep -v '^#' $side >$side.plain
done
cp "$formats/pprof/go-cpu.pb.gz" cpu.pb.gz
cp cpu.pb.gz old.pb.gz
cp "$formats/pprof/go-allocs.pb.gz" heap.pb.gz
cp "$formats/cpuprofile/node20.cpuprofile" app.cpuprofile
cp "$formats/folded/austin3-wall.austin" app.austin
cp "$formats/vtune/vtune.csv" vtune.csv
printf 'load;read 120\nload;parse 340\n' >spans.folded
printf 'caf\351;b 1\n' >old.folded
printf 'PortalRun\thref=https://example.org/\n' >links.txt
printf '.flametree .title { fill: #06c; }\n' >house.css
printf 'any > 200 %%  # of the run before\n' >perf.gates
mkdir window
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
    cp out.folded window/run$n.folded
done

# ---- run it ----
# shellcheck disable=SC2016 # no commands
sed -n '/^```sh$/,/^```$/p' "$srcdir/doc/manual.md" | grep -v '^```' >commands
check 'the manual has commands' [ -s commands ]
while IFS= read -r line; do
    case $line in '' | '#'* | *--tui*) continue ;; esac
    want=$(expr "$line" : '.*# exit status \([0-9]\)' || echo 0)
    sh -c "$line" >out 2>err </dev/null
    status=$?
    [ "$status" -eq "$want" ] || echo "exit status $status" >>err
    ok "$((status != want))" "$line" err
done <commands

# Every picture that came out is one.
if [ -n "${XMLLINT-}" ]; then
    check 'the pictures are well-formed' "$XMLLINT" --noout --huge ./*.svg
fi
done_testing
