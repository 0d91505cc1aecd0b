/*
 * perf_flat: the frame of a sample without a call chain. It stands on the line of its header, among
 * other fields:
 *
 *      [payload] [flags] [data address [symbol]] [data source] [weights] [cgroup] FRAME [registers]
 *      [branches] [instruction] [physical address] [sizes of pages]
 */
#include "format/perf_script/perf_frame.h"

/* Where the parenthesis of a module that opens at `open` closes: at the end or before a blank. */
static size_t close_of(str text, size_t open)
{
    size_t depth = 0;
    for (size_t i = open; i < text.n; i++) {
        depth += text.p[i] == '(';
        if (text.p[i] == ')' && depth > 0)
            depth--;
        if (text.p[i] == ')' && depth == 0 && (i + 1 == text.n || is_blank(text.p[i + 1])))
            return i + 1;
    }
    return text.n;
}

/* Where the first " (" stands that opens a module: after an offset, or in front of a path or a
 * bracket; text.n when there is none. */
static size_t first_module(str text)
{
    static const str others[] = {STR_INIT("inlined)"), STR_INIT("bpf_prog_"), STR_INIT("vmlinux")};
    for (size_t i = str_find(text, '(', 0); i + 1 < text.n; i = str_find(text, '(', i + 1)) {
        if (i > 0 && text.p[i - 1] != ' ')
            continue;
        bool module = text.p[i + 1] == '/' || text.p[i + 1] == '[';
        for (size_t k = 0; k < sizeof others / sizeof others[0]; k++)
            module |= str_starts(str_skip(text, i + 1), others[k]);
        if (module || (i > 0 && perf_frame_cut_offset(str_head(text, i - 1)).n < i - 1))
            return i;
    }
    return text.n;
}

/* How much of what stands after an address is a symbol and a module: branches, registers and
 * instructions can follow on the same line. */
static size_t frame_length(str text)
{
    static const str fields[] = {STR_INIT("insn: "), STR_INIT("ilen: "), STR_INIT("ABI:"),
                                 STR_INIT("0x"), STR_INIT("IPC: ")};
    size_t open = first_module(text), end = text.n;
    if (open < text.n)
        return close_of(text, open);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        size_t at = str_search(text, fields[i], 0);
        if (at < end && (at == 0 || is_blank(text.p[at - 1])))
            end = at;
    }
    /* a physical address, in columns */
    str word = str_trim_right(str_head(text, end));
    size_t blank = str_find_last(word, ' ');
    if (blank < word.n && blank > 1 && word.p[blank - 1] == ' ' &&
        perf_frame_text_start(str_skip(word, blank)) > 0)
        word = str_trim_right(str_head(word, blank));
    return word.n;
}

/* The frame that starts at `at`, a blank in front of an address, without what follows it. */
static str frame_at(str tail, size_t at)
{
    str frame = str_skip(tail, at);
    size_t start = perf_frame_text_start(frame);
    return str_head(frame, start + frame_length(str_skip(frame, start)));
}

/* " => " in front of an address that is as wide as perf prints it: where a branch went. */
static str cut_target(str tail)
{
    static const str arrow = STR_INIT(" => ");
    for (size_t at = 0; (at = str_search(tail, arrow, at)) < tail.n; at += arrow.n) {
        str target = str_skip(tail, at + arrow.n);
        size_t start = perf_frame_text_start(target);
        if (start >= PERF_FRAME_FLAT_END - 1)
            return str_head(tail, at);
    }
    return tail;
}

/* An address stands at `at` that a frame follows: one with a module, or one that perf has visibly
 * put into columns. `first`: nothing stands in front of it but the header. */
static bool is_frame_at(str tail, size_t at, bool first)
{
    str rest = str_skip(tail, at);
    size_t start = perf_frame_text_start(rest);
    if (start == 0 || str_trim_right(str_head(rest, start)).n < PERF_FRAME_FLAT_END)
        return false;
    str text = str_skip(rest, start), address = str_trim_left(str_head(rest, start));
    size_t width = str_trim_right(str_head(rest, start)).n, open = first_module(text);
    text = str_head(text, frame_length(text));
    if (open < text.n || str_starts(text, STR("[unknown]")))
        return true;
    if (first) /* data stands one column further to the left */
        return width > PERF_FRAME_FLAT_END || (text.n > 0 && text.p[0] != ' ');
    return rest.p[1] == ' ' ||
           (str_starts(address, STR("ffff")) && str_find(text, ' ', 0) == text.n);
}

str perf_frame_behind(str tail)
{
    struct perf_frame frame;
    str found = STR("");
    tail = cut_target(tail);
    for (size_t at = 0; at < tail.n;) {
        if (is_blank(tail.p[at]) && is_frame_at(tail, at, at == 0))
            found = frame_at(tail, at);
        while (at < tail.n && is_blank(tail.p[at]))
            at++;
        while (at < tail.n && !is_blank(tail.p[at]))
            at++;
    }
    if (found.n > 0 || tail.n == 0)
        return found;
    bool good = perf_frame_split(tail, &frame) && frame.symbol.n > 0 && frame.module.n > 0;
    return good && (frame.module.p[0] == '/' || frame.module.p[0] == '[') ? tail : STR("");
}
