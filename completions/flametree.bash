# SPDX-License-Identifier: MIT
# bash completion for collapse, flamegraph, flamediff and flamestore: the programs say what they take, so that
# this file need not change with them. `--list-options` prints: --name TAB value TAB help.

_flametree_value() { # OPTION: what stands in its second column
    "$1" --list-options 2>/dev/null | awk -F '\t' -v option="$2" '$1 == option { print $2 }'
}

# The commands of flamestore.
_flametree_commands='collect add mark get labels compare serve expire check size'

_flametree() {
    local program=$1 current=$2 option=$3 value
    COMPREPLY=()
    # --colors=ja comes as three words.
    if [[ $current == = ]]; then
        current=
    elif [[ $option == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$program" --list-options 2>/dev/null |
            cut -f 1)" -- "$current")
        return
    fi
    if [[ $program == *flamestore* && $option != --* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$_flametree_commands" -- "$current")
        return
    fi
    [[ $option == --* ]] || return
    value=$(_flametree_value "$program" "$option")
    case $value in
    *'|'*) mapfile -t COMPREPLY < <(compgen -W "${value//|/ }" -- "$current") ;;
    DIR) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    esac
}

# What is left empty is completed as a file.
complete -o default -o bashdefault -F _flametree collapse flamegraph flamediff flamestore
