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
#include "read/reader.h"

#include "read/perf_bid.h"
#include "read/perf_event.h"
#include "read/perf_frame.h"
#include "read/perf_header.h"
#include "read/perf_stack.h"

#define NEITHER "neither a header nor a frame of perf script"
#define ORPHAN  "a frame without a header"

struct perf {
    struct profile *profile;
    const struct read_options *options;
    struct perf_events events;
    struct perf_stack stack;

    /* the sample at hand */
    bool open;
    bool firm;       /* it counts even without a frame */
    bool kept;       /* its event is the one asked for */
    bool has_frames; /* lines, not names */
    bool tail_frame; /* the only one so far stood behind the header */
    uint64_t weight;
    uint64_t header_line;

    /* of the file at hand */
    const char *file;
    uint64_t line;
    struct perf_layout layout;
    struct perf_header_memory memory;
    bool seen_header;
    bool seen_blank;
    bool may_start;   /* nothing has come since the last blank line */
    bool after_frame; /* a source line may come */
    bool after_noise; /* the rest of a record may come */
};

static void note(struct perf *perf, const char *reason, uint64_t line)
{
    tally_note(&perf->profile->tally, reason, perf->file, line);
}

/* Count the sample at hand. */
static void close_sample(struct perf *perf)
{
    if (!perf->open)
        return;
    perf->open = false;
    if (!perf->has_frames && !perf->firm)
        note(perf, NEITHER, perf->header_line);
    else if (perf->kept)
        perf_stack_finish(&perf->stack, perf->weight);
}

static void open_sample(struct perf *perf, const struct perf_header *header)
{
    close_sample(perf);
    perf->open = true;
    perf->after_noise = false;
    perf->firm = header && header->firm;
    perf->has_frames = perf->tail_frame = false;
    perf->weight = 1;
    perf->header_line = perf->line;
    perf->kept = perf_events_count(&perf->events, header ? header->event : STR(""), perf->line);
    bool weighs = header && header->has_period && header->period > 0;
    if (weighs && perf->options->weight == READ_WEIGHT_PERIOD)
        perf->weight = header->period;
    if (perf->kept)
        perf_stack_start(&perf->stack, header);
}

/* A frame, in a line of its own or behind a header. */
static bool take_frame(struct perf *perf, str line)
{
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
    open_sample(perf, &header);
    perf->seen_header = true;
    return true;
}

static bool take_header(struct perf *perf, str line)
{
    struct perf_header header;
    if (!perf_header_parse(line, &perf->layout, &header))
        return false;
    if (header.noise) {
        perf->after_noise = true;
        return true;
    }
    if (!header.firm && !perf->may_start)
        return false; /* a broken line in the middle of a stack */
    open_sample(perf, &header);
    perf->seen_header = true;
    perf_header_remember(&perf->memory, line, &header);
    str frame = perf_frame_behind_event(header.tail);
    if (frame.n > 0)
        perf->tail_frame = take_frame(perf, frame);
    return true;
}

/* A frame of a sample that has no header: a stack up to a blank line, or one line when there are
 * no blank lines (perf script -F ip,sym of a recording without call graphs). */
static bool take_frame_alone(struct perf *perf, str line)
{
    size_t start = perf_frame_text_start(line);
    if (start == 0)
        return false;
    if (perf->seen_header) {
        note(perf, ORPHAN, perf->line);
        return true;
    }
    bool flat = line.p[0] == ' ' && !perf->seen_blank && start <= PERF_FRAME_FLAT_END + 1;
    open_sample(perf, NULL);
    take_frame(perf, line);
    if (flat)
        close_sample(perf);
    return true;
}

static bool take_any_frame(struct perf *perf, str line)
{
    return perf->open ? take_frame(perf, line) : take_frame_alone(perf, line);
}

/* A line that starts with a blank, or with a number that may be an address. */
static bool take_unclear(struct perf *perf, str line)
{
    size_t start = perf_frame_text_start(line);
    bool source = perf->after_frame && line.n > 2 && line.p[0] == ' ' && line.p[1] == ' ' &&
                  !is_blank(line.p[2]);
    if (start == 0 && source) {
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
    static const struct {
        str label, key;
    } facts[] = {{STR_INIT("# hostname"), STR_INIT("host")},
                 {STR_INIT("# captured on"), STR_INIT("captured")},
                 {STR_INIT("# os release"), STR_INIT("kernel")},
                 {STR_INIT("# arch"), STR_INIT("arch")},
                 {STR_INIT("# cpudesc"), STR_INIT("cpu")},
                 {STR_INIT("# cmdline"), STR_INIT("command")},
                 {STR_INIT("# sample duration"), STR_INIT("duration")}};
    perf->may_start = true;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (!str_starts(line, facts[i].label))
            continue;
        str value = str_trim_left(str_skip(line, facts[i].label.n));
        if (str_starts(value, STR(":")))
            profile_add_fact(perf->profile, facts[i].key, str_trim(str_skip(value, 1)));
    }
    if (str_starts(line, STR("# ===")))
        perf->layout = (struct perf_layout){PERF_IDS_UNKNOWN};
}

/* Lines of known kinds that tell nothing of the stack. */
static bool is_known(str line)
{
    bool source_code = line.p[0] == '|' && line.n > 1 && is_digit(line.p[1]);  /* -F +srccode */
    return source_code || str_starts(line, STR(" insn: ")) ||                  /* -F +insn */
           str_starts(line, STR(" ilen: ")) || str_starts(line, STR(" 0x")) || /* brstack */
           str_trim(line).n == 0;
}

static void take_line(struct perf *perf, str line)
{
    perf->line++;
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    if (line.n == 0) {
        take_blank(perf);
        return;
    }
    char c = line.p[0];
    bool taken;
    if (c == '#') {
        take_comment(perf, line);
        return;
    }
    if (c == '\t' && take_any_frame(perf, line))
        return;
    if (!is_blank(c) && c != '|' && take_header_again(perf, line)) {
        perf->may_start = false;
        return;
    }
    if (is_known(line))
        return;
    perf->after_noise &= is_blank(c);
    if (is_blank(c) || perf_frame_text_start(line) > 0)
        taken = take_unclear(perf, line);
    else
        taken = take_header(perf, line);
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
    if (n > 0) {
        perf->line++;
        perf->has_frames = perf->after_frame = true;
    }
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

static void *perf_open(struct profile *profile, const struct read_options *options)
{
    struct perf *perf = heap_zero(profile->heap, 1, sizeof *perf);
    perf->profile = profile;
    perf->options = options;
    perf->events = (struct perf_events){.profile = profile, .filter = options->event_filter};
    perf_stack_init(&perf->stack, profile, options);
    start_file(perf);
    return perf;
}

/* How much of `block` was taken: whole lines, at the end of the file all. */
static size_t take_lines(struct perf *perf, str block, bool at_end)
{
    size_t at = 0;
    perf_stack_forget_lines(&perf->stack);
    while (at < block.n) {
        size_t known = take_known(perf, str_skip(block, at));
        at += known;
        if (known > 0)
            continue;
        size_t end = str_find(block, '\n', at);
        if (end == block.n && !at_end)
            break;
        take_line(perf, str_cut(block, at, end));
        at = end < block.n ? end + 1 : end;
    }
    return at;
}

/* A frame without its module's end, or none yet. What there is of it was used; what would have come
 * behind it is lost. */
static bool is_cut_off(str block)
{
    size_t before = str_find_last(block, '\n');
    str line = before < block.n ? str_skip(block, before + 1) : block;
    bool frame = perf_frame_text_start(line) > 0 || str_trim(line).n == 0;
    return line.n > 0 && is_blank(line.p[0]) && frame && !str_ends(line, STR(")"));
}

static size_t perf_eat(void *state, str block, bool at_end, const char *file)
{
    struct perf *perf = state;
    perf->file = file;
    size_t taken = take_lines(perf, block, at_end);
    if (at_end) {
        if (perf->open && is_cut_off(block))
            note(perf, "the input ends in the middle of it", perf->line);
        close_sample(perf);
        perf->profile->lines += perf->line;
        start_file(perf);
    }
    return taken;
}

/* Headers are printed with ids, and the event that is kept is known: then nothing but a comment
 * changes what a sample behind a blank line means. */
static uint64_t perf_part_lines(const void *state)
{
    const struct perf *perf = state;
    bool settled = perf->layout.ids == PERF_IDS_PRINTED && perf->seen_header && perf->seen_blank &&
                   perf->may_start && !perf->open && !perf->after_noise &&
                   (perf->profile->events.n > 0 || perf->options->event_filter.n > 0);
    return settled ? perf->line : 0;
}

static void perf_follow(void *other, const void *state)
{
    struct perf *perf = other;
    const struct perf *leader = state;
    perf->layout = leader->layout;
    perf->memory = leader->memory;
    perf->seen_header = perf->seen_blank = perf->may_start = true;
    perf->open = perf->after_frame = perf->after_noise = false;
}

static void perf_eat_part(void *state, str part, uint64_t lines, const char *file)
{
    struct perf *perf = state;
    perf->file = file;
    perf->line = lines;
    take_lines(perf, part, false);
}

static void perf_send(void *state, struct parcel *parcel)
{
    struct perf *perf = state;
    perf_stack_send(&perf->stack, parcel);
}

static void perf_take_in(void *state, struct parcel *parcel, const uint32_t *names)
{
    struct perf *perf = state;
    perf_stack_take_in(&perf->stack, parcel, names);
}

static const struct reader_parts perf_parts = {
    .line_ends = 2,
    .lines = perf_part_lines,
    .follow = perf_follow,
    .eat = perf_eat_part,
    .send = perf_send,
    .take_in = perf_take_in,
};

static void perf_finish(void *state)
{
    struct perf *perf = state;
    perf_stack_end(&perf->stack);
    perf_events_tell(perf->profile);
}

const struct reader reader_perf = {
    .name = "perf",
    .help = "the text that perf script prints",
    .bid = perf_bid,
    .open = perf_open,
    .eat = perf_eat,
    .finish = perf_finish,
    .parts = &perf_parts,
};
