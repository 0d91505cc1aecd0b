/*
 * folded_reader: stacks as text, one a line (doc/format.md, section 3).
 *
 *      java;start_thread;JavaMain 12
 *      java;start_thread;Compile 3.5
 *      java;start_thread;JavaMain 12 15        two columns, when every line has them
 *
 * After blanks, a line is a comment when it begins with a hash and a blank, or with a hash and has
 * no count at its end: "#irc;main 5" is a stack.
 *
 * A line of a blank and a count is weight of the root itself.
 *
 * Whether a file has two columns is certain only at its end ("operator new 8 10" may be a name that
 * ends in a number). If the first lines have two, the file is read as if all had, into a profile of
 * its own; a line that has only one makes the reader start again.
 */
#include "core/num.h"
#include "format/folded/folded_header.h"
#include "format/folded/folded_walk.h"
#include "format/reader.h"

struct folded {
    struct builder *builder;
    struct folded_walk walk;
    bool two;     /* each line has two counts, */
    bool sure;    /* the header line says so; */
    bool wrong;   /* else a line shows that it is not so */
    bool busy;    /* with an input that may have two columns */
    bool follows; /* it reads on where another reader is */
};

/* Cut the last word off `line` with one blank before it: others belong to the name of the frame,
 * which may end in blanks, or be one. False when there is no blank. */
static bool cut_word(str *line, str *word)
{
    *line = str_trim_right(*line);
    size_t at = line->n;
    while (at > 0 && !is_blank(line->p[at - 1]))
        at--;
    *word = str_skip(*line, at);
    if (at > 0)
        *line = str_head(*line, at - 1);
    return at > 0;
}

/* "a;b 12": most lines are a stack, a blank and a few digits. False: look more closely. */
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

static const char *refuse(const struct num_decimal *count)
{
    if (count->large)
        return "count too large";
    return count->negative ? "negative count" : "no count at the end of the line";
}

/* A number, if not one that can be used. */
static bool is_count(str word, struct num_decimal *count)
{
    return num_parse_decimal(word, count) || count->large || count->negative;
}

/* `line` begins with '#'. */
static bool is_comment(str line)
{
    struct num_decimal count;
    str word, stack = line;
    return str_starts(line, STR("# ")) || !cut_word(&stack, &word) || !is_count(word, &count);
}

/* The count before the last one, cut off `stack`. False when there is none: the line has one
 * column. */
static bool cut_before(str *stack, struct num_decimal *before)
{
    str word;
    return cut_word(stack, &word) && is_count(word, before);
}

/* Frames without a name at the ends of a stack are none: ";a;" is "a". */
static str trim_frames(str stack)
{
    while (stack.n > 0 && stack.p[0] == ';')
        stack = str_skip(stack, 1);
    while (stack.n > 0 && stack.p[stack.n - 1] == ';')
        stack.n--;
    return stack;
}

/* NULL when the line went into the tree, else why not. */
static const char *take_stack(struct folded *folded, str line)
{
    struct num_decimal count = {0}, before = {0};
    str word, stack = line;
    if (!cut_count(&stack, &count.units)) {
        bool has_stack = cut_word(&stack, &word);
        if (!num_parse_decimal(word, &count))
            return refuse(&count);
        if (!has_stack)
            return "no stack before the count";
    }
    if (folded->two && !cut_before(&stack, &before)) {
        folded->wrong = !folded->sure;
        return "one count, where the header line says two";
    }
    if (before.large || before.negative)
        return refuse(&before);
    struct stack_weight weight = {
        .units = count.units,
        .decimals = count.decimals,
        .before = before.units,
        .before_decimals = before.decimals,
        .has_units = count.units != 0 || !folded->two,
        .has_before = before.units != 0,
    };
    folded_walk_add(&folded->walk, trim_frames(stack), &weight);
    return NULL;
}

static bool is_stack(str line)
{
    str text = str_trim_left(line);
    return text.n > 0 && !(text.p[0] == '#' && is_comment(text));
}

/* What the header line says counts for the whole input, wherever the line is. */
static void take_comment(struct folded *folded, str line, uint64_t number)
{
    struct builder *builder = folded->builder;
    struct profile *profile = builder->profile;
    struct folded_header header;
    if (!folded_header_parse(str_trim_left(line), &header, &profile->arena))
        return;
    if (header.has_samples)
        builder_samples(builder, header.samples, header.squares);
    profile->process_is_root |= header.process_is_root;
    if (str_equal(header.unit, STR("unknown")))
        return;
    if (profile->value_type.unit.n > 0 && !str_equal(profile->value_type.unit, header.unit))
        builder_skip(builder, "it has another unit than what was read before", number);
    else
        profile_set_value_type(profile, header.type, header.unit);
}

/* False when a line shows that there are no two columns. */
static bool read_lines(struct folded *folded, struct reader_input *input)
{
    struct line_loop lines = {.input = input};
    str line;
    folded_walk_restart(&folded->walk);
    while (line_loop_fill(&lines)) {
        while (line_loop_next(&lines, &line)) {
            const char *reason = NULL;
            if (is_stack(line))
                reason = take_stack(folded, line);
            else if (line.n > 0)
                take_comment(folded, line, lines.number);
            if (reason)
                builder_skip(folded->builder, reason, lines.number);
            if (folded->wrong)
                return false;
        }
        folded_walk_keep(&folded->walk);
    }
    return true;
}

static void open_walk(struct folded *folded, struct builder *builder)
{
    *folded = (struct folded){.builder = builder};
    folded_walk_init(&folded->walk, builder);
}

/* As two columns; false when there is a line with only one. */
static bool read_pairs(struct builder *builder, struct reader_input *input, bool sure)
{
    struct profile *profile = builder->profile, pairs;
    struct builder sub;
    struct folded folded;
    profile_init(&pairs, builder->heap, profile->tree.seed, profile->tree.in_order);
    tree_set_sides(&pairs.tree);
    builder_init(&sub, &pairs, builder->options);
    builder_start(&sub, builder->file);
    open_walk(&folded, &sub);
    folded.two = true;
    folded.sure = sure;
    if (!sure)
        reader_input_keep(input);
    bool good = read_lines(&folded, input);
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

/* A line that ends in a blank and a count. Before them may be nothing. */
static bool looks_folded(str line)
{
    struct num_decimal count;
    str word, stack = line;
    return cut_word(&stack, &word) && is_count(word, &count);
}

/* The first line is longer than the head, so that its count is not in sight: a deep stack. */
static bool may_be_deep(str head, str line)
{
    return head.n >= READER_HEAD && !is_blank(line.p[0]) && str_find(line, ';', 0) < line.n;
}

/* Most of the first whole lines look folded; a ';' in one makes it sure. Damage makes lines that do
 * not: while a quarter does and holds a ';', nobody else is likelier to know better. A NUL comes of
 * damage, or of data that is no text at all: then only a ';' tells. Names that begin with a blank
 * are seldom, tables of numbers are not: such lines are good only when there are no bad ones. */
static int folded_bid(str head)
{
    unsigned good = 0, bad = 0, joined = 0, indented = 0;
    size_t at = 0;
    while (at < head.n && good + bad < 64) {
        size_t end = str_find(head, '\n', at);
        if (end == head.n && good + bad > 0)
            break;
        str line = str_cut(head, at, end);
        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        at = end + 1;
        if (str_trim(line).n == 0 || (line.p[0] == '#' && is_comment(line)))
            continue;
        bool blank = is_blank(line.p[0]);
        bool fits = looks_folded(line) || (end == head.n && may_be_deep(head, line));
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

/* All stacks in the first bytes have two counts. A line that is longer may have them. */
static bool may_have_pairs(str head)
{
    struct num_decimal count;
    for (size_t at = 0, end; at < head.n; at = end + 1) {
        end = str_find(head, '\n', at);
        str word, line = str_cut(head, at, end);
        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        if (end == head.n && at > 0)
            break;
        bool whole = end < head.n || head.n < READER_HEAD;
        if (is_stack(line) && whole && cut_word(&line, &word) && is_count(word, &count) &&
            !cut_before(&line, &count))
            return false;
    }
    return true;
}

/* How many columns the header line says there are; 0 when there is none in the first bytes. */
static unsigned told_columns(str head)
{
    static const str marks[] = {STR_INIT("# flametree: columns=1 "),
                                STR_INIT("# flametree: columns=2 ")};
    for (size_t at = 0, end; at < head.n; at = end + 1) {
        end = str_find(head, '\n', at);
        for (unsigned i = 0; i < 2; i++)
            if (str_starts(str_cut(head, at, end), marks[i]))
                return i + 1;
    }
    return 0;
}

static struct folded *open_state(struct builder *builder)
{
    struct folded *folded = heap_alloc(builder->heap, 1, sizeof *folded);
    open_walk(folded, builder);
    builder->state = folded;
    return folded;
}

static bool folded_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    (void)err;
    if (!builder->state)
        open_state(builder);
    struct folded *folded = builder->state;
    if (!folded->follows) {
        str head = reader_input_peek(input, READER_HEAD);
        unsigned columns = told_columns(head);
        folded->busy = columns == 2 || (columns == 0 && may_have_pairs(head));
        if (folded->busy && read_pairs(builder, input, columns == 2))
            return true;
        folded->busy = false;
    }
    read_lines(folded, input);
    return true;
}

static bool folded_follow(struct builder *other, const struct builder *leader)
{
    const struct folded *from = leader->state;
    if (from->busy || !other)
        return !from->busy;
    open_state(other)->follows = true;
    return true;
}

static void folded_close(struct builder *builder)
{
    struct folded *folded = builder->state;
    folded_walk_end(&folded->walk);
    heap_free(builder->heap, folded);
}

const struct reader reader_folded = {
    .name = "folded",
    .help = "folded stacks: frames joined by ';', a blank, the weight",
    .bid = folded_bid,
    .read = folded_read,
    .close = folded_close,
    .follow = folded_follow,
    .gap_lines = 1,
};
