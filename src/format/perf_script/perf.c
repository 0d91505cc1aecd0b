/* SPDX-License-Identifier: MIT */
/*
 * perf: the text of perf script.
 *
 *      # cmdline : /usr/bin/perf record -g -- java Shop        comment
 *      java  2871  3230.692818:    1003009 cpu-clock:pppH:     header
 *              ffffffff81af37a9 elv_rqhash_find+0xd9 ([kernel.kallsyms])
 *                  7f722d142778 call_stub (/tmp/perf-2871.map)
 *                                                              blank: the sample is complete
 *      java  2871  3230.694000: PERF_RECORD_COMM: java:2871    not a sample
 *
 * Without call graphs the frame follows the header on the same line, and there are no blank lines.
 * perf script -F can leave out any field, down to frames alone.
 */
#include "format/reader.h"

#include "format/perf_script/perf_frame.h"
#include "format/perf_script/perf_line.h"
#include "format/perf_script/perf_select.h"
#include "format/perf_script/perf_stack.h"

#define NEITHER "neither a header nor a frame of perf script"
#define ORPHAN  "a frame without a header"

struct perf {
    struct builder *builder;
    const struct read_options *options;
    struct perf_events events;
    struct perf_select select;
    struct perf_stack stack;
    bool periods; /* a period was a weight */
    struct err *err;

    /* the current sample, if place.open */
    bool firm;            /* it counts even without a frame */
    bool rest;            /* it has no header, but is the first: see settle_first_sample() */
    bool kept;            /* its event and the filters match */
    bool has_frames;      /* it has lines of frames */
    bool tail_frame;      /* its only frame so far follows the header */
    bool held;            /* only a line has come, which is its header if a frame follows */
    bool at_header;       /* only the header has come */
    str header_line;      /* its text, in the block or in `header` */
    struct strbuf header; /* a copy for when the block is gone */
    uint64_t weight;
    uint64_t header_number;
    uint64_t first_number; /* the line of a first sample without a header */

    /* the current file */
    uint64_t line;
    struct perf_place place;
    struct perf_header_memory memory;
    bool seen_header;
    bool seen_sample;
    bool seen_blank;
    bool waits;      /* a complete sample, for settle_first_sample() */
    unsigned blanks; /* directly before this line */
    bool follows;    /* it continues the file of another reader, between two samples */
};

/* Decide about a first sample that has no header. If the next one has none either, it is a whole
 * sample; otherwise it is the rest of a sample whose start is missing. */
static void settle_first_sample(struct perf *perf, bool has_header)
{
    if (!perf->waits)
        return;
    perf->waits = false;
    if (has_header)
        builder_skip(perf->builder, ORPHAN, perf->first_number);
    else
        perf_stack_finish(&perf->stack, 1, perf->err);
}

/* Count the current sample. A held line with '#' that was no header is a comment. */
static void close_sample(struct perf *perf)
{
    bool good = perf->has_frames || perf->firm;
    if (!perf->place.open)
        return;
    perf->place.open = false;
    if (!good && !(perf->held && perf->header.bytes.at[0] == '#'))
        builder_skip(perf->builder, NEITHER, perf->header_number);
    else if (good && perf->kept && perf->rest)
        perf->waits = true;
    else if (good && perf->kept)
        perf_stack_finish(&perf->stack, perf->weight, perf->err);
    perf->rest = perf->held = false;
}

static const struct perf_header no_header;

static void open_sample(struct perf *perf, const struct perf_header *header, uint64_t line)
{
    close_sample(perf);
    settle_first_sample(perf, header != &no_header);
    perf->place.open = true;
    perf->place.after_noise = false;
    perf->rest = header == &no_header && !perf->seen_sample && !perf->follows;
    perf->first_number = perf->rest ? line : perf->first_number;
    perf->seen_sample = true;
    perf->firm = header->firm;
    perf->held = perf->has_frames = perf->tail_frame = false;
    perf->weight = 1;
    perf->header_number = line;
    perf->kept = perf_events_count(&perf->events, header->event, line) &&
                 perf_select_keeps(&perf->select, header, perf->builder->profile);
    if (perf->kept && header->is_large && perf->options->weight == READ_WEIGHT_PERIOD) {
        builder_skip(perf->builder, "a period above 2^64-1", line);
        perf->kept = false;
    }
    if (header->has_period && header->period > 0 && perf->options->weight == READ_WEIGHT_PERIOD) {
        perf->weight = header->period;
        perf->periods = true;
    }
    if (perf->kept)
        perf_stack_start(&perf->stack, header);
}

static void keep_header(struct perf *perf, str line)
{
    strbuf_set(&perf->header, line);
    perf->header_line = strbuf_str(&perf->header);
}

/* `line` may be a header. Its event and layout count only if a frame follows. */
static void hold_sample(struct perf *perf, str line)
{
    close_sample(perf);
    keep_header(perf, line);
    perf->place.open = perf->held = true;
    perf->firm = perf->kept = perf->has_frames = perf->tail_frame = perf->place.after_noise = false;
    perf->header_number = perf->line;
}

/* A frame, in a line of its own or after a header. */
static void add_sample_frame(struct perf *perf, str line)
{
    if (perf->held) { /* the held line was a header */
        struct perf_header header;
        perf->place.open = false;
        perf_header_parse(strbuf_str(&perf->header), &perf->place.layout, &header);
        perf->seen_header = true;
        open_sample(perf, &header, perf->header_number);
    }
    if (perf->tail_frame) {
        /* a stack follows, so the frame after the header was a data address */
        perf_stack_drop_frames(&perf->stack);
        perf->tail_frame = false;
    }
    if (perf->kept)
        perf_stack_add_frame(&perf->stack, line);
    perf->has_frames = perf->place.after_frame = true;
}

/* Whether the line of the header is repeated in the place of its stack. */
static bool is_header_again(const struct perf *perf, str line, const struct perf_header *header)
{
    return perf->place.open && perf->at_header && perf->firm && !perf->has_frames &&
           perf->place.layout.chains && !perf_line_is_flat(&perf->place.layout, line, header) &&
           str_equal(line, perf->header_line);
}

static void take_header(struct perf *perf, str line, const struct perf_header *header, str frame)
{
    if (is_header_again(perf, line, header)) {
        builder_skip(perf->builder, "a header that comes twice", perf->line);
        return;
    }
    if (!header->firm && frame.n == 0) {
        hold_sample(perf, line);
        return;
    }
    perf->seen_header = true;
    open_sample(perf, header, perf->line);
    perf->at_header = true;
    perf->header_line = line;
    perf->place.after_frame = false;
    if (frame.n > 0) {
        add_sample_frame(perf, frame);
        perf->tail_frame = true;
    }
}

/* A frame line. A sample without a header is a stack up to a blank line, or one line if there are
 * no blank lines (perf script -F ip,sym of a recording without call graphs). */
static void take_frame_line(struct perf *perf, const struct perf_line *parts)
{
    if (perf->place.open) {
        add_sample_frame(perf, parts->frame);
        return;
    }
    const struct perf_layout *layout = &perf->place.layout;
    bool torn = layout->pairs && perf->seen_blank && perf->blanks < 2;
    perf->blanks = 0;
    if (torn || perf->seen_header || (layout->known && layout->fields & ~(unsigned)PERF_IP)) {
        builder_skip(perf->builder, ORPHAN, perf->line);
        return;
    }
    open_sample(perf, &no_header, perf->line);
    add_sample_frame(perf, parts->frame);
    if (parts->flat && !perf->seen_blank)
        close_sample(perf);
}

static void take_blank(struct perf *perf)
{
    perf->blanks++;
    perf->at_header = false;
    close_sample(perf);
    perf->place.may_start = true;
    perf->seen_blank = true;
    perf->place.after_frame = perf->place.after_noise = false;
}

/* "# hostname : demo" */
static void take_comment(struct perf *perf, str line, bool maybe)
{
    perf_comment_add_fact(perf->builder->profile, line);
    perf->place.may_start = !maybe;
    if (maybe)
        hold_sample(perf, line);
    if (str_starts(line, STR("# ===")) && perf->seen_header && !perf->place.layout.fixed) {
        perf->place.layout.known = false; /* another recording */
        perf->place.layout.ids = PERF_IDS_UNKNOWN;
    }
}

/* Take a line if it is of a common kind: nearly all lines are. False for other lines. */
static bool take_usual(struct perf *perf, str line)
{
    struct perf_place *place = &perf->place;
    struct perf_header header;
    if (line.n == 0) {
        take_blank(perf);
        return true;
    }
    if (perf_frame_is_usual(line) && place->open) {
        perf->at_header = place->may_start = false;
        add_sample_frame(perf, line);
        return true;
    }
    if (perf->select.any || builder_wants_labels(perf->options) || is_blank(line.p[0]) ||
        line.p[0] == '|' || line.p[0] == '#' ||
        !perf_header_parse_again(line, &place->layout, &perf->memory, &header))
        return false;
    take_header(perf, line, &header, STR(""));
    place->may_start = false;
    return true;
}

static void take_perf_line(struct perf *perf, str line)
{
    struct perf_line parts;
    struct perf_place *place = &perf->place;
    if (take_usual(perf, line))
        return;
    enum perf_kind kind = perf_line_kind(place, line, &parts);
    place->after_noise &= is_blank(line.p[0]);
    bool starts = kind == PERF_LINE_BLANK || kind == PERF_LINE_COMMENT || kind == PERF_LINE_REST;
    place->may_start = starts || (place->may_start && kind == PERF_LINE_MESSAGE);
    if (kind == PERF_LINE_HEADER) {
        take_header(perf, line, &parts.header, parts.frame);
        perf_header_remember(&perf->memory, line, &parts.header);
        return;
    }
    perf->at_header = false;
    if (kind == PERF_LINE_SOURCE && perf->kept)
        perf_stack_add_source(&perf->stack, line);
    if (kind == PERF_LINE_FRAME)
        take_frame_line(perf, &parts);
    else if (kind == PERF_LINE_BLANK)
        take_blank(perf);
    else if (kind == PERF_LINE_SOURCE)
        place->after_frame = false;
    else if (kind == PERF_LINE_COMMENT)
        take_comment(perf, line, parts.maybe);
    else if (kind == PERF_LINE_RECORD)
        place->after_noise = true;
    else if ((kind == PERF_LINE_UNKNOWN || kind == PERF_LINE_MESSAGE) && !place->after_noise &&
             !str_starts(line, STR("[ perf record: ")))
        builder_skip(perf->builder, NEITHER, perf->line);
}

/* Take a frame line that need not be parsed. Its length, or 0. */
static size_t take_known_frame(struct perf *perf, str rest)
{
    if (rest.p[0] != '\t' || !perf->place.open || !perf->kept || perf->tail_frame)
        return 0;
    size_t n = perf_stack_add_known(&perf->stack, rest);
    if (n > 0)
        perf->has_frames = perf->place.after_frame = true;
    return n;
}

static bool start_file(struct perf *perf, str head, struct err *err)
{
    perf->place = (struct perf_place){.may_start = true};
    perf->seen_header = perf->seen_sample = perf->seen_blank = perf->at_header = false;
    perf->blanks = 1; /* as at the end of a file before */
    return perf_layout_start(&perf->place.layout, perf->builder, head, err);
}

static struct perf *open_state(struct builder *builder)
{
    struct perf *perf = heap_zero(builder->heap, 1, sizeof *perf);
    perf->builder = builder;
    perf->options = builder->options;
    perf->header.heap = builder->heap;
    perf->events.builder = builder;
    perf_stack_init(&perf->stack, builder);
    builder->state = perf;
    return perf;
}

static void take_block(struct perf *perf, struct line_loop *lines)
{
    str line = STR("");
    perf_stack_forget_lines(&perf->stack);
    while (lines->at < lines->block.n) {
        size_t known = take_known_frame(perf, line_loop_rest(lines));
        if (known > 0) {
            line_loop_take(lines, known);
            continue;
        }
        line_loop_next(lines, &line);
        perf->line = lines->number;
        take_perf_line(perf, line);
    }
    perf->line = lines->number;
    if (perf->at_header && perf->header_line.p != perf->header.bytes.at)
        keep_header(perf, perf->header_line);
}

static bool perf_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct perf *perf = builder->state ? builder->state : open_state(builder);
    struct line_loop lines = {.input = input};
    bool cut = false;
    if (!perf_select_open(&perf->select, builder->options, err) ||
        (!perf->follows && !start_file(perf, reader_input_peek(input, READER_HEAD), err)))
        return false;
    builder->profile->unwound = true;
    perf->err = err;
    while (line_loop_fill(&lines)) {
        take_block(perf, &lines);
        cut = perf_frame_is_cut_off(lines.block);
    }
    if (perf->place.open && cut)
        builder_skip(perf->builder, "the input ends in the middle of it", perf->line);
    close_sample(perf);
    settle_first_sample(perf, false);
    return err->code == ERR_NONE;
}

/* Whether headers have ids, and the event is known. Then a sample after an empty line depends on no
 * line before it except comments. Label rules are of one thread. */
static bool is_settled(const struct perf *perf)
{
    const struct profile *profile = perf->builder->profile;
    return perf->place.layout.ids == PERF_IDS_PRINTED && perf->seen_header && perf->seen_blank &&
           perf->place.may_start && !perf->place.open && !perf->place.after_noise &&
           !builder_wants_labels(perf->options) &&
           (profile->events.n > 0 || perf->options->event_filter.n > 0);
}

static bool perf_follow(struct builder *other, const struct builder *leader)
{
    const struct perf *from = leader->state;
    if (!from || !is_settled(from) || !other)
        return from && is_settled(from);
    struct perf *perf = open_state(other);
    perf->place = (struct perf_place){.layout = from->place.layout, .may_start = true};
    perf->memory = from->memory;
    perf->seen_header = perf->seen_blank = perf->follows = true;
    return true;
}

static void perf_close(struct builder *builder)
{
    struct perf *perf = builder->state;
    perf_stack_end(&perf->stack);
    strbuf_end(&perf->header);
    perf_events_finish(builder->profile, perf->periods);
    heap_free(builder->heap, perf);
}

const struct reader reader_perf = {
    .name = "perf",
    .help = "the text that perf script prints",
    .never_idle = true,
    .usual = true,
    .options = READER_SELECTS | READER_FIELDS | READER_EVENTS | READER_INLINES,
    .bid = perf_bid,
    .read = perf_read,
    .close = perf_close,
    .follow = perf_follow,
    .gap_lines = 2,
    .mixes = true,
};
