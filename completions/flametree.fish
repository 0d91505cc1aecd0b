# SPDX-License-Identifier: MIT
# fish completion for collapse, flamegraph, flamediff and flamestore: the programs say what they take. fish
# reads this file when it first completes one of them; `--list-options` prints a line for each
# option: --name TAB value TAB help.

function __flametree_declare
    for line in (command $argv[1] --list-options 2>/dev/null)
        set -l columns (string split \t -- $line)
        set -l name (string sub -s 3 -- $columns[1])
        switch $columns[2]
            case ''
                complete -c $argv[1] -l $name -d $columns[3]
            case FILE DIR
                complete -c $argv[1] -l $name -r -F -d $columns[3]
            case '*|*'
                complete -c $argv[1] -l $name -x -a (string join ' ' (string split '|' -- $columns[2])) -d $columns[3]
            case '*'
                complete -c $argv[1] -l $name -x -d $columns[3]
        end
    end
end

# The command line that is being completed, or the name of the file: it has the name of each program.
for program in collapse flamegraph flamediff flamestore
    if command -q $program
        __flametree_declare $program
        if string match -q '*flamestore*' -- $program
            complete -c $program -a 'collect add mark get labels compare serve expire check size'
        end
    end
end
