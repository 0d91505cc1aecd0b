/* SPDX-License-Identifier: MIT */
/*
 * folded_reader: stacks as text, one per line (doc/format.md, section 3).
 *
 *      java;start_thread;JavaMain 12
 *      java;start_thread;Compile 3.5
 *      java;start_thread;JavaMain 12 15        two columns, if every line has two
 *
 * A line is a comment if it begins with "# ", or if it begins with '#' and ends in no count:
 * "#irc;main 5" is a stack. Blanks before the '#' are skipped. A line of a blank and a count is
 * self weight of the root.
 *
 * Only the end of the input shows whether it has two columns, since "operator new 8 10" can be a
 * name that ends in a number. If the first lines have two counts, the input is read into a separate
 * profile as if all had. The first line with one count makes the reader start again.
 */
#include "core/num.h"
#include "format/folded/folded.h"
#include "format/reader.h"

enum { DIALECT_BID = 72 }; /* the highest bid for folded stacks */

struct folded {
    struct builder *builder;
    struct folded_walk walk;
    bool two;         /* read two counts from each line */
    bool two_given;   /* because the header line says so */
    bool one_found;   /* a line has one count, so there is one column */
    bool undecided;   /* the input may have two columns */
    bool is_follower; /* of another reader, see folded_follow() */
};

/* ---- lines ---- */

/* The fast path for "a;b 12": a stack, one blank and a few digits. */
static bool cut_count(str *line, uint64_t *count)
{
    uint64_t value = 0, power = 1;
    size_t at = line->n, least = at > 18 ? at - 18 : 0;
    for (; at > least && is_digit(line->p[at - 1]); at--, power *= 10)
        value += power * (uint64_t)(line->p[at - 1] - '0');
    if (at < 2 || at == line->n || line->p[at - 1] != ' ')
        return false;
    *line = str_head(*line, at - 1);
    *count = value;
    return true;
}

static const char *refuse_count(const struct num_decimal *count)
{
    if (count->large)
        return "count too large";
    if (count->vanished)
        return "a count that rounds to 0";
    return count->negative ? "negative count" : "no count at the end of the line";
}

/* A line ends in a blank and a count. */
static bool looks_folded(str line)
{
    struct num_decimal count;
    return folded_cut_count(&line, &count);
}

/* `line` begins with '#'. */
static bool is_folded_comment(str line)
{
    return str_starts(line, STR("# ")) || !looks_folded(line);
}

/* Returns NULL, or the reason to skip the line. */
static const char *read_folded_stack(struct folded *folded, str line)
{
    struct num_decimal count = {0}, before = {0};
    str word, stack = line;
    if (!cut_count(&stack, &count.units)) {
        bool has_stack = folded_cut_word(&stack, &word);
        if (!num_parse_decimal(word, &count) || count.vanished)
            return refuse_count(&count);
        if (!has_stack)
            return "no stack before the count";
    }
    if (folded->two && !folded_cut_count(&stack, &before)) {
        folded->one_found = !folded->two_given;
        return "one count, where the header line says two";
    }
    if (before.large || before.negative || before.vanished)
        return refuse_count(&before);
    struct stack_weight weight = {
        .units = count.units,
        .decimals = count.decimals,
        .before = before.units,
        .before_decimals = before.decimals,
        .has_units = count.units != 0 || !folded->two,
        .has_before = before.units != 0,
    };
    folded_walk_add(&folded->walk, folded_trim_empty(stack), &weight);
    return NULL;
}

static bool is_stack(str line)
{
    str text = str_trim_left(line);
    return text.n > 0 && !(text.p[0] == '#' && is_folded_comment(text));
}

/* A header line applies to the whole input, wherever it is. */
static void read_comment(struct folded *folded, str line, uint64_t number)
{
    struct builder *builder = folded->builder;
    struct profile *profile = builder->profile;
    struct folded_header header;
    if (!folded_header_parse(str_trim_left(line), &header, profile, &profile->arena))
        return;
    if (header.has_samples)
        builder_samples(builder, header.samples, header.squares);
    profile->process_is_root |= header.process_is_root;
    if (str_equal(header.unit, STR("unknown")))
        return;
    struct value_type value_type = value_type_of(header.type, header.unit);
    if (profile->value_type.unit.n > 0 && !str_equal(profile->value_type.unit, header.unit))
        builder_skip(builder, "its unit differs from the unit before", number);
    else
        profile_set_value_type(profile, &value_type);
}

/* False if there is one column after all. */
static bool read_folded_lines(struct folded *folded, struct reader_input *input)
{
    struct line_loop lines = {.input = input};
    str line;
    folded_walk_restart(&folded->walk);
    while (line_loop_fill(&lines)) {
        while (line_loop_next(&lines, &line)) {
            const char *reason = NULL;
            if (is_stack(line))
                reason = read_folded_stack(folded, line);
            else if (line.n > 0)
                read_comment(folded, line, lines.number);
            if (reason)
                builder_skip(folded->builder, reason, lines.number);
            if (folded->one_found)
                return false;
        }
        folded_walk_keep(&folded->walk);
    }
    return true;
}

/* Read the input as two columns. False if there is a line with one count. */
static bool read_two_columns(struct builder *builder, struct reader_input *input, bool given)
{
    struct profile *profile = builder->profile, pairs;
    struct builder sub;
    struct folded folded = {.builder = &sub, .two = true, .two_given = given};
    profile_init(&pairs, builder->heap, profile->tree.seed, profile->tree.in_order);
    tree_set_sides(&pairs.tree);
    builder_init(&sub, &pairs, builder->options);
    builder_start(&sub, builder->file);
    folded_walk_init(&folded.walk, &sub);
    if (!given)
        reader_input_keep(input);
    bool good = read_folded_lines(&folded, input);
    folded_walk_end(&folded.walk);
    builder_end(&sub);
    if (good)
        profile_merge(profile, &pairs, profile->events.n);
    else
        reader_input_rewind(input);
    profile_end(&pairs);
    reader_input_forget(input);
    return good;
}

/* Bid by the first whole lines. Lines that look folded are good; those of them that have a ';'
 * are `joined`.
 *
 * A line with a NUL is bad: it is damaged, or binary data. A bid of 15 wins if no other reader
 * bids. A line that begins with a blank is bad, too, as names rarely do and rows of tables often
 * do; such lines are accepted only if no other line is bad. A first line longer than the head
 * can be a deep stack. */
static int folded_bid(str head)
{
    unsigned good = 0, bad = 0, joined = 0, indented = 0;
    size_t at = 0;
    str line;
    if (folded_dialect_find(head) != FOLDED_PLAIN && !memchr(head.p, '\0', head.n))
        return DIALECT_BID;
    while (good + bad < 64 && str_next_line(head, &at, &line)) {
        bool whole = at <= head.n;
        if (!whole && good + bad > 0)
            break;
        if (str_trim(line).n == 0 || (line.p[0] == '#' && is_folded_comment(line)))
            continue;
        bool blank = is_blank(line.p[0]);
        bool is_deep = !whole && head.n >= READER_HEAD && !blank && str_find(line, ';', 0) < line.n;
        bool fits = looks_folded(line) || is_deep;
        indented += fits && blank;
        fits = fits && !blank;
        good += fits;
        bad += !fits;
        joined += fits && str_find(line, ';', 0) < line.n;
    }
    if (bad == indented && good + bad > 0 && !memchr(head.p, '\0', head.n))
        return joined > 0 ? 70 : good > 0 ? 20 : 5;
    if (good == 0 || (joined == 0 && good < bad * 3))
        return 0;
    if (good < bad * 3 || memchr(head.p, '\0', head.n))
        return joined * 3 >= bad && joined > 0 ? 15 : 0;
    return joined > 0 ? 70 : 20;
}

/* No whole stack in the first bytes has only one count. */
static bool may_have_two_columns(str head)
{
    struct num_decimal count;
    str line;
    bool first = true;
    for (size_t at = 0; str_next_line(head, &at, &line); first = false) {
        if (at > head.n && (!first || head.n >= READER_HEAD))
            break;
        if (is_stack(line) && folded_cut_count(&line, &count) && !folded_cut_count(&line, &count))
            return false;
    }
    return true;
}

/* The number of columns in a header line; 0 if there is none in the first bytes. */
static unsigned find_header_columns(str head, struct arena *arena)
{
    struct folded_header header;
    str line;
    for (size_t at = 0; str_next_line(head, &at, &line);)
        if (folded_header_parse(line, &header, NULL, arena) && header.columns > 0)
            return header.columns;
    return 0;
}

static struct folded *open_folded(struct builder *builder)
{
    struct folded *folded = heap_alloc(builder->heap, 1, sizeof *folded);
    *folded = (struct folded){.builder = builder};
    folded_walk_init(&folded->walk, builder);
    builder->state = folded;
    return folded;
}

static bool folded_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    if (!builder->state)
        open_folded(builder);
    struct folded *folded = builder->state;
    if (!folded->is_follower) {
        str head = reader_input_peek(input, READER_HEAD);
        enum folded_dialect dialect = folded_dialect_find(head);
        folded->undecided = true;
        if (dialect != FOLDED_PLAIN)
            return folded_dialect_read(dialect, builder, input, err);
        unsigned columns = find_header_columns(head, &builder->profile->arena);
        folded->undecided = columns == 2 || (columns == 0 && may_have_two_columns(head));
        if (folded->undecided && read_two_columns(builder, input, columns == 2))
            return true;
        folded->undecided = false;
    }
    read_folded_lines(folded, input);
    return true;
}

static bool folded_follow(struct builder *other, const struct builder *leader)
{
    const struct folded *from = leader->state;
    if (other && !from->undecided)
        open_folded(other)->is_follower = true;
    return !from->undecided;
}

static void folded_close(struct builder *builder)
{
    struct folded *folded = builder->state;
    folded_walk_end(&folded->walk);
    heap_free(builder->heap, folded);
}

const struct reader reader_folded = {
    .name = "folded",
    .never_idle = true,
    .usual = true,
    .help = "folded stacks: frames joined by ';', a blank, the weight",
    .bid = folded_bid,
    .highest_bid = DIALECT_BID,
    .read = folded_read,
    .close = folded_close,
    .follow = folded_follow,
    .gap_lines = 1,
    .mixes = true,
};
