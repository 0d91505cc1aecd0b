/*
 * embedded_reader: the profile inside a flame graph of ours; doc/format.md, section 2, is the law.
 *
 *      <svg ... class="flametree" ...>                    markup: passed over
 *        ...
 *        <metadata class="flametree-data">
 *      flametree 1                                        LOOK_MAGIC
 *      {"unit":"10101010","sides":1}                      LOOK_JSON
 *      3 4                                                LOOK_SIZES
 *      A                                                  LOOK_NAMES, one line each
 *      Ajava
 *      Eread
 *      BABBAC...                                          LOOK_FRAMES
 *        </metadata>
 */
#include "core/json.h"
#include "core/num.h"
#include "format/folded/folded_writer.h"
#include "format/reader.h"

enum look { LOOK_MARKUP, LOOK_MAGIC, LOOK_JSON, LOOK_SIZES, LOOK_NAMES, LOOK_FRAMES, LOOK_DONE };

static const char damaged[] = "the data block is damaged";

struct svg {
    struct builder *builder;
    struct profile *profile;
    struct arena arena;
    enum look look;
    uint64_t unit;
    unsigned decimals, sides;
    uint64_t names, frames;
    VEC(uint32_t) sorted; /* ids in the tree by place in the sorted list */
    VEC(char) name;       /* the name before, to which the next one is front-coded */
    VEC(uint32_t) seen;   /* ids in the order of first appearance */
    VEC(uint32_t) path;   /* the node at each depth */
};

static bool find_block(struct svg *svg, str *line)
{
    static const str marker = STR_INIT("class=\"flametree-data\">");
    size_t at = str_search(*line, marker, 0);
    if (at + marker.n > line->n)
        return false;
    *line = str_trim(str_skip(*line, at + marker.n));
    svg->look = LOOK_MAGIC;
    svg->unit = 1;
    svg->decimals = 0;
    svg->sides = 1;
    svg->sorted.n = svg->seen.n = svg->name.n = 0;
    return true;
}

static void take_facts(struct svg *svg, str object)
{
    struct json json = json_object(object);
    str key, value;
    while (json_next(&json, &key, &value))
        profile_add_fact(svg->profile, json_string(str_of(key.p - 1, key.n + 2), &svg->arena),
                         json_string(value, &svg->arena));
}

/* What the picture says of its weights. */
struct weights {
    str countname, type, unit;
    double factor;
    uint64_t samples; /* 0: not said */
};

/* Of several pictures the first decides. */
static void take_weights(struct svg *svg, const struct weights *weights)
{
    struct profile *profile = svg->profile;
    if (weights->samples > 0)
        builder_samples(svg->builder, weights->samples, wide_of(0));
    if (weights->unit.n > 0)
        profile_set_value_type(profile, weights->type, weights->unit);
    if (profile->countname.n > 0)
        return;
    profile->countname = STR("samples");
    if (weights->countname.n > 0)
        profile->countname = arena_copy(&profile->arena, weights->countname);
    profile->factor = weights->factor;
}

/* A member that the frames line cannot be read without. */
static bool take_scale(struct svg *svg, str key, str value)
{
    uint64_t number;
    if (str_equal(key, STR("unit")))
        return num_parse_u64(json_string(value, &svg->arena), &svg->unit);
    if (str_equal(key, STR("decimals"))) {
        if (!num_parse_u64(value, &number) || number > 9)
            return false;
        svg->decimals = (unsigned)number;
    } else if (str_equal(key, STR("sides"))) {
        if (!num_parse_u64(value, &number) || number < 1 || number > 2)
            return false;
        svg->sides = (unsigned)number;
    }
    return true;
}

static void take_member(struct svg *svg, str key, str value, struct weights *weights)
{
    struct {
        str key, *to;
    } texts[] = {{STR("countname"), &weights->countname},
                 {STR("valueType"), &weights->type},
                 {STR("valueUnit"), &weights->unit}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (str_equal(key, texts[i].key))
            *texts[i].to = json_string(value, &svg->arena);
    if (str_equal(key, STR("meta")))
        take_facts(svg, value);
    else if (str_equal(key, STR("samples")) &&
             !num_parse_u64(json_string(value, &svg->arena), &weights->samples))
        weights->samples = 0;
    else if (str_equal(key, STR("factor")) &&
             (!num_parse_double(value, &weights->factor) || !(weights->factor > 0)))
        weights->factor = 1;
}

static bool take_json(struct svg *svg, str line)
{
    struct weights weights = {STR(""), STR(""), STR(""), 1, 0};
    struct json json = json_object(line);
    str key, value;
    while (json_next(&json, &key, &value)) {
        if (!take_scale(svg, key, value))
            return false;
        take_member(svg, key, value, &weights);
    }
    take_weights(svg, &weights);
    if (!json.bad && svg->sides == 2)
        tree_set_sides(&svg->profile->tree);
    return !json.bad;
}

static bool take_sizes(struct svg *svg, str line)
{
    size_t blank = str_find(line, ' ', 0);
    return blank < line.n && num_parse_u64(str_head(line, blank), &svg->names) &&
           num_parse_u64(str_skip(line, blank + 1), &svg->frames) && svg->names < UINT32_MAX;
}

/* The value of a digit of the base64url alphabet, 64 when it is none. */
static unsigned digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 26;
    if (is_digit(c))
        return (unsigned)(c - '0') + 52;
    return c == '-' ? 62 : c == '_' ? 63 : 64;
}

static unsigned hex_value(char c)
{
    return is_digit(c) ? (unsigned)(c - '0') : (unsigned)(to_lower(c) - 'a') + 10;
}

/* What an escape at s[*at], a backslash, stands for; -1 when there is no such escape. */
static int unescape(str s, size_t *at)
{
    static const char plain[] = "\\lgantr", means[] = "\\<>&\n\t\r";
    if (*at + 1 >= s.n)
        return -1;
    char c = s.p[*at + 1];
    const char *known = memchr(plain, c, sizeof plain - 1);
    *at += 2;
    if (known)
        return (unsigned char)means[known - plain];
    if (c != 'x' || *at + 2 > s.n || !is_hex(s.p[*at]) || !is_hex(s.p[*at + 1]))
        return -1;
    *at += 2;
    return (int)(hex_value(s.p[*at - 2]) << 4 | hex_value(s.p[*at - 1]));
}

static bool take_name(struct svg *svg, str line)
{
    struct heap *heap = svg->profile->heap;
    unsigned shared = line.n > 0 ? digit(line.p[0]) : 64;
    if (shared > svg->name.n || shared > 63)
        return false;
    svg->name.n = shared;
    for (size_t at = 1; at < line.n;) {
        int byte = line.p[at] == '\\' ? unescape(line, &at) : (unsigned char)line.p[at++];
        if (byte < 0)
            return false;
        vec_push(heap, &svg->name, (char)byte);
    }
    str name = folded_name(&svg->arena, str_of(svg->name.at, svg->name.n));
    uint32_t id = tree_frame(&svg->profile->tree, name);
    vec_push(heap, &svg->sorted, id);
    return true;
}

/* A number of 5-bit digits at *at. */
static bool take_number(str line, size_t *at, uint64_t *number)
{
    uint64_t value = 0;
    for (unsigned shift = 0; *at < line.n && shift < 65; shift += 5) {
        uint64_t d = digit(line.p[*at]);
        if (d > 63 || (shift == 60 && (d & 31) > 15))
            return false;
        *at += 1;
        value |= (d & 31) << shift;
        if (d < 32) {
            *number = value;
            return true;
        }
    }
    return false;
}

static bool take_weight(struct svg *svg, str line, size_t *at, uint64_t *weight)
{
    return take_number(line, at, weight) && !__builtin_mul_overflow(*weight, svg->unit, weight);
}

/* The name of the next frame as an id of the tree, TREE_GAP for a gap. */
static bool take_frame_name(struct svg *svg, str line, size_t *at, uint32_t *id)
{
    uint64_t number, place;
    if (!take_number(line, at, &number) || number > svg->seen.n)
        return false;
    if (number < svg->seen.n) {
        *id = svg->seen.at[number];
        return true;
    }
    if (!take_number(line, at, &place) || place > svg->sorted.n)
        return false;
    *id = place == svg->sorted.n ? TREE_GAP : svg->sorted.at[place];
    vec_push(svg->profile->heap, &svg->seen, *id);
    return true;
}

static bool take_self(struct svg *svg, str line, size_t *at, uint32_t node)
{
    struct tree *tree = &svg->profile->tree;
    uint64_t before = 0, self = 0;
    if (svg->sides == 2 && !take_weight(svg, line, at, &before))
        return false;
    if (!take_weight(svg, line, at, &self))
        return false;
    if (self != 0)
        node = tree_add(tree, node, tree_after(tree), self, svg->decimals);
    if (before != 0)
        tree_add(tree, node, SIDE_BEFORE, before, svg->decimals);
    svg->profile->samples++;
    svg->profile->unsure++;
    return true;
}

static bool take_frame(struct svg *svg, str line, size_t *at)
{
    uint64_t step;
    uint32_t name;
    if (!take_number(line, at, &step) || step / 2 >= svg->path.n)
        return false;
    if (!take_frame_name(svg, line, at, &name))
        return false;
    svg->path.n -= (size_t)(step / 2);
    uint32_t node = svg->path.at[svg->path.n - 1];
    if (name != TREE_GAP)
        node = tree_child(&svg->profile->tree, node, name);
    vec_push(svg->profile->heap, &svg->path, node);
    return !(step & 1) || take_self(svg, line, at, node);
}

static bool take_frames(struct svg *svg, str line)
{
    struct heap *heap = svg->profile->heap;
    uint64_t step;
    size_t at = 0;
    if (svg->frames == 0 || !take_number(line, &at, &step) || step > 1)
        return false;
    svg->path.n = 0;
    vec_push(heap, &svg->path, TREE_ROOT);
    vec_push(heap, &svg->seen, 0);
    if (step == 1 && !take_self(svg, line, &at, TREE_ROOT))
        return false;
    for (uint64_t i = 1; i < svg->frames; i++)
        if (!take_frame(svg, line, &at))
            return false;
    return at == line.n;
}

static bool take_line(struct svg *svg, str line)
{
    switch (svg->look) {
    case LOOK_MAGIC: svg->look = LOOK_JSON; return str_equal(line, STR("flametree 1"));
    case LOOK_JSON: svg->look = LOOK_SIZES; return take_json(svg, line);
    case LOOK_SIZES: svg->look = LOOK_NAMES; return take_sizes(svg, line);
    case LOOK_NAMES:
        if (svg->sorted.n + 1 >= svg->names)
            svg->look = LOOK_FRAMES;
        return take_name(svg, line);
    case LOOK_FRAMES: svg->look = LOOK_MARKUP; return take_frames(svg, line);
    default: return true;
    }
}

static void take(struct svg *svg, str line, uint64_t number)
{
    if (svg->look == LOOK_MARKUP && !find_block(svg, &line))
        return;
    if ((svg->look == LOOK_MAGIC && line.n == 0) || take_line(svg, line))
        return;
    builder_skip(svg->builder, damaged, number);
    svg->look = LOOK_DONE;
}

static void end_svg(struct svg *svg)
{
    struct heap *heap = svg->profile->heap;
    vec_free(heap, &svg->sorted);
    vec_free(heap, &svg->name);
    vec_free(heap, &svg->seen);
    vec_free(heap, &svg->path);
    arena_end(&svg->arena);
}

static bool svg_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct svg svg = {.builder = builder, .profile = builder->profile};
    struct line_loop lines = {.input = input};
    str line;
    (void)err;
    arena_init(&svg.arena, builder->heap);
    while (line_loop_fill(&lines))
        while (line_loop_next(&lines, &line))
            take(&svg, line, lines.number);
    if (svg.look != LOOK_MARKUP && svg.look != LOOK_DONE)
        builder_skip(builder, "the data block is cut short", lines.number);
    end_svg(&svg);
    return true;
}

static int svg_bid(str head)
{
    return str_contains(head, STR("<svg")) && str_contains(head, STR("class=\"flametree\"")) ? 90
                                                                                             : 0;
}

const struct reader reader_svg = {
    .name = "svg",
    .help = "a flame graph that flamegraph wrote, with its data",
    .bid = svg_bid,
    .read = svg_read,
};
