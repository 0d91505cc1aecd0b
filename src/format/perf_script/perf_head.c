/* SPDX-License-Identifier: MIT */
/*
 * perf_head: learn from the first lines of a file whether they are the text of perf script, and how
 * its headers look. Each field has its own width (see perf_header.c). So apart from a few names,
 * the end of a number shows whether it is an id, a period or a part of the name. The layout is what
 * most lines have in common.
 */
#include "format/perf_script/perf_line.h"

/* Counts of lines. */
struct learned {
    size_t headers;             /* without a time */
    size_t sure;                /* of these: with an event, a period or a frame */
    size_t names;               /* of these: nothing but a name */
    size_t timed;               /* headers with a time */
    size_t clear;               /* of these: the time is no other number */
    size_t flat;                /* headers of both kinds with a frame on the same line */
    size_t chains;              /* empty lines after a frame */
    size_t pairs;               /* empty lines after another one */
    size_t headless;            /* stacks without a header */
    size_t tabs;                /* frames after a TAB */
    size_t frames;              /* frames without a TAB */
    size_t sources;             /* source lines after a frame */
    size_t counts[PERF_FIELDS]; /* of headers without a time, by their fields */
    size_t timed_counts[PERF_FIELDS];
    enum { NOTHING, GAP, HEADER, FRAME } before; /* the line before */
};

static void count_fields(size_t *counts, unsigned fields)
{
    for (size_t i = 0; i < PERF_FIELDS; i++)
        counts[i] += fields >> i & 1;
}

/* The fields of a line that looks like a header without a time. */
static unsigned untimed_fields(str line)
{
    struct span event;
    if (perf_layout_find_event(line, &event))
        return perf_layout_by_width(line, event.at) | PERF_EVENT |
               (is_address_next(line, event.end) ? PERF_IP : 0);
    size_t to = perf_layout_find_frame(line), end = next_word(line, 0).end;
    bool frame = to < line.n;
    unsigned fields = perf_layout_by_width(line, frame ? perf_layout_frame_field(line, to) : to);
    for (size_t n = 0; n < 6 && end < to; n++, end = next_word(line, end).end) {
        unsigned start = perf_layout_by_width(line, end + 1); /* if a payload follows */
        fields = fields == PERF_COMM && (start & ~(unsigned)PERF_COMM) ? start : fields;
    }
    return fields | (frame ? PERF_IP : 0);
}

static void learn_untimed(struct learned *learned, str line)
{
    unsigned fields = untimed_fields(line);
    learned->headers++;
    learned->sure += (fields & (PERF_EVENT | PERF_IP | PERF_PERIOD)) != 0;
    learned->names += fields == PERF_COMM &&
                      !(line.n == 17 && line.p[0] == ' ' && line.p[16] == ' ');
    learned->flat += (fields & PERF_IP) != 0;
    learned->before = fields & PERF_IP ? FRAME : HEADER;
    count_fields(learned->counts, fields);
}

static void learn_timed(struct learned *learned, const struct perf_header *header)
{
    bool frame = perf_line_find_frame(header->tail).n > 0;
    size_t digits = header->time.n - str_find(header->time, '.', 0) - 1;
    learned->timed++;
    learned->clear += header->sure || digits == 6 || digits == 9;
    learned->flat += frame;
    learned->before = frame ? FRAME : HEADER;
    count_fields(learned->timed_counts, header->fields | (frame ? PERF_IP : 0));
}

/* Whether a line that starts with an address is a frame, not a header: of a call chain whose TABs
 * were lost, or of a sample without one. */
static bool is_lone_frame(str line)
{
    size_t start = perf_frame_text_start(line);
    struct span event, address = next_word(line, 0), after = next_word(line, address.end);
    if (start == 0 || perf_layout_find_event(line, &event))
        return false;
    bool wide = address.end >= PERF_FRAME_FLAT_END || address.end - address.at > 7;
    bool named = after.end > after.at && !is_digits(span_str(line, after)) &&
                 !is_address_next(line, address.end);
    return (wide && !is_address_next(line, address.end)) || (named && str_ends(line, STR(")")));
}

static void learn_line(struct learned *learned, str line)
{
    struct perf_layout alone = {.ids = PERF_IDS_UNKNOWN};
    struct perf_header header;
    if (str_trim(line).n == 0) {
        learned->chains += learned->before == FRAME;
        learned->pairs += learned->before == GAP;
        learned->before = GAP;
        return;
    }
    if (line.p[0] == '\t') {
        learned->tabs += perf_frame_text_start(line) > 0;
        learned->headless += learned->before == GAP || learned->before == NOTHING;
        learned->before = FRAME;
        return;
    }
    perf_header_parse(line, &alone, &header);
    if (line.p[0] == '#' && !perf_line_has_hash(&header, line)) {
        learned->before = line.n > 1 && line.p[1] != ' ' ? HEADER : learned->before;
        return;
    }
    if (header.noise || (!header.sure && perf_line_is_message(line)))
        return;
    bool source = line.n > 2 && line.p[0] == ' ' && line.p[1] == ' ' && !is_blank(line.p[2]);
    if (header.timed) {
        learn_timed(learned, &header);
    } else if (is_lone_frame(line)) {
        learned->headless += learned->before == GAP;
        learned->before = FRAME;
        learned->frames++;
    } else if (source && learned->before == FRAME && !header.firm) {
        learned->sources++;
    } else if (!perf_line_is_rest(line)) {
        learn_untimed(learned, line);
    }
}

static unsigned fields_of_most(const size_t *counts, size_t of)
{
    unsigned fields = 0;
    for (size_t i = 0; i < PERF_FIELDS; i++)
        fields |= counts[i] * 2 > of ? 1u << i : 0;
    return fields;
}

/* The next line of `head`. The last one can be cut short: it counts only if there are no others. */
static bool next_head_line(str head, size_t *at, bool others, str *line)
{
    return str_next_line(head, at, line) && (*at <= head.n || !others);
}

void perf_layout_learn(struct perf_layout *layout, str head)
{
    struct learned learned = {0};
    bool fixed = layout->known;
    str line;
    for (size_t at = 0; next_head_line(head, &at, learned.headers + learned.timed > 0, &line);)
        learn_line(&learned, line);
    layout->tabs = learned.tabs > 0;
    layout->chains = learned.tabs + learned.frames > 0 && learned.chains > 0;
    layout->pairs = learned.headers + learned.timed == 0 &&
                    learned.pairs + 1 >= learned.chains - learned.chains / 4;
    layout->sources = learned.sources > 0;
    if (!fixed && learned.timed > 0 && learned.timed >= learned.sure &&
        (learned.clear > 0 || learned.timed * 2 >= learned.headers)) {
        layout->fields = fields_of_most(learned.timed_counts, learned.timed) | PERF_TIME;
        layout->known = true;
    } else if (!fixed && learned.headers + learned.headless > 0) {
        layout->fields = fields_of_most(learned.counts, learned.headers);
        layout->known = true;
    }
    if (layout->known && !(layout->fields & PERF_TID))
        layout->ids = PERF_IDS_MISSING;
    else if (fixed) /* otherwise a header with its id in the column will show it */
        layout->ids = PERF_IDS_PRINTED;
    bool bare = learned.tabs + learned.flat == 0 &&
                learned.frames * 8 < learned.headers + learned.timed;
    layout->bare = bare && layout->known && layout->fields != 0 &&
                   learned.names * 8 <= learned.headers;
}

/* ---- a bid ----------------------------------------------------------------------------------- */

enum { ENOUGH = 64 };

struct looks {
    unsigned headers, frames, others;
    unsigned timed;    /* headers with time, ids and an event, which no other format has */
    unsigned traced;   /* headers like "bash-1234  [000]  12.5: event: ", as ftrace prints them */
    bool perf_comment; /* "# captured on" and the like */
    bool foreign;      /* a line that another program prints */
};

/* Whether it is a map of bpftrace, whose stacks can look like those of perf, the text of perf
 * report, or of ftrace. */
static bool is_foreign_to_perf(str line)
{
    return (line.p[0] == '@' && str_ends(line, STR("["))) ||
           str_starts_any(line, "]: |# Overhead |# tracer: ");
}

/* Whether name and id are one word. */
static bool is_traced(const struct perf_header *header)
{
    size_t dash = str_find_last(header->comm, '-');
    return header->tid.n == 0 && header->cpu.n > 0 && header->timed && dash > 0 &&
           dash + 1 < header->comm.n && is_digits(str_skip(header->comm, dash + 1));
}

/* Whether it is an address of at least two digits with a module, or after a TAB. An address alone
 * must be padded: "\t   713" is a name and a count. */
static bool is_frame(str line)
{
    struct perf_frame frame;
    if (!perf_frame_split(line, &frame) || frame.address.n < 2)
        return false;
    if (frame.symbol.n == 0 && frame.module.n == 0 && !perf_frame_is_padded(line))
        return false;
    return line.p[0] == '\t' || (frame.module.n > 0 && frame.address.n >= 4);
}

/* Whether it is a folded stack with a count: "a;b 1234 10101010" could be a name, an id and a
 * period, "a;b          5000000" a name and an address, "f 12 operator: 5" a name, an id and an
 * event. */
static bool is_folded(const struct perf_header *header)
{
    uint64_t count;
    bool joined = str_find(header->comm, ';', 0) < header->comm.n;
    bool torn = str_find(header->event, ';', 0) < header->event.n;
    if (joined && (header->event.n == 0 || torn))
        return true;
    return header->event.n > 0 && header->tail.n < PERF_FRAME_FLAT_END && !header->timed &&
           num_parse_u64(str_trim(header->tail), &count);
}

static void look_at_perf_line(struct looks *looks, str line, struct perf_place *place)
{
    struct perf_line parts = {.flat = false};
    enum perf_kind kind = perf_line_kind(place, line, &parts);
    bool header = kind == PERF_LINE_HEADER && parts.header.firm && !is_folded(&parts.header);
    looks->foreign |= is_foreign_to_perf(line);
    looks->traced += header && is_traced(&parts.header);
    looks->timed += header && parts.header.timed && parts.header.sure &&
                    (parts.header.event.n > 0 || parts.frame.n > 0);
    place->may_start = kind == PERF_LINE_BLANK || kind == PERF_LINE_COMMENT;
    place->after_frame = kind == PERF_LINE_FRAME || parts.frame.n > 0;
    if (kind == PERF_LINE_COMMENT)
        looks->perf_comment |= perf_comment_is_of_perf(line);
    else if (kind == PERF_LINE_MESSAGE)
        looks->perf_comment |= str_starts(line, STR("[ perf record: "));
    else if (header)
        looks->headers++;
    else if (is_frame(line))
        looks->frames++;
    else if (kind != PERF_LINE_BLANK && kind != PERF_LINE_RECORD && kind != PERF_LINE_SOURCE &&
             (kind != PERF_LINE_REST || looks->headers + looks->frames == 0))
        looks->others++;
}

int perf_bid(str head)
{
    struct looks looks = {.headers = 0};
    struct perf_place place = {.may_start = true};
    size_t at = 0, n = 0; /* n: lines that count */
    str line;
    if (str_starts_any(str_trim_left(head), "{\"|[{|{\n|{\r"))
        return 0; /* JSON */
    perf_layout_learn(&place.layout, head);
    place.layout.bare = false;
    while (n < ENOUGH && next_head_line(head, &at, n > 0, &line)) {
        line = str_trim_right(line);
        if (line.n > 0)
            look_at_perf_line(&looks, line, &place);
        n = looks.headers + looks.frames + looks.others;
    }
    unsigned good = looks.headers + looks.frames;
    if (looks.foreign || (looks.traced > 0 && looks.traced == looks.headers))
        return 0;
    if (good == 0)
        return looks.perf_comment && looks.others == 0 ? 60 : 0;
    /* a NUL comes from damage or from binary data; then there must be headers */
    bool damaged = memchr(head.p, '\0', head.n) != NULL;
    if ((good < looks.others && looks.timed == 0) || (damaged && looks.headers == 0))
        return 0;
    if (damaged)
        return 30;
    return looks.headers > 0 || looks.perf_comment ? 95 : 75;
}
