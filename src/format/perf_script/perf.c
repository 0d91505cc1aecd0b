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
 * Without call graphs the frame stands behind the header, on the same line, and there are no blank
 * lines; perf script -F can leave out any field, down to frames alone.
 *
 * Behind a blank line nothing is left of a sample, once the first ones have told which event is
 * kept (perf_events) and how headers are laid out (`layout`, `seen_header`, `seen_blank`): then
 * several readers can take the parts between blank lines. Caches and processes are a reader's own.
 */
#include "format/reader.h"

#include "format/perf_script/perf_bid.h"
#include "format/perf_script/perf_event.h"
#include "format/perf_script/perf_frame.h"
#include "format/perf_script/perf_header.h"
#include "format/perf_script/perf_other_line.h"
#include "format/perf_script/perf_stack.h"

#define NEITHER "neither a header nor a frame of perf script"
#define ORPHAN  "a frame without a header"

struct perf {
    struct builder *builder;
    const struct read_options *options;
    struct perf_events events;
    struct perf_stack stack;
    bool periods; /* some weight was one */

    /* the sample at hand */
    bool open;
    bool firm;        /* it counts even without a frame */
    bool kept;        /* its event is the one asked for */
    bool has_frames;  /* lines, not names */
    bool tail_frame;  /* the only one so far stood behind the header */
    bool held;        /* nothing is known but a line that is its header if a frame follows */
    VEC(char) header; /* that line */
    uint64_t weight;
    uint64_t header_line;

    /* of the file at hand */
    uint64_t line;
    struct perf_layout layout;
    struct perf_header_memory memory;
    bool seen_header;
    bool seen_blank;
    bool may_start;   /* nothing has come since the last blank line */
    bool after_frame; /* a source line may come */
    bool after_noise; /* the rest of a record may come */
    bool follows;     /* the state is that of another reader between two samples */
};

static void note(struct perf *perf, const char *reason, uint64_t line)
{
    builder_skip(perf->builder, reason, line);
}

/* Count the sample at hand. A line with '#' in front that is no header after all is a comment. */
static void close_sample(struct perf *perf)
{
    bool good = perf->has_frames || perf->firm;
    if (!perf->open)
        return;
    perf->open = false;
    if (!good && !(perf->held && perf->header.at[0] == '#'))
        note(perf, NEITHER, perf->header_line);
    else if (good && perf->kept)
        perf_stack_finish(&perf->stack, perf->weight);
    perf->held = false;
}

static void open_sample(struct perf *perf, const struct perf_header *header, uint64_t line)
{
    close_sample(perf);
    perf->open = true;
    perf->after_noise = false;
    perf->firm = header && header->firm;
    perf->held = perf->has_frames = perf->tail_frame = false;
    perf->weight = 1;
    perf->header_line = line;
    perf->kept = perf_events_count(&perf->events, header ? header->event : STR(""), line);
    perf->seen_header |= header != NULL;
    bool weighs = header && header->has_period && header->period > 0;
    if (weighs && perf->options->weight == READ_WEIGHT_PERIOD) {
        perf->weight = header->period;
        perf->periods = true;
    }
    if (perf->kept)
        perf_stack_start(&perf->stack, header);
}

/* `line` may be a header, or anything else in front of a header: what it says of events and of the
 * layout is believed when a frame follows. */
static void hold_sample(struct perf *perf, str line)
{
    close_sample(perf);
    vec_reserve(perf->builder->heap, &perf->header, line.n);
    memcpy(perf->header.at, line.p, line.n);
    perf->header.n = line.n;
    perf->open = perf->held = true;
    perf->firm = perf->kept = perf->has_frames = perf->tail_frame = perf->after_noise = false;
    perf->header_line = perf->line;
}

/* A frame follows the line that is held. */
static void open_held_sample(struct perf *perf)
{
    struct perf_header header;
    perf->open = false;
    perf_header_parse(str_of(perf->header.at, perf->header.n), &perf->layout, &header);
    open_sample(perf, &header, perf->header_line);
}

/* A frame, in a line of its own or behind a header. */
static bool take_frame(struct perf *perf, str line)
{
    if (perf->held && perf_frame_text_start(line) > 0)
        open_held_sample(perf);
    if (perf->tail_frame && perf_frame_text_start(line) > 0) {
        /* a stack follows: what stood behind the header was an address of data */
        perf_stack_drop_frames(&perf->stack);
        perf->tail_frame = false;
    }
    bool good = perf->kept ? perf_stack_add_frame(&perf->stack, line)
                           : perf_frame_text_start(line) > 0;
    perf->has_frames |= good;
    perf->after_frame = good;
    return good;
}

/* A header like the last one. */
static bool take_header_again(struct perf *perf, str line)
{
    struct perf_header header;
    if (!perf_header_parse_again(line, &perf->layout, &perf->memory, &header))
        return false;
    open_sample(perf, &header, perf->line);
    return true;
}

static bool take_header(struct perf *perf, str line)
{
    struct perf_layout layout = perf->layout;
    struct perf_header header;
    if (!perf_header_parse(line, &layout, &header))
        return false;
    if (header.noise) {
        perf->after_noise = true;
        return true;
    }
    if (!header.firm && !perf->may_start)
        return false; /* a broken line in the middle of a stack */
    str frame = perf_frame_behind_event(header.tail);
    if (!header.firm && frame.n == 0) {
        hold_sample(perf, line);
        return true;
    }
    perf->layout = layout;
    open_sample(perf, &header, perf->line);
    perf_header_remember(&perf->memory, line, &header);
    if (frame.n > 0)
        perf->tail_frame = take_frame(perf, frame);
    return true;
}

/* A frame. Of a sample that has no header: a stack up to a blank line, or a line when there are no
 * blank lines (perf script -F ip,sym of a recording without call graphs). */
static bool take_any_frame(struct perf *perf, str line)
{
    size_t start = perf_frame_text_start(line);
    if (perf->open)
        return take_frame(perf, line);
    if (start == 0)
        return false;
    if (perf->seen_header) {
        note(perf, ORPHAN, perf->line);
        return true;
    }
    bool flat = line.p[0] == ' ' && !perf->seen_blank && start <= PERF_FRAME_FLAT_END + 1;
    open_sample(perf, NULL, perf->line);
    take_frame(perf, line);
    if (flat)
        close_sample(perf);
    return true;
}

/* A line that starts with a blank, or with a number that may be an address. */
static bool take_unclear(struct perf *perf, str line)
{
    size_t start = perf_frame_text_start(line);
    if (start == 0 && perf->after_frame && perf_other_is_source(line)) {
        if (perf->kept)
            perf_stack_add_source(&perf->stack, line);
        perf->after_frame = false;
        return true;
    }
    bool indented = is_blank(line.p[0]);
    bool ends_frame = str_ends(str_trim_right(line), STR(")"));
    bool frame_behind = start > 0 && perf_frame_is_padded(str_skip(line, start));
    if (start == 0 || frame_behind || (!indented && !ends_frame) || perf_header_is_timed(line))
        return take_header(perf, line) || (start > 0 && take_any_frame(perf, line));
    return take_any_frame(perf, line);
}

static void take_blank(struct perf *perf)
{
    close_sample(perf);
    perf->may_start = true;
    perf->seen_blank = true;
    perf->after_frame = perf->after_noise = false;
}

/* "# hostname : demo" */
static void take_comment(struct perf *perf, str line)
{
    perf->may_start = true;
    perf_comment_add_fact(perf->builder->profile, line);
    if (str_starts(line, STR("# ===")))
        perf->layout = (struct perf_layout){PERF_IDS_UNKNOWN};
}

/* False when `line`, which begins with '#', is a header for sure. */
static bool take_hash(struct perf *perf, str line)
{
    enum perf_comment kind = perf_comment_kind(line);
    if (kind == PERF_COMMENT_HEADER)
        return false;
    if (kind == PERF_COMMENT_MAYBE && perf->may_start)
        hold_sample(perf, line);
    else
        take_comment(perf, line);
    return true;
}

static void take_line(struct perf *perf, str line)
{
    if (line.n == 0) {
        take_blank(perf);
        return;
    }
    char c = line.p[0];
    if (c == '#' && take_hash(perf, line))
        return;
    if (c == '\t' && take_any_frame(perf, line))
        return;
    if (!is_blank(c) && c != '|' && take_header_again(perf, line)) {
        perf->may_start = false;
        return;
    }
    if (perf_other_is_known(line))
        return;
    perf->after_noise &= is_blank(c);
    bool unclear = is_blank(c) || perf_frame_text_start(line) > 0;
    bool taken = unclear ? take_unclear(perf, line) : take_header(perf, line);
    if (!taken && !perf->after_noise) /* else the rest of a record */
        note(perf, NEITHER, perf->line);
    perf->may_start = false;
}

/* A line that needs not be taken apart: how many bytes it takes, 0 when there is none. */
static size_t take_known(struct perf *perf, str rest)
{
    if (rest.p[0] != '\t' || !perf->open || !perf->kept || perf->tail_frame)
        return 0;
    size_t n = perf_stack_add_known(&perf->stack, rest);
    if (n > 0)
        perf->has_frames = perf->after_frame = true;
    return n;
}

static void start_file(struct perf *perf)
{
    perf->line = 0;
    perf->layout = (struct perf_layout){PERF_IDS_UNKNOWN};
    perf->seen_header = perf->seen_blank = false;
    perf->after_frame = perf->after_noise = false;
    perf->may_start = true;
}

static struct perf *open_state(struct builder *builder)
{
    struct perf *perf = heap_zero(builder->heap, 1, sizeof *perf);
    perf->builder = builder;
    perf->options = builder->options;
    perf->events.profile = builder->profile;
    perf->events.filter = builder->options->event_filter;
    perf_stack_init(&perf->stack, builder);
    builder->state = perf;
    return perf;
}

static void take_block(struct perf *perf, struct line_loop *lines)
{
    str line = STR("");
    perf_stack_forget_lines(&perf->stack);
    while (lines->at < lines->block.n) {
        size_t known = take_known(perf, line_loop_rest(lines));
        if (known > 0) {
            line_loop_take(lines, known);
            continue;
        }
        line_loop_next(lines, &line);
        perf->line = lines->number;
        take_line(perf, line);
    }
    perf->line = lines->number;
}

static bool perf_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct perf *perf = builder->state ? builder->state : open_state(builder);
    struct line_loop lines = {.input = input};
    bool cut = false;
    (void)err;
    if (!perf->follows)
        start_file(perf);
    builder->profile->unwound = true;
    while (line_loop_fill(&lines)) {
        take_block(perf, &lines);
        cut = perf_frame_is_cut_off(lines.block);
    }
    if (perf->open && cut)
        note(perf, "the input ends in the middle of it", perf->line);
    close_sample(perf);
    return true;
}

/* Headers are printed with ids, and the event that is kept is known: then nothing but a comment
 * changes what a sample after an empty line means. */
static bool is_settled(const struct perf *perf)
{
    const struct profile *profile = perf->builder->profile;
    return perf->layout.ids == PERF_IDS_PRINTED && perf->seen_header && perf->seen_blank &&
           perf->may_start && !perf->open && !perf->after_noise &&
           (profile->events.n > 0 || perf->options->event_filter.n > 0);
}

static bool perf_follow(struct builder *other, const struct builder *leader)
{
    const struct perf *from = leader->state;
    if (!from || !is_settled(from) || !other)
        return from && is_settled(from);
    struct perf *perf = open_state(other);
    perf->layout = from->layout;
    perf->memory = from->memory;
    perf->seen_header = perf->seen_blank = perf->may_start = perf->follows = true;
    return true;
}

static void perf_close(struct builder *builder)
{
    struct perf *perf = builder->state;
    perf_stack_end(&perf->stack);
    vec_free(builder->heap, &perf->header);
    perf_events_add_fact(builder->profile);
    perf_events_set_value_type(builder->profile, perf->periods);
    heap_free(builder->heap, perf);
}

const struct reader reader_perf = {
    .name = "perf",
    .help = "the text that perf script prints",
    .bid = perf_bid,
    .read = perf_read,
    .close = perf_close,
    .follow = perf_follow,
    .gap_lines = 2,
};
