#!/bin/sh
# SPDX-License-Identifier: MIT
# screens.sh: what flamegraph --tui shows, through tmux.
. "${srcdir:-.}/tests/lib/tap.sh"
has tui || skip_all 'this build is without the interactive view'
have tmux || skip_all 'tmux is missing'
cd "$work" || exit 1
unset TMUX
PATH=$builddir:$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL
printf 'main;parse;expr 300\nmain;parse 100\nmain;emit 350\nidle 250\n' >in.folded
mux() { tmux -L "flametree$$" -f /dev/null "$@"; }
trap 'mux kill-server 2>/dev/null; rm -rf "$work"' EXIT

screen() { mux capture-pane -p | sed 's/ *$//'; }

# shows TITLE KEY...: after these keys the screen becomes what standard input says.
shows() {
    title=$1
    shift
    cat >wanted
    for key; do
        mux send-keys "$key"
    done
    result=1
    tries=0
    while [ $tries -lt 300 ]; do
        screen >seen
        diff -u wanted seen >difference && result=0 && break
        sleep 0.1
        tries=$((tries + 1))
    done
    ok "$result" "$title" difference
}

mux new-session -d -x 60 -y 8 'NO_COLOR=1 flamegraph -q --tui in.folded; sleep 60' \; \
    set-option -s escape-time 0 || skip_all 'tmux cannot start'

shows 'the whole profile' <<'END'
1,000 samples

                                          [expr            ]
               [emit               ][parse                 ]
[idle         ][main                                       ]
[all                                                       ]
all  1,000 samples, 100.00 %, self 0 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'zoomed to main, its caller below' Up Enter <<'END'
1,000 samples

                                    [expr                  ]
[emit                      ][parse                         ]
[main                                                      ]
[all                                                       ]
main  750 samples, 75.00 %, self 0 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'a step back' Escape <<'END'
1,000 samples

                                          [expr            ]
               [emit               ][parse                 ]
[idle         ][main                                       ]
[all                                                       ]
all  1,000 samples, 100.00 %, self 0 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'a search: what matches has other edges' '/' e x p r Enter <<'END'
1,000 samples  search expr: 30.00 %

                                          {expr            }
               [emit               ][parse                 ]
[idle         ][main                                       ]
[all                                                       ]
all  1,000 samples, 100.00 %, self 0 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'the next match' n <<'END'
1,000 samples  search expr: 30.00 %

                                          [expr            ]
               [emit               ][parse                 ]
[idle         ][main                                       ]
[all                                                       ]
expr  300 samples, 30.00 %, self 300 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'callers and callees of parse' Down b <<'END'
400 samples  callers and callees of parse  search expr: 75.0


               {expr                                       }
[parse                                                     ]
[main                                                      ]
parse  400 samples, 100.00 %, self 100 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'back' Escape <<'END'
1,000 samples  search expr: 30.00 %

                                          {expr            }
               [emit               ][parse                 ]
[idle         ][main                                       ]
[all                                                       ]
all  1,000 samples, 100.00 %, self 0 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'the table has what matches the search' t <<'END'
1,000 samples  search expr: 30.00 %
        self         v         total            function
 300 samples   30.00 %   300 samples   30.00 %  expr




q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'all functions, when the search is over' t '/' Escape t <<'END'
1,000 samples
        self         v         total            function
 350 samples   35.00 %   350 samples   35.00 %  emit
 300 samples   30.00 %   300 samples   30.00 %  expr
 250 samples   25.00 %   250 samples   25.00 %  idle
 100 samples   10.00 %   400 samples   40.00 %  parse

q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'sorted by total' s <<'END'
1,000 samples
        self                   total         v  function
   0 samples    0.00 %   750 samples   75.00 %  main
 100 samples   10.00 %   400 samples   40.00 %  parse
 350 samples   35.00 %   350 samples   35.00 %  emit
 300 samples   30.00 %   300 samples   30.00 %  expr

q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'from the table to callers and callees' Down Enter <<'END'
400 samples  callers and callees of parse


               [expr                                       ]
[parse                                                     ]
[main                                                      ]
parse  400 samples, 100.00 %, self 100 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'reset, and remove idle' 0 Up Left x <<'END'
750 samples  1 cut

                                    [expr                  ]
[emit                      ][parse                         ]
[main                                                      ]
[all                                                       ]
all  750 samples, 100.00 %, self 0 samples
removed: idle (u: undo)
END

shows 'undone' u <<'END'
1,000 samples

                                          [expr            ]
               [emit               ][parse                 ]
[idle         ][main                                       ]
[all                                                       ]
all  1,000 samples, 100.00 %, self 0 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'keep stacks through parse' Up Up f <<'END'
400 samples  1 cut

               [expr                                       ]
[parse                                                     ]
[main                                                      ]
[all                                                       ]
all  400 samples, 100.00 %, self 0 samples
kept: parse (u: undo)
END

shows 'a cut that would leave nothing changes nothing' Up Enter x <<'END'
400 samples  1 cut

               [expr                                       ]
[parse                                                     ]
[main                                                      ]
[all                                                       ]
main  400 samples, 100.00 %, self 0 samples
nothing would be left
END

shows 'undone, and merged from the leaves' u r <<'END'
1,000 samples  from the leaves

                     [main            ]
[main               ][parse           ]               [main]
[emit               ][expr            ][idle         ][pa..]
[all                                                       ]
all  1,000 samples, 100.00 %, self 0 samples
merged from the leaves
END

shows 'the root on top' r i <<'END'
1,000 samples
[all                                                       ]
[idle         ][main                                       ]
               [emit               ][parse                 ]
                                          [expr            ]

all  1,000 samples, 100.00 %, self 0 samples
q quit  ? keys  Enter zoom  Esc back  / search  t table  b c
END

shows 'an expression that cannot be' '/' '(' <<'END'
1,000 samples
[all                                                       ]
[idle         ][main                                       ]
               [emit               ][parse                 ]
                                          [expr            ]

all  1,000 samples, 100.00 %, self 0 samples
/(_   search '(': missing closing parenthesis at offset 1
END

mux send-keys q
mux kill-server 2>/dev/null
if have python3; then
    FLAMEGRAPH=$builddir/flamegraph
    export FLAMEGRAPH
    check 'picture.py makes a picture of a screen' \
        sh -c 'python3 "$1" in.folded Up / e x p Enter >screen.svg' - \
        "$srcdir/examples/terminal/picture.py"
    check 'which is XML' python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("screen.svg")'
    check 'with the names and the share of the search' \
        sh -c 'grep -q "parse</text>" screen.svg && grep -q "search exp: 30.00 %" screen.svg'
else
    skip 'picture.py' 'python3 is missing'
fi

done_testing
