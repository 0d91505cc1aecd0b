#!/bin/sh
# SPDX-License-Identifier: MIT
# Profiles recorded afresh by the programs that are here: what is read from them agrees with what
# the program itself prints. And what no recording holds: millions of levels, numbers that are too
# large.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
formats=$srcdir/tests/data/formats

# total FILE OPTION...: the sum of its weights
total() {
    collapse -q "$@" | "$AWK" '{ sum += $NF } END { printf "%.0f\n", sum }'
}

# ---- VTune: inferno has printed the references in milliseconds ----

# shellcheck disable=SC2317
in_milliseconds() {
    collapse -q "$@" | "$AWK" '{
        ms = int($NF / 1000000 + 0.5)
        sub(/ [0-9]+$/, "")
        if (ms > 0)
            print $0 " " ms
    }' | sort
}
sort "$formats/vtune/vtune.ms" >want
in_milliseconds "$formats/vtune/vtune.csv" >got
check 'VTune: as inferno, to the millisecond' diff want got
sort "$formats/vtune/vtune.no-modules.ms" >want
in_milliseconds --no-modules "$formats/vtune/vtune.csv" >got
check 'VTune: --no-modules' diff want got
check 'VTune: the sum of the column' [ "$(total "$formats/vtune/vtune.csv")" = 168572000 ]
collapse -q --no-modules "$formats/dtrace/traps.txt" >got
# shellcheck disable=SC2016
check 'DTrace: --no-modules' sh -c '! grep -q "\`" got'

# ---- valgrind ----

if have valgrind && have ms_print && have cc; then
    cat >heap.c <<'C'
#include <stdlib.h>
#include <string.h>
static char *take(size_t n) { return memset(malloc(n), 1, n); }
static void fill(int n) { for (int i = 0; i < n; i++) take(100 + (size_t)i); }
static void work(int n) { if (n > 0) work(n - 1); else fill(50); }
int main(void) { char *a = take(5000); work(3); fill(20); free(a); return 0; }
C
    cc -g -O0 -o heap heap.c
    valgrind -q --tool=massif --massif-out-file=heap.massif ./heap
    # The line of ms_print's table for the snapshot that it calls the peak: n, time, total, useful.
    ms_print heap.massif >table
    peak=$(sed -n 's/.*[ [,]\([0-9]*\) (peak).*/\1/p' table)
    want=$("$AWK" -v peak="$peak" '$1 == peak && NF == 6 { gsub(",", ""); print $4 }' table)
    check 'massif: the useful bytes of the peak' [ "$(total heap.massif)" = "$want" ]
    collapse -q heap.massif >got
    check 'massif: who allocates' grep -q '^main;work;work;work;work;fill;take [0-9]*$' got
    valgrind --tool=dhat --dhat-out-file=heap.dhat ./heap 2>told
    for value in total:Total peak:t-gmax end:t-end; do
        want=$(sed -n "s/.* ${value#*:}: *\([0-9,]*\) bytes.*/\1/p" told | tr -d ,)
        check "DHAT: ${value%:*} bytes" \
            [ "$(total --sample-index "${value%:*}" heap.dhat)" = "$want" ]
    done
    want=$(sed -n 's/.* Total: .* bytes in \([0-9,]*\) blocks.*/\1/p' told | tr -d ,)
    check 'DHAT: blocks' [ "$(total --sample-index blocks heap.dhat)" = "$want" ]
else
    skip 'massif and DHAT' 'valgrind, ms_print or cc is missing'
fi

# ---- R ----

if have Rscript; then
    cat >spin.R <<'R'
options(keep.source = TRUE)
writeLines(c('fib <- function(n) if (n < 2) n else fib(n - 1) + fib(n - 2)',
             'spin <- function(n) for (i in 1:n) {',
             '  fib(18)',
             '  sort(sapply(1:9999, sin))',
             '}'), 'shop.R')
source('shop.R', keep.source = TRUE)
Rprof('plain.out', interval = 0.01); spin(6); Rprof(NULL)
Rprof('all.out', interval = 0.01, memory.profiling = TRUE, gc.profiling = TRUE,
      line.profiling = TRUE); spin(6); Rprof(NULL)
for (name in c('plain.out', 'all.out')) {
    s <- summaryRprof(name)
    self <- s$by.self
    cat(name, sprintf('%.0f', 1e6 * s$sampling.time), '\n', file = 'times', append = TRUE)
    cat(sprintf('%s %.0f\n', gsub('"', '', rownames(self)), 1e6 * self$self.time), sep = '',
        file = paste0(name, '.self'))
}
R
    Rscript spin.R >log 2>&1 || cat log
    for name in plain all; do
        want=$(sed -n "s/^$name.out \([0-9]*\).*/\1/p" times)
        check "Rprof, $name: the sampling time of summaryRprof" \
            [ "$(total --sample-index time $name.out)" = "$want" ]
        collapse -q --sample-index time $name.out |
            "$AWK" '{ n = split($0, part, "[; ]"); self[part[n - 1]] += part[n] }
                END { for (name in self) print name " " self[name] }' | sort >got
        sort "$name.out.self" >want
        check "Rprof, $name: the time of each function itself" diff want got
    done
    collapse -q --lines all.out >got
    check 'Rprof: lines' grep -q 'spin:shop.R:[34];' got
else
    skip 'Rprof' 'Rscript is missing'
fi

# ---- PHP ----

cat >shop.php <<'PHP'
<?php
function fib($n) { return $n < 2 ? $n : fib($n - 1) + fib($n - 2); }
function fill() { $a = []; for ($i = 0; $i < 50; $i++) $a[] = md5("x$i"); sort($a); return $a; }
class Shop { static function spin() { fib(6); fill(); usleep(2000); } }
Shop::spin();
PHP
if have php && php -m | grep -qi xdebug; then
    php -d xdebug.mode=trace -d xdebug.start_with_request=yes -d xdebug.trace_format=1 \
        -d xdebug.output_dir="$work" -d xdebug.trace_output_name=shop -d xdebug.use_compression=0 \
        shop.php
    want=$("$AWK" -F '\t' '$3 == "0" && !start { start = $4 } $3 == "1" { end = $4 }
        END { printf "%.0f\n", (end - start) * 1000000 }' shop.xt)
    check 'Xdebug: the time of {main}' [ "$(total shop.xt)" = "$want" ]
    want=$("$AWK" -F '\t' '$3 == "0"' shop.xt | wc -l)
    check 'Xdebug: calls' [ "$(total --sample-index calls shop.xt)" = "$((want))" ]
    collapse -q shop.xt >got
    check 'Xdebug: a method and what it calls' grep -q '^{main};Shop::spin;usleep [0-9]*$' got
    php -d xdebug.mode=trace -d xdebug.start_with_request=yes -d xdebug.trace_format=0 \
        -d xdebug.output_dir="$work" -d xdebug.trace_output_name=people \
        -d xdebug.use_compression=0 shop.php
    check 'Xdebug: a trace for people is named' sh -c \
        'collapse people.xt 2>&1 | grep "a readable trace of Xdebug; .*trace_format=1"'
else
    skip 'Xdebug' 'php or php-xdebug is missing'
fi

# ---- Ruby ----

if have ruby && have stackprof; then
    cat >shop.rb <<'RUBY'
require 'stackprof'
def fib(n) n < 2 ? n : fib(n - 1) + fib(n - 2) end
def fill() (1..20000).map { |i| "x#{i}" }.sort_by(&:reverse) end
%i[cpu wall object].each do |mode|
  StackProf.run(mode: mode, raw: true, interval: mode == :object ? 100 : 1000,
                out: "#{mode}.dump") { fib(18); fill }
end
StackProf.run(mode: :cpu, interval: 1000, out: 'bare.dump') { fib(18); fill }
RUBY
    ruby shop.rb
    for mode in cpu wall object bare; do
        stackprof --json $mode.dump >$mode.json
    done
    for mode in cpu wall object; do
        stackprof --stackcollapse $mode.dump |
            "$AWK" '{ n = $NF; sub(/ [0-9]+$/, ""); sum[$0] += n }
                END { for (s in sum) print s " " sum[s] }' | sort >want
        collapse -q $mode.json | sort >got
        check "stackprof, $mode: as stackprof --stackcollapse" diff want got
    done
    check 'stackprof without raw: what to do' sh -c \
        'collapse bare.json 2>&1 | grep "StackProf.run(raw: true)"'
    check 'a dump of stackprof is named' sh -c \
        'collapse cpu.dump 2>&1 | grep "a dump of stackprof; .*--stackcollapse"'
else
    skip 'stackprof' 'ruby or stackprof is missing'
fi

# ---- cut short ----

printf '%s' '{"mode":"cpu","interval":1000,"gc_samples":0,"missed_samples":0,' \
    '"frames":{"7":{"name":"main"},"8":{"name":"fill"}},"raw":[2,7,8,1,2,7' >cut.json
check 'stackprof, cut in its stacks: those before count' sh -c \
    '[ "$(collapse cut.json 2>err)" = "main;fill 1" ] && grep "ends too early" err'

# ---- a million levels ----

# survives TITLE OPTION...: an answer within a minute, on 256 MB.
survives() {
    title=$1
    shift
    status=0
    timeout 60 collapse --max-memory 256M "$@" >got 2>err || status=$?
    [ "$status" -le 1 ] && [ -s err ]
    ok $? "$title" err
}

"$AWK" 'BEGIN {
    print "Level,Function Name,Number of Calls,"
    for (i = 0; i < 1000000; i++)
        print i ",f,1,"
}' >deep.csv
survives 'Visual Studio: a million levels' deep.csv
check 'and no call is lost' [ "$(total deep.csv)" = 1000000 ]
"$AWK" 'BEGIN {
    print "File format: 4\nTRACE START [x]"
    for (i = 1; i <= 1000000; i++)
        printf "%d\t%d\t0\t0.%09d\t1\tf\n", i, i, i
}' >deep.xt
survives 'Xdebug: a million levels' deep.xt
for name in stackprof ghc dhat; do
    case $name in
    stackprof) head='{"missed_samples":0,"gc_samples":0,"frames":[' level='[' ;;
    ghc) head='{"rts_arguments":[],"total_ticks":1,"profile":' level='{"ticks":1,"children":[' ;;
    dhat) head='{"dhatFileVersion":2,"pps":' level='[{"fs":' ;;
    esac
    "$AWK" -v head="$head" -v level="$level" 'BEGIN {
        printf "%s", head
        for (i = 0; i < 1000000; i++)
            printf "%s", level
    }' >deep.json
    survives "$name: a million levels" deep.json
done
done_testing
