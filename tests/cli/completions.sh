#!/bin/sh
# SPDX-License-Identifier: MIT
# completions.sh: what the shells offer is what the programs take.
. "${srcdir:-.}/tests/lib/tap.sh"
PATH=$builddir:$PATH
export PATH
cd "$work" || exit 1

if have bash; then
    # complete WORD...: what bash offers for the last word of a command line.
    cat >complete <<'END'
. "$1/completions/flametree.bash"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_flametree "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
END
    offers() {
        wanted=$1
        shift
        bash complete "$srcdir" "$@" | sort >got
        printf '%b' "$wanted" | diff - got
    }
    check 'bash: an option' offers '--inverted\n' flamegraph --inv
    check 'bash: several' offers '--font\n--fontsize\n--fonttype\n--fontwidth\n' flamegraph --font
    check 'bash: a choice' offers 'name\n' flamegraph --sort n
    check 'bash: after an equals sign' offers 'dark\n' flamegraph --theme = da
    check 'bash: all choices' offers 'auto\ndark\nlight\n' flamegraph --theme =
    check 'bash: a word of the registry' offers 'java\njs\n' flamegraph --colors = j
    check 'bash: a format' offers 'folded\n' collapse --input-format fol
    check 'bash: a file is left to bash' offers '\n' flamegraph --output x
    programs='collapse flamegraph flamediff'
    ! has store || programs="$programs flamestore"
    for program in $programs; do
        bash complete "$srcdir" $program -- | sort >got
        $program --list-options | cut -f 1 | sort >wanted
        check "bash: all options of $program" diff wanted got
    done
    if has store; then
        flamestore 2>&1 | sed 's/.*missing: //; s/, /\n/g' | sort >wanted
        bash complete "$srcdir" flamestore '' | sort >got
        check 'bash: all commands of flamestore' diff wanted got
    fi
else
    skip 'bash' 'bash is missing'
fi
if have zsh; then
    # zsh completes in a terminal only: type a line and TAB into one, and print what is added.
    cat >complete.zsh <<'END'
zmodload zsh/zpty
cat >setup <<'SETUP'
PS1=
autoload -Uz compinit && compinit -u -D
bindkey '^I' complete-word
comppostfuncs=(offers_end)
offers_end() { print -r -- '<end>' }
compadd() {
    local -a hits
    [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]] || {
        builtin compadd -A hits "$@"
        (( $#hits )) && print -rl -- "<"${^hits}">"
    }
    builtin compadd "$@"
}
print '<ready>'
SETUP
zpty shell zsh -f -i
zpty -w shell "fpath=($1/completions \$fpath); source ./setup"
zpty -r shell text $'*\n<ready>*'
zpty -w -n shell "$2"$'\t'
zpty -r shell text '*<end>*'
zpty -d shell
print -r -- $text | tr -d '\r' | grep -a -o '<[a-z-]*>' | tr -d '<>' | grep -v '^end$'
END
    offers() {
        wanted=$1
        timeout 120 zsh -f complete.zsh "$srcdir" "$2" | sort >got
        printf '%b' "$wanted" | diff - got
    }
    check 'zsh: an option' offers '--inverted\n' 'flamegraph --inv'
    check 'zsh: a choice' offers 'input\nname\nweight\n' 'flamegraph --sort '
    check 'zsh: after an equals sign' \
        offers 'sample\nsimpleperf\nspeedscope\nstackprof\nsvg\nsystemtap\n' \
            'collapse --input-format=s'
else
    skip 'zsh' 'zsh is missing'
fi
if have fish; then
    offers() {
        wanted=$1
        fish -c "source $srcdir/completions/flametree.fish; complete -C'$2'" | cut -f 1 | sort >got
        printf '%b' "$wanted" | diff - got
    }
    : >picture.svg
    check 'fish: an option' offers '--inverted\n' 'flamegraph --inv'
    check 'fish: a choice' offers 'input\nname\nweight\n' 'flamegraph --sort '
    check 'fish: after an equals sign' offers '--theme=dark\n' 'flamegraph --theme=d'
    check 'fish: a file' offers 'picture.svg\n' 'flamegraph --css pic'
    check 'fish: no file for a text' offers '' 'flamegraph --title pic'
    for program in collapse flamegraph flamediff; do
        $program --list-options | cut -f 1 | sort >wanted
        fish -c "source $srcdir/completions/flametree.fish; complete -C'$program --'" |
            cut -f 1 | sort >got
        check "fish: all options of $program" diff wanted got
    done
else
    skip 'fish' 'fish is missing'
fi

done_testing
