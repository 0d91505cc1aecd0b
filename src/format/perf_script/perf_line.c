/* SPDX-License-Identifier: MIT */
/*
 * perf_line: classify lines. The name of a thread can make a header look like any other line, so a
 * header with a time is checked first. Then come frames and lines that only perf writes. The layout
 * of the recording decides about the rest.
 */
#include "format/perf_script/perf_line.h"

#include "format/perf_script/perf_symbol.h"

enum { COMM_MOST = 15, NAME_WIDTH = 16 }; /* bytes of a thread's name in Linux; columns of it */

bool perf_line_is_message(str line)
{
    static const char starts[] =
        "[ perf record: |Warning:|WARNING: |Processed |Check IO/CPU|Failed to |failed to |"
        "Couldn't |Could not |Can't |Cannot |Error:|addr2line|BFD: |DWARF error: |unwind: |"
        "Kernel address |Samples |no symbols |corrupted |overlapping |problem |'trace' |"
        "incompatible ";
    static const char anywhere[] =
        ", continuing without symbols| out of order events recorded.| with build id ";
    return line.n >= 6 && !is_blank(line.p[0]) &&
           (str_starts_any(line, starts) || str_contains_any(line, anywhere));
}

/* "f+0x1f/g+0x0/P/-/-/1": from, to, and flags of a branch. */
static bool is_branch(str word)
{
    size_t slash = str_find(word, '/', 0), second = str_find(word, '/', slash + 1);
    return second + 1 < word.n && strchr("MP-", word.p[second + 1]) != NULL &&
           second + 2 < word.n && word.p[second + 2] == '/';
}

/* " 4K", " 2M", " N/A": the size of a page. */
static bool is_page_size(str word)
{
    return str_equal(word, STR("N/A")) || (word.n >= 2 && is_digits(str_head(word, word.n - 1)) &&
                                           memchr("BKMGT", word.p[word.n - 1], 5));
}

/* "000000000040177a\tinsn: 81 7d fc", "f3+31:", which brstackinsn prints after a TAB. */
static bool is_instruction(str line)
{
    str text = str_skip(line, 1);
    if (text.n > PERF_ADDRESS_WIDTH && is_address(str_head(text, PERF_ADDRESS_WIDTH)) &&
        (text.p[PERF_ADDRESS_WIDTH] == '\t' ||
         (text.p[PERF_ADDRESS_WIDTH] == ' ' &&
          text.p[0] == '0'))) /* frames have no leading zeros */
        return true;
    return str_ends(text, STR(":")) || str_starts_any(text, "...|metric:|mismatch of LBR");
}

bool perf_line_is_rest(str line)
{
    if (line.p[0] == '|' && line.n > 1 && is_digit(line.p[1]))
        return true; /* -F +srccode */
    if (line.p[0] != ' ' && !is_hex(line.p[0]))
        return false;
    struct span word = next_word(line, 0);
    str first = span_str(line, word);
    if (is_address(first) && word.end == PERF_ADDRESS_WIDTH) { /* a physical address */
        str next = span_str(line, next_word(line, word.end));
        return next.n == 0 || is_page_size(next);
    }
    return line.p[0] == ' ' &&
           (str_starts_any(str_skip(line, word.at), "insn:|ilen:|ABI:|=> |IPC:|0x") ||
            is_branch(first) || is_page_size(first));
}

bool perf_line_is_flat(const struct perf_layout *layout, str line, const struct perf_header *header)
{
    if (header->comm.n > 0)
        return is_blank(line.p[0]) && header->comm.p + header->comm.n == line.p + NAME_WIDTH;
    return is_blank(line.p[0]) && (layout->fields & PERF_IP);
}

/* Comments of perf begin with a hash and a blank. If a line could also be a header of a thread with
 * such a name, all of its fields must be there and the name must not be longer than Linux allows: a
 * command line ("# cmdline : ...") can contain text that looks like fields. */
bool perf_line_has_hash(const struct perf_header *header, str line)
{
    return !header->noise && header->comm.n <= COMM_MOST && (header->firm || header->timed) &&
           (line.p[1] != ' ' || header->tid.n > 0 || header->timed || header->has_period);
}

/* Whether a line that begins with a hash is a comment, not a header. */
static bool is_perf_comment(const struct perf_place *place, str line, struct perf_line *parts)
{
    struct perf_layout layout = place->layout;
    const struct perf_header *header = &parts->header;
    bool parsed = line.n > 1 && perf_header_parse(line, &layout, &parts->header);
    if (parsed && perf_line_has_hash(header, line))
        return false;
    bool named = line.p[line.n > 1] != ' ' ||
                 (layout.known && header->comm.n <= COMM_MOST && header->comm.n > 1);
    parts->maybe = parsed && place->may_start && named && !header->noise;
    return true;
}

bool perf_comment_is_of_perf(str line)
{
    return str_starts_any(line, "# captured on|# perf version|# cmdline :|# header version");
}

void perf_comment_add_fact(struct profile *profile, str line)
{
    static const struct {
        str label, key;
    } facts[] = {{STR_INIT("# hostname"), STR_INIT("host")},
                 {STR_INIT("# captured on"), STR_INIT("captured")},
                 {STR_INIT("# os release"), STR_INIT("kernel")},
                 {STR_INIT("# arch"), STR_INIT("arch")},
                 {STR_INIT("# cpudesc"), STR_INIT("cpu")},
                 {STR_INIT("# nrcpus online"), STR_INIT("cpus")},
                 {STR_INIT("# cmdline"), STR_INIT("command")},
                 {STR_INIT("# sample duration"), STR_INIT("duration")}};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (!str_starts(line, facts[i].label))
            continue;
        str value = str_trim_left(str_skip(line, facts[i].label.n));
        if (str_starts(value, STR(":")))
            profile_add_fact(profile, facts[i].key, str_trim(str_skip(value, 1)));
    }
}

static enum perf_kind header_kind(struct perf_line *parts)
{
    const struct perf_header *header = &parts->header;
    if (header->noise || str_starts(str_trim_left(header->tail), STR("metric:")))
        return PERF_LINE_RECORD;
    parts->frame = perf_line_find_frame(header->tail);
    return PERF_LINE_HEADER;
}

/* Whether a line that parses as a header without a time is one. If it could also be a frame, it
 * must have the fields of the layout. */
static bool is_untimed_header(const struct perf_place *place, str line, bool frame,
                              const struct perf_header *header)
{
    const struct perf_layout *layout = &place->layout;
    bool shown = layout->known && (header->event.n > 0 || header->tail.n > 0);
    bool starts = place->may_start || (layout->tabs && !is_blank(line.p[0]));
    if (header->noise || (shown && header->firm) || layout->bare)
        return true;
    if (!layout->known && frame)
        return perf_frame_is_padded(str_skip(line, perf_frame_text_start(line)));
    if (frame)
        return layout->tabs && starts && layout->fields != 0;
    if (layout->known && !shown && !layout->tabs && layout->fields & PERF_IP)
        return false; /* each header has its frame */
    if (layout->known && !shown && is_blank(line.p[0]))
        return place->may_start;
    return header->firm || starts;
}

/* The kind of a line that starts with blanks and a hex number, and is no header. */
static enum perf_kind frame_kind(const struct perf_layout *layout, str line, size_t start,
                                 struct perf_line *parts)
{
    if (layout->tabs && perf_line_is_rest(line))
        return PERF_LINE_REST;
    if (layout->tabs && !is_blank(line.p[0]) && !str_ends(str_trim_right(line), STR(")")))
        return PERF_LINE_UNKNOWN;
    parts->flat = line.p[0] == ' ' && !layout->chains && start <= PERF_FRAME_FLAT_END + 1;
    str frame = parts->flat ? perf_line_find_frame(line) : STR("");
    parts->frame = frame.n > 0 ? frame : line; /* without the fields that follow it */
    return PERF_LINE_FRAME;
}

static bool is_source(const struct perf_place *place, str line)
{
    return place->after_frame && line.n > 2 && line.p[0] == ' ' && line.p[1] == ' ' &&
           !is_blank(line.p[2]);
}

/* The kind of a line that does not start with a TAB or a hash. */
static enum perf_kind other_kind(struct perf_place *place, str line, struct perf_line *parts)
{
    struct perf_layout layout = place->layout;
    struct perf_header *header = &parts->header;
    size_t start = perf_frame_text_start(line);
    bool parsed = perf_header_parse(line, &layout, header);
    unsigned fields = layout.known ? layout.fields : 0;
    bool only_time = (fields & PERF_TIME) && !(fields & (PERF_TID | PERF_CPU));
    bool timed = parsed && header->timed && (header->sure || start == 0 || only_time);
    if (timed && header->noise)
        return PERF_LINE_RECORD;
    header->firm |= timed && layout.bare;
    if (timed && (header->firm || place->may_start || only_time)) {
        place->layout = layout;
        return header_kind(parts);
    }
    if (perf_line_is_message(line))
        return PERF_LINE_MESSAGE;
    if (place->open && layout.tabs && !place->may_start && line.p[0] == ' ' &&
        perf_line_is_rest(line))
        return PERF_LINE_REST;
    parsed = parsed && !header->timed && is_untimed_header(place, line, start > 0, header);
    if (start > 0)
        return parsed ? header_kind(parts) : frame_kind(&layout, line, start, parts);
    if (parsed && header->firm) {
        place->layout = layout;
        return header_kind(parts);
    }
    if (is_source(place, line))
        return PERF_LINE_SOURCE;
    if (perf_line_is_rest(line))
        return PERF_LINE_REST;
    return parsed ? header_kind(parts) : PERF_LINE_UNKNOWN;
}

/* The kind of a line that starts with a TAB: a frame, unless a name starts with a TAB. */
static enum perf_kind tab_kind(const struct perf_place *place, str line, struct perf_line *parts)
{
    struct perf_layout layout = place->layout;
    struct perf_header *header = &parts->header;
    size_t start = perf_frame_text_start(line);
    parts->frame = line;
    if (perf_frame_is_usual(line))
        return PERF_LINE_FRAME;
    parts->frame = STR("");
    if (is_instruction(line))
        return PERF_LINE_REST;
    bool good = perf_header_parse(line, &layout, header) && !header->noise && header->firm &&
                (start == 0 || (header->timed ? header->sure : layout.known));
    if (good && (start == 0 || header->event.n > 0))
        return header_kind(parts);
    str text = str_trim_left(line);
    if (start == 0)
        return text.n == 0 || str_starts(text, STR("IPC:")) ? PERF_LINE_REST : PERF_LINE_UNKNOWN;
    parts->frame = line;
    return PERF_LINE_FRAME;
}

enum perf_kind perf_line_kind(struct perf_place *place, str line, struct perf_line *parts)
{
    parts->frame = STR("");
    parts->flat = parts->maybe = false;
    if (line.n == 0 || (line.p[0] == ' ' && str_trim(line).n == 0))
        return PERF_LINE_BLANK;
    if (line.p[0] == '\t')
        return tab_kind(place, line, parts);
    if (line.p[0] == '#' && is_perf_comment(place, line, parts))
        return PERF_LINE_COMMENT;
    return other_kind(place, line, parts);
}

/* ---- the frame of a sample without a call chain: on the line of its header, among other fields:
 *
 *      [payload] [flags] [data address [symbol]] [data source] [weights] [cgroup] FRAME [registers]
 *      [branches] [instruction] [physical address] [sizes of pages] ---- */

/* The end of the module that opens at `open`: its ')' is at the end or before a blank. */
static size_t module_end(str text, size_t open)
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

/* The first '(' of a module: it follows an offset or precedes a path or a bracket. text.n if there
 * is none. */
static size_t first_module(str text)
{
    for (size_t i = str_find(text, '(', 0); i + 1 < text.n; i = str_find(text, '(', i + 1)) {
        if (i > 0 && text.p[i - 1] != ' ')
            continue;
        if (str_starts_any(str_skip(text, i + 1), "/|[|inlined)|bpf_prog_|vmlinux") ||
            (i > 0 && perf_without_offset(str_head(text, i - 1)).n < i - 1))
            return i;
    }
    return text.n;
}

/* The length of the symbol and the module at the start of `text`. Branches, registers and
 * instructions can follow on the same line. */
static size_t frame_length(str text)
{
    static const str fields[] = {STR_INIT("insn: "), STR_INIT("ilen: "), STR_INIT("ABI:"),
                                 STR_INIT("0x"), STR_INIT("IPC: ")};
    size_t open = first_module(text), end = text.n;
    if (open < text.n)
        return module_end(text, open);
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

/* The frame at `at`, a blank before an address, without the fields that follow it. */
static str frame_at(str tail, size_t at)
{
    str frame = str_skip(tail, at);
    size_t start = perf_frame_text_start(frame);
    return str_head(frame, start + frame_length(str_skip(frame, start)));
}

/* Cut off the target of a branch: " => " and an address as wide as perf prints it. */
static str cut_target(str tail)
{
    static const str arrow = STR_INIT(" => ");
    for (size_t at = 0; (at = str_search(tail, arrow, at)) < tail.n; at += arrow.n) {
        if (perf_frame_text_start(str_skip(tail, at + arrow.n)) >= PERF_FRAME_FLAT_END - 1)
            return str_head(tail, at);
    }
    return tail;
}

/* Whether a frame starts at `at`: an address with a module, or an address in visible columns.
 * first: only the header precedes it. */
static bool is_frame_at(str tail, size_t at, bool first)
{
    str rest = str_skip(tail, at);
    size_t start = perf_frame_text_start(rest);
    str address = str_trim_right(str_head(rest, start)), text = str_skip(rest, start);
    if (address.n < PERF_FRAME_FLAT_END)
        return false;
    size_t open = first_module(text);
    text = str_head(text, frame_length(text));
    if (open < text.n || str_starts(text, STR("[unknown]")))
        return true;
    if (first) /* the address of data is one column further to the left */
        return address.n > PERF_FRAME_FLAT_END || (text.n > 0 && text.p[0] != ' ');
    return rest.p[1] == ' ' ||
           (str_starts(str_trim_left(address), STR("ffff")) && str_find(text, ' ', 0) == text.n);
}

str perf_line_find_frame(str tail)
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
