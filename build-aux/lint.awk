# SPDX-License-Identifier: MIT
# lint.awk: what the house rules say about C and a script can see. Arguments are files of C, their
# paths relative to the root of the tree. Prints `CHECK FILE LINE WHAT` for each breach (a name in
# build-aux/lint-allow lifts it there) and `function FILE LINE LENGTH NAME` for each function.
#
# It understands the layout that clang-format gives: a function starts at a `{` in the first column
# and ends at the next `}` there.

BEGIN {
    height["core"] = 1
    height["profile"] = 2
    height["transform"] = height["format"] = 3
    height["compare"] = height["raster"] = 4
    height["picture"] = 5
    height["output"] = 6
    height["pipeline"] = 7
    height["api"] = height["tui"] = height["store"] = 8
    height["cli"] = 9
    # Words that are banned, and the rooms or files (see place()) where they are not.
    split("strcpy strcat sprintf vsprintf gets strtok strncpy strncat atoi atol atof atoll " \
          "alloca setjmp longjmp sigsetjmp siglongjmp system popen tmpnam mktemp rand srand " \
          "setlocale localtime ctime asctime", words, " ")
    for (i in words) why[words[i]] = "banned"
    split("malloc calloc realloc free strdup strndup asprintf vasprintf getline", words, " ")
    for (i in words) why[words[i]] = "memory"
    split("exit _exit abort stderr stdout perror atexit err errx warn warnx", words, " ")
    for (i in words) why[words[i]] = "leaving"
    split("printf fprintf dprintf vprintf vfprintf vdprintf snprintf vsnprintf puts fputs putc " \
          "fputc putchar fwrite sscanf scanf fscanf", words, " ")
    for (i in words) why[words[i]] = "stdio"
}

function tell(rule, what) { print rule, FILENAME, FNR, what }

function room_of(path) {
    if (path ~ /^src\/(api[a-z_]*\.[ch]|flametree\.h)$/) return "api"
    if (path !~ /^src\//) return ""
    sub(/^src\//, "", path)
    sub(/\/.*/, "", path)
    return path
}

# "room/name.h" as written in an #include of a file in src/.
function check_include(target,    there) {
    there = room_of("src/" target)
    if (target !~ /\//) {
        if (target == "config.h") tell("include", "config.h is there without being included")
        else if (target != "flametree.h" && there != "api")
            tell("include", "\"" target "\" lacks its room")
        else if (room == "cli" || room == "api") return
        else tell("include", room " must not see api")
        return
    }
    if (there == room) return
    if (room == "raster" ? there != "core" : \
        !(there in height) || !(room in height) || height[there] >= height[room])
        tell("include", room " must not see " there " (" target ")")
}

# The line without comments and without the text in quotes.
function strip(line,    out, c, at) {
    out = ""
    while (line != "") {
        if (in_comment) {
            at = index(line, "*/")
            if (!at) return out
            line = substr(line, at + 2)
            in_comment = 0
        } else if (match(line, /\/\*|\/\/|["\047]/)) {
            c = substr(line, RSTART, RLENGTH)
            out = out substr(line, 1, RSTART - 1)
            line = substr(line, RSTART + RLENGTH)
            if (c == "//") return out
            if (c == "/*") { in_comment = 1; continue }
            out = out c
            while (line != "" && substr(line, 1, 1) != c)
                line = substr(line, substr(line, 1, 1) == "\\" ? 3 : 2)
            line = substr(line, 2)
            out = out c
        } else {
            out = out line
            line = ""
        }
    }
    return out
}

# Whether `word` may be in this file.
function allowed(word, rule) {
    if (FILENAME !~ /^src\//) return rule != "banned"
    if (rule == "banned") return word ~ /jmp$/ && FILENAME ~ /^src\/core\/heap\.[ch]$/
    if (rule == "memory") return FILENAME ~ /^src\/core\/(heap|os)\.c$/
    if (rule == "leaving") return room == "cli"
    if (word == "snprintf" || word == "vsnprintf")
        return room == "cli" || FILENAME ~ /^src\/core\/(str|num)\.c$/
    return room == "cli"
}

function check_words(code,    word) {
    while (match(code, /[A-Za-z_][A-Za-z_0-9]*/)) {
        word = substr(code, RSTART, RLENGTH)
        # A member (x.free, x->free) is not the function.
        member = RSTART > 1 && (substr(code, RSTART - 1, 1) == "." || \
                                RSTART > 2 && substr(code, RSTART - 2, 2) == "->")
        code = substr(code, RSTART + RLENGTH)
        if (word in why && !member && (code ~ /^ *\(/ || word ~ /^std(out|err)$/) && \
            !allowed(word, why[word]))
            tell(why[word], word)
    }
}

function guard_name(path) {
    sub(/^src\//, "", path)
    gsub(/[^A-Za-z0-9]/, "_", path)
    return "FLAMETREE_" toupper(path)
}

function end_of_file() {
    if (last == "") return
    if (lines > 400) print "long-file", last, lines, lines " lines"
    if (last ~ /\.h$/ && guarded < 2) print "guard", last, 1, "no include guard"
    if (last ~ /\.h$/ && last ~ /^src\/[a-z]+\// && guarded == 2 && guard != guard_name(last))
        print "guard", last, 1, "guard is " guard ", not " guard_name(last)
}

FNR == 1 {
    end_of_file()
    last = FILENAME
    room = room_of(FILENAME)
    in_comment = guarded = in_function = 0
    guard = signature = marker = ""
    license = /SPDX-License-Identifier/ # a line of its own, which does not count
}
FNR == 1 + license && !/^\/\*/ {
    tell("head", "does not start with a comment that says what it is for")
}

{
    lines = FNR - license
    columns = $0
    gsub(/[\200-\277]/, "", columns)
    if (length(columns) > 100) tell("columns", length(columns) " columns")
    if (/\t/) tell("blanks", "TAB")
    if (/[ \t\r]$/) tell("blanks", "blank at the end")
    code = strip($0)
}

/^#ifndef / && guarded == 0 { guard = $2; guarded = 1 }
/^#define / && guarded == 1 { guarded = $2 == guard ? 2 : 3 }

/^#include "/ && room != "" {
    target = $0
    sub(/^#include "/, "", target)
    sub(/".*/, "", target)
    check_include(target)
}
/^# *(ifdef|ifndef|if.*defined).*HAVE_/ { tell("include", "write #if HAVE_...: it is 0 or 1") }
/^#include </ && room != "raster" && room != "" && /librsvg|cairo|png/ { tell("include", $2) }

# Not every compiler has it: the type of 128 bits has its place, with a way to do without.
code ~ /__u?int128/ && FILENAME != "src/core/wide.h" { tell("int128", "use core/wide.h") }

!/^#/ { check_words(code) }

# Functions. The comment above a function, its head, then the body.
!in_function && /^\{$/ {
    in_function = 1
    start = signature_line ? signature_line : FNR
    name = signature
    sub(/\(.*/, "", name)
    sub(/.*[ *]/, "", name)
    next
}
in_function {
    if (/long:/) marker = FNR
    if (/^\}/) {
        size = FNR - start + 1
        if (!/^\};/) {
            print "function", FILENAME, start, size, name
            if (size > 60 && marker == "")
                print "long-function", FILENAME, start, size " lines in " name \
                    "(), and no comment `long: ...` says why"
        }
        in_function = 0
        signature = marker = ""
        signature_line = 0
    }
    next
}
/long:/ { marker = FNR }
/^[A-Za-z_]/ && signature == "" && !/;$/ { signature_line = FNR }
/^$/ || /;$/ || /^\}/ || /^#/ { signature = ""; signature_line = 0; if (!/^#/) marker = "" ; next }
signature_line && code != "" {
    if (code !~ /^__attribute__/) signature = signature " " code
}

END { end_of_file() }
