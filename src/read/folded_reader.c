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
 * Whether a file has two columns is known only at its end ("operator new 8 10" may be a name that
 * ends in a number). As long as every line could have two, both readings are kept, each in a tree
 * of its own; the first line with one column drops the second tree.
 */
#include "core/num.h"
#include "read/folded_walk.h"
#include "read/reader.h"

struct folded {
    struct profile *profile;
    struct folded_walk one, two;
    struct tree pairs;     /* the reading with two columns */
    struct tally no_pairs; /* its lines that cannot be used */
    bool maybe_two;        /* no line with one column so far */
    uint64_t two_lines;    /* lines that have two */
    struct tree earlier;   /* what other readers made of the inputs before */
    bool has_earlier;
    uint64_t line;
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

/* The line as one of two columns; `after` is the second one. */
static void take_pair(struct folded *folded, str stack, const struct num_decimal *after,
                      const char *file)
{
    struct num_decimal before;
    str word;
    if (!cut_word(&stack, &word) || stack.n == 0 || !is_count(word, &before)) {
        folded->maybe_two = false;
        return;
    }
    folded->two_lines++;
    if (before.large || before.negative) {
        tally_note(&folded->no_pairs, refuse(&before), file, folded->line);
        return;
    }
    struct queue_weight weight = {.units = after->units, .decimals = after->decimals};
    weight.before = before.units;
    weight.before_decimals = before.decimals;
    weight.has_units = after->units != 0;
    weight.has_before = before.units != 0;
    folded_walk_add(&folded->two, stack, &weight);
}

/* NULL when the line went into the tree, else why not. */
static const char *take_line(struct folded *folded, str line, const char *file)
{
    struct num_decimal count = {0};
    str word, stack = line;
    if (!cut_count(&stack, &count.units)) {
        bool has_stack = cut_word(&stack, &word) && stack.n > 0;
        if (!num_parse_decimal(word, &count))
            return refuse(&count);
        if (!has_stack)
            return "no stack before the count";
    }
    struct queue_weight weight = {.units = count.units, .decimals = count.decimals};
    weight.has_units = true;
    folded_walk_add(&folded->one, stack, &weight);
    if (folded->maybe_two)
        take_pair(folded, stack, &count, file);
    return NULL;
}

static struct tree fresh_tree(const struct profile *profile)
{
    struct tree tree;
    if (profile->tree.in_order)
        tree_init_in_order(&tree, profile->heap, profile->tree.seed);
    else
        tree_init(&tree, profile->heap, profile->tree.seed);
    return tree;
}

static void *folded_open(struct profile *profile, const struct read_options *options)
{
    (void)options;
    struct folded *folded = heap_zero(profile->heap, 1, sizeof *folded);
    folded->profile = profile;
    folded->maybe_two = true;
    folded->no_pairs.heap = profile->heap;
    folded->has_earlier = profile->tree.n > 1;
    if (folded->has_earlier) {
        folded->earlier = profile->tree;
        profile->tree = fresh_tree(profile);
    }
    folded->pairs = fresh_tree(profile);
    tree_set_two_sided(&folded->pairs);
    folded_walk_init(&folded->one, &profile->tree);
    folded_walk_init(&folded->two, &folded->pairs);
    return folded;
}

static void take(struct folded *folded, str line, const char *file)
{
    struct profile *profile = folded->profile;
    folded->line++;
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    str text = str_trim_left(line);
    if (text.n == 0 || (text.p[0] == '#' && is_comment(text)))
        return;
    const char *reason = take_line(folded, line, file);
    if (reason)
        tally_note(&profile->tally, reason, file, folded->line);
    else
        profile->samples++;
}

static size_t folded_eat(void *state, str block, bool at_end, const char *file)
{
    struct folded *folded = state;
    size_t at = 0;
    while (at < block.n) {
        size_t end = str_find(block, '\n', at);
        if (end == block.n && !at_end)
            break;
        take(folded, str_cut(block, at, end), file);
        at = end < block.n ? end + 1 : end;
    }
    folded_walk_keep(&folded->one);
    folded_walk_keep(&folded->two);
    if (at_end) {
        folded->profile->lines += folded->line;
        folded->line = 0;
    }
    return at;
}

/* All lines had two columns: that reading takes the place of the other. */
static void choose_pairs(struct folded *folded)
{
    struct profile *profile = folded->profile;
    struct tree one = profile->tree;
    profile->tree = folded->pairs;
    folded->pairs = one;
    profile->samples -= tally_total(&folded->no_pairs);
    tally_add(&profile->tally, &folded->no_pairs);
}

/* While a line may have two columns, one reader reads them all. */
static uint64_t folded_part_lines(const void *state)
{
    const struct folded *folded = state;
    return folded->maybe_two ? 0 : folded->line;
}

static void folded_follow(void *other, const void *state)
{
    struct folded *folded = other;
    (void)state;
    folded->maybe_two = false;
}

static void folded_eat_part(void *state, str part, uint64_t lines, const char *file)
{
    struct folded *folded = state;
    folded->line = lines;
    folded_eat(state, part, false, file);
}

static void folded_send(void *state, struct parcel *parcel)
{
    struct folded *folded = state;
    folded_walk_send(&folded->one, parcel);
}

static void folded_take_in(void *state, struct parcel *parcel, const uint32_t *names)
{
    struct folded *folded = state;
    folded_walk_take_in(&folded->one, parcel, names);
}

static const struct reader_parts folded_parts = {
    .line_ends = 1,
    .lines = folded_part_lines,
    .follow = folded_follow,
    .eat = folded_eat_part,
    .send = folded_send,
    .take_in = folded_take_in,
};

static void folded_finish(void *state)
{
    struct folded *folded = state;
    struct profile *profile = folded->profile;
    folded_walk_end(&folded->one);
    folded_walk_end(&folded->two);
    if (folded->maybe_two && folded->two_lines > 0)
        choose_pairs(folded);
    tree_end(&folded->pairs);
    tally_end(&folded->no_pairs);
    if (folded->has_earlier) {
        tree_merge(&folded->earlier, &profile->tree);
        tree_end(&profile->tree);
        profile->tree = folded->earlier;
    }
}

/* A line that ends in a blank and a count. */
static bool looks_folded(str line)
{
    struct num_decimal count;
    str word, stack = line;
    return cut_word(&stack, &word) && stack.n > 0 && is_count(word, &count);
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

const struct reader reader_folded = {
    .name = "folded",
    .help = "folded stacks: frames joined by ';', a blank, the weight",
    .bid = folded_bid,
    .open = folded_open,
    .eat = folded_eat,
    .finish = folded_finish,
    .parts = &folded_parts,
};
