# fish completion for collapse, flamegraph and flamediff: the programs say what they take.
# `--list-options` prints a line for each option: --name TAB value TAB help.

function __flametree_options
    set -l words (commandline -opc)
    command $words[1] --list-options 2>/dev/null | while read -d \t -l name value help
        if string match -q '*|*' -- $value
            for one in (string split '|' -- $value)
                printf '%s=%s\t%s\n' $name $one $help
            end
        else if test -n "$value"
            printf '%s=\t%s\n' $name $help
        else
            printf '%s\t%s\n' $name $help
        end
    end
end

for program in collapse flamegraph flamediff
    complete -c $program -n 'string match -q -- "-*" (commandline -ct)' -f \
        -a '(__flametree_options)'
end
