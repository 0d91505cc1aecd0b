/*
 * perf_line: the classifier. A name of a thread can make a header look like any other line, so a
 * header with a time wins; then come frames and lines that only perf writes, and what is left is
 * judged by the layout of the recording.
 */
#include "format/perf_script/perf_line.h"

enum { COMM_MOST = 15 }; /* bytes of a thread's name in Linux */

bool perf_line_is_message(str line)
{
    static const str starts[] = {
        STR_INIT("[ perf record: "), STR_INIT("Warning:"),        STR_INIT("WARNING: "),
        STR_INIT("Processed "),      STR_INIT("Check IO/CPU"),    STR_INIT("Failed to "),
        STR_INIT("failed to "),      STR_INIT("Couldn't "),       STR_INIT("Could not "),
        STR_INIT("Can't "),          STR_INIT("Cannot "),         STR_INIT("Error:"),
        STR_INIT("addr2line"),       STR_INIT("BFD: "),           STR_INIT("DWARF error: "),
        STR_INIT("unwind: "),        STR_INIT("Kernel address "), STR_INIT("Samples "),
        STR_INIT("no symbols "),     STR_INIT("corrupted "),      STR_INIT("overlapping "),
        STR_INIT("problem "),        STR_INIT("'trace' "),        STR_INIT("incompatible "),
    };
    static const str anywhere[] = {
        STR_INIT(", continuing without symbols"),
        STR_INIT(" out of order events recorded."),
        STR_INIT(" with build id "),
    };
    if (line.n < 6 || is_blank(line.p[0]))
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(line, starts[i]))
            return true;
    for (size_t i = 0; i < sizeof anywhere / sizeof anywhere[0]; i++)
        if (str_contains(line, anywhere[i]))
            return true;
    return false;
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

/* "000000000040177a\tinsn: 81 7d fc", "f3+31:", what brstackinsn prints in a block after TABs. */
static bool is_instruction(str line)
{
    str text = str_skip(line, 1);
    if (text.n > PERF_ADDRESS_WIDTH && text.p[0] == '0' && text.p[PERF_ADDRESS_WIDTH] == ' ' &&
        is_address(str_head(text, PERF_ADDRESS_WIDTH))) /* perf fills with blanks elsewhere */
        return true;
    if (text.n > PERF_ADDRESS_WIDTH && text.p[PERF_ADDRESS_WIDTH] == '\t' &&
        is_address(str_head(text, PERF_ADDRESS_WIDTH)))
        return true;
    return str_ends(text, STR(":")) || str_starts(text, STR("...")) ||
           str_starts(text, STR("metric:")) || str_starts(text, STR("mismatch of LBR"));
}

bool perf_line_is_rest(str line)
{
    static const str starts[] = {STR_INIT("insn:"), STR_INIT("ilen:"), STR_INIT("ABI:"),
                                 STR_INIT("=> "),   STR_INIT("IPC:"),  STR_INIT("0x")};
    if (line.p[0] == '\t')
        return is_instruction(line) || str_trim(line).n == 0 ||
               str_starts(str_trim_left(line), STR("IPC:"));
    if (line.p[0] == '|' && line.n > 1 && is_digit(line.p[1]))
        return true; /* -F +srccode */
    if (line.p[0] != ' ' && !is_hex(line.p[0]))
        return false;
    struct span word = next_word(line, 0);
    str first = span_str(line, word), text = str_skip(line, word.at);
    if (is_address(first) && word.end == PERF_ADDRESS_WIDTH) /* a physical address */
        return next_word(line, word.end).at == line.n ||
               is_page_size(span_str(line, next_word(line, word.end)));
    if (line.p[0] != ' ')
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(text, starts[i]))
            return true;
    return is_branch(first) || is_page_size(first);
}

bool perf_line_is_flat(const struct perf_layout *layout, str line, const struct perf_header *header)
{
    enum { NAME_WIDTH = 16 };
    if (header->comm.n > 0)
        return is_blank(line.p[0]) && header->comm.p + header->comm.n == line.p + NAME_WIDTH;
    return is_blank(line.p[0]) && (layout->fields & PERF_IP);
}

/* perf begins its comments with a hash and a blank. A thread's name that begins so is believed only
 * when the rest of the line is a header, and the name is no longer than Linux allows: a command
 * line ("# cmdline : ...") can hold what looks like the fields of one. */
bool perf_line_has_hash(const struct perf_header *header, str line)
{
    return !header->noise && header->comm.n <= COMM_MOST && (header->firm || header->timed) &&
           (line.p[1] != ' ' || header->tid.n > 0 || header->timed || header->has_period);
}

/* A line that begins with a hash: a comment, or the header of a thread with such a name. */
static bool is_comment(const struct perf_place *place, str line, struct perf_line *parts)
{
    struct perf_layout layout = place->layout;
    bool parsed = line.n > 1 && perf_header_parse(line, &layout, &parts->header);
    if (parsed && perf_line_has_hash(&parts->header, line))
        return false;
    bool named = line.p[line.n > 1] != ' ' ||
                 (layout.known && parts->header.comm.n <= COMM_MOST && parts->header.comm.n > 1);
    parts->maybe = parsed && place->may_start && named && !parts->header.noise;
    return true;
}

bool perf_comment_is_of_perf(str line)
{
    static const str starts[] = {STR_INIT("# captured on"), STR_INIT("# perf version"),
                                 STR_INIT("# cmdline :"), STR_INIT("# header version")};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(line, starts[i]))
            return true;
    return false;
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

static enum perf_kind take_header(struct perf_line *parts)
{
    struct perf_header *header = &parts->header;
    if (header->noise || str_starts(str_trim_left(header->tail), STR("metric:")))
        return PERF_LINE_RECORD;
    parts->frame = perf_frame_behind(header->tail);
    return PERF_LINE_HEADER;
}

/* A line without a time that parses as a header of a layout that has none. A line that could as
 * well be a frame is a header only if it has what the layout says. */
static bool is_untimed_header(const struct perf_place *place, str line, bool frame,
                              struct perf_line *parts)
{
    const struct perf_header *header = &parts->header;
    bool shown = place->layout.known && (header->event.n > 0 || header->tail.n > 0);
    bool starts = place->may_start || (place->layout.tabs && !is_blank(line.p[0]));
    if (header->noise || (shown && header->firm) || place->layout.bare)
        return true;
    if (!place->layout.known && frame)
        return perf_frame_is_padded(str_skip(line, perf_frame_text_start(line)));
    if (frame)
        return place->layout.tabs && starts && place->layout.fields != 0;
    if (place->layout.known && !shown && !place->layout.tabs && place->layout.fields & PERF_IP)
        return false; /* each header has its frame */
    if (place->layout.known && !shown && is_blank(line.p[0]))
        return place->may_start;
    return header->firm || starts;
}

/* Blanks and a hex number at the start of `line`. */
static enum perf_kind frame_kind(const struct perf_place *place, str line, size_t start,
                                 struct perf_line *parts)
{
    if (place->layout.tabs && line.p[0] != '\t' && perf_line_is_rest(line))
        return PERF_LINE_REST;
    if (place->layout.tabs && !is_blank(line.p[0]) && !str_ends(str_trim_right(line), STR(")")))
        return PERF_LINE_UNKNOWN;
    parts->frame = line;
    parts->flat = line.p[0] == ' ' && !place->layout.chains && start <= PERF_FRAME_FLAT_END + 1;
    str frame = parts->flat ? perf_frame_behind(line) : STR("");
    parts->frame = frame.n > 0 ? frame : line; /* without what follows it */
    return PERF_LINE_FRAME;
}

static bool is_source(const struct perf_place *place, str line)
{
    return place->after_frame && line.n > 2 && line.p[0] == ' ' && line.p[1] == ' ' &&
           !is_blank(line.p[2]);
}

/* A line that does not start with a TAB or a hash. */
static enum perf_kind other_kind(struct perf_place *place, str line, struct perf_line *parts)
{
    struct perf_layout layout = place->layout;
    size_t start = perf_frame_text_start(line);
    bool parsed = perf_header_parse(line, &layout, &parts->header);
    unsigned fields = place->layout.known ? place->layout.fields : 0;
    bool only_time = (fields & PERF_TIME) && !(fields & (PERF_TID | PERF_CPU));
    bool timed = parsed && parts->header.timed && (parts->header.sure || start == 0 || only_time);
    if (timed && parts->header.noise)
        return PERF_LINE_RECORD;
    parts->header.firm |= timed && place->layout.bare;
    if (timed && (parts->header.firm || place->may_start || only_time)) {
        place->layout = layout;
        return take_header(parts);
    }
    if (perf_line_is_message(line))
        return PERF_LINE_MESSAGE;
    bool goes_on = place->open && place->layout.tabs && !place->may_start && line.p[0] == ' ';
    if (goes_on && perf_line_is_rest(line))
        return PERF_LINE_REST;
    parsed = parsed && !parts->header.timed;
    if (start > 0) {
        if (parsed && is_untimed_header(place, line, true, parts))
            return take_header(parts);
        return frame_kind(place, line, start, parts);
    }
    if (parsed && parts->header.firm && is_untimed_header(place, line, false, parts)) {
        place->layout = layout;
        return take_header(parts);
    }
    if (is_source(place, line))
        return PERF_LINE_SOURCE;
    if (perf_line_is_rest(line))
        return PERF_LINE_REST;
    if (parsed && is_untimed_header(place, line, false, parts))
        return take_header(parts);
    return PERF_LINE_UNKNOWN;
}

/* A line that starts with a TAB: a frame, unless a name starts with a TAB. */
static enum perf_kind tab_kind(struct perf_place *place, str line, struct perf_line *parts)
{
    size_t start = perf_frame_text_start(line);
    struct perf_layout layout = place->layout;
    if (perf_frame_is_usual(line)) {
        parts->frame = line;
        return PERF_LINE_FRAME;
    }
    if (is_instruction(line))
        return PERF_LINE_REST;
    bool header = perf_header_parse(line, &layout, &parts->header) && !parts->header.noise &&
                  parts->header.firm &&
                  (start == 0 || (parts->header.timed ? parts->header.sure : layout.known));
    if (header && (start == 0 || parts->header.event.n > 0))
        return take_header(parts);
    if (start == 0)
        return perf_line_is_rest(line) ? PERF_LINE_REST : PERF_LINE_UNKNOWN;
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
    if (line.p[0] == '#' && is_comment(place, line, parts))
        return PERF_LINE_COMMENT;
    return other_kind(place, line, parts);
}

/* ---- a frame after a header, on the same line ---- */

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
