#!/bin/sh
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
    check 'bash: behind an equals sign' offers 'dark\n' flamegraph --theme = da
    check 'bash: all choices' offers 'auto\ndark\nlight\n' flamegraph --theme =
    check 'bash: a file is left to bash' offers '\n' flamegraph --output x
    for program in collapse flamegraph flamediff; do
        bash complete "$srcdir" $program -- | sort >got
        $program --list-options | cut -f 1 | sort >wanted
        check "bash: all options of $program" diff wanted got
    done
else
    skip 'bash' 'bash is missing'
fi
if have zsh; then
    check 'zsh: the file is sound' zsh -n "$srcdir/completions/_flametree"
else
    skip 'zsh: the file is sound' 'zsh is missing'
fi
if have fish; then
    check 'fish: the file is sound' fish -n "$srcdir/completions/flametree.fish"
    fish -c "source $srcdir/completions/flametree.fish; complete -C'flamegraph --inv'" >got
    check 'fish: an option' grep -q '^--inverted' got
else
    skip 'fish' 'fish is missing'
fi

done_testing
