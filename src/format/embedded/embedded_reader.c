/* SPDX-License-Identifier: MIT */
/*
 * embedded_reader: the profile in an SVG of flamegraph, as doc/format.md, section 2, defines it.
 *
 *      <svg ... class="flametree" ...>                    markup, ignored
 *        ...
 *        <metadata class="flametree-data">
 *      flametree 1                                        PART_MAGIC
 *      {"unit":"10101010","sides":1}                      PART_JSON
 *      3 4                                                PART_SIZES
 *      A                                                  PART_NAMES, one line each
 *      Ajava
 *      Eread
 *      BABBAC...                                          PART_FRAMES
 *        </metadata>
 */
#include "core/json.h"
#include "core/num.h"
#include "format/folded/folded.h"
#include "format/reader.h"

/* The part of the file that the next line belongs to. */
enum svg_part {
    PART_MARKUP,
    PART_MAGIC,
    PART_JSON,
    PART_SIZES,
    PART_NAMES,
    PART_FRAMES,
    PART_DONE
};

struct svg {
    struct builder *builder;
    struct profile *profile;
    struct arena arena;
    enum svg_part part;
    uint64_t unit;
    unsigned decimals, sides;
    uint64_t names, frames;
    VEC(uint32_t) sorted; /* frames of the tree, by position in the list of names */
    VEC(char) name;       /* the last name; the next one shares its start */
    VEC(uint32_t) seen;   /* frames in the order of first use */
    VEC(uint32_t) path;   /* the node at each depth */
};

static bool find_block(struct svg *svg, str *line)
{
    static const str marker = STR_INIT("class=\"flametree-data\">");
    size_t at = str_search(*line, marker, 0);
    if (at + marker.n > line->n)
        return false;
    *line = str_trim(str_skip(*line, at + marker.n));
    svg->part = PART_MAGIC;
    svg->unit = 1;
    svg->sorted.n = svg->seen.n = svg->name.n = 0;
    return true;
}

static void parse_facts(struct svg *svg, str object)
{
    struct json json = json_object(object);
    str key, value;
    while (json_next(&json, &key, &value))
        profile_add_fact(svg->profile, json_string(str_of(key.p - 1, key.n + 2), &svg->arena),
                         json_string(value, &svg->arena));
}

/* The members of the line of JSON. False if the nodes cannot be read with them. */
static bool parse_json(struct svg *svg, str line)
{
    struct profile *profile = svg->profile;
    struct json json = json_object(line);
    str key, value, countname = STR(""), type = STR(""), unit = STR("");
    const struct {
        str key, *to;
    } texts[] = {
        {STR("countname"), &countname}, {STR("valueType"), &type}, {STR("valueUnit"), &unit}};
    uint64_t samples = 0, weight = 0, decimals = 0, sides = 1; /* weight: of each sample */
    double factor = 1;
    while (json_next(&json, &key, &value)) {
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            if (str_equal(key, texts[i].key))
                *texts[i].to = json_string(value, &svg->arena);
        if (str_equal(key, STR("meta")))
            parse_facts(svg, value);
        else if (str_equal(key, STR("samples")) &&
                 !num_parse_u64(json_string(value, &svg->arena), &samples))
            samples = 0;
        else if (str_equal(key, STR("sampleWeight")) && !num_parse_u64(value, &weight))
            weight = 0;
        else if (str_equal(key, STR("factor")) &&
                 (!num_parse_double(value, &factor) || !(factor > 0)))
            factor = 1;
        else if ((str_equal(key, STR("unit")) &&
                  !num_parse_u64(json_string(value, &svg->arena), &svg->unit)) ||
                 (str_equal(key, STR("decimals")) &&
                  (!num_parse_u64(value, &decimals) || decimals > 9)) ||
                 (str_equal(key, STR("sides")) &&
                  (!num_parse_u64(value, &sides) || sides < 1 || sides > 2)))
            return false;
    }
    svg->decimals = (unsigned)decimals;
    svg->sides = (unsigned)sides;
    if (samples > 0)
        builder_samples(svg->builder, samples,
                        weight > 0 && samples <= UINT64_MAX / weight
                            ? wide_product(samples * weight, weight)
                            : wide_of(0));
    struct value_type value_type = value_type_of(type, unit);
    if (unit.n > 0)
        profile_set_value_type(profile, &value_type);
    if (profile->countname.n == 0) { /* the first of several pictures decides */
        profile->countname = countname.n > 0 ? arena_copy(&profile->arena, countname)
                                             : STR("samples");
        profile->factor = factor;
    }
    if (!json.bad && sides == 2)
        tree_set_sides(&profile->tree);
    return !json.bad;
}

static bool parse_sizes(struct svg *svg, str line)
{
    size_t blank = str_find(line, ' ', 0);
    return blank < line.n && num_parse_u64(str_head(line, blank), &svg->names) &&
           num_parse_u64(str_skip(line, blank + 1), &svg->frames) && svg->names < UINT32_MAX;
}

/* The value of a base64url digit; 64 if it is none. */
static unsigned base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 26;
    if (is_digit(c))
        return (unsigned)(c - '0') + 52;
    return c == '-' ? 62 : c == '_' ? 63 : 64;
}

/* The byte that the escape at s[*at] means; -1 if it is invalid. */
static int unescape_byte(str s, size_t *at)
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
    return (int)(hex_digit(s.p[*at - 2]) << 4 | hex_digit(s.p[*at - 1]));
}

static bool parse_name(struct svg *svg, str line)
{
    struct heap *heap = svg->builder->scratch;
    unsigned shared = line.n > 0 ? base64_value(line.p[0]) : 64;
    if (shared > svg->name.n || shared > 63)
        return false;
    svg->name.n = shared;
    for (size_t at = 1; at < line.n;) {
        int byte = line.p[at] == '\\' ? unescape_byte(line, &at) : (unsigned char)line.p[at++];
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
static bool parse_number(str line, size_t *at, uint64_t *number)
{
    uint64_t value = 0;
    for (unsigned shift = 0; *at < line.n && shift < 65; shift += 5) {
        uint64_t d = base64_value(line.p[*at]);
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

static bool parse_weight(struct svg *svg, str line, size_t *at, uint64_t *weight)
{
    return parse_number(line, at, weight) && !__builtin_mul_overflow(*weight, svg->unit, weight);
}

/* The frame of the next node; TREE_GAP for a gap. */
static bool parse_node_name(struct svg *svg, str line, size_t *at, uint32_t *id)
{
    uint64_t number, place;
    if (!parse_number(line, at, &number) || number > svg->seen.n)
        return false;
    if (number < svg->seen.n) {
        *id = svg->seen.at[number];
        return true;
    }
    if (!parse_number(line, at, &place) || place > svg->sorted.n)
        return false;
    *id = place == svg->sorted.n ? TREE_GAP : svg->sorted.at[place];
    vec_push(svg->builder->scratch, &svg->seen, *id);
    return true;
}

static bool parse_self(struct svg *svg, str line, size_t *at, uint32_t node)
{
    struct tree *tree = &svg->profile->tree;
    uint64_t before = 0, self = 0;
    if (svg->sides == 2 && !parse_weight(svg, line, at, &before))
        return false;
    if (!parse_weight(svg, line, at, &self))
        return false;
    if (self != 0)
        node = tree_add(tree, node, tree_after(tree), self, svg->decimals);
    if (before != 0 && tree_has_sides(tree))
        tree_add(tree, node, SIDE_BEFORE, before, svg->decimals);
    svg->profile->samples++;
    svg->profile->unsure++;
    return true;
}

static bool parse_node(struct svg *svg, str line, size_t *at)
{
    uint64_t step;
    uint32_t name;
    if (!parse_number(line, at, &step) || step / 2 >= svg->path.n)
        return false;
    if (!parse_node_name(svg, line, at, &name))
        return false;
    svg->path.n -= (size_t)(step / 2);
    uint32_t node = svg->path.at[svg->path.n - 1];
    if (name != TREE_GAP)
        node = tree_child(&svg->profile->tree, node, name);
    vec_push(svg->builder->scratch, &svg->path, node);
    return !(step & 1) || parse_self(svg, line, at, node);
}

static bool parse_nodes(struct svg *svg, str line)
{
    struct heap *heap = svg->builder->scratch;
    uint64_t step;
    size_t at = 0;
    if (svg->frames == 0 || !parse_number(line, &at, &step) || step > 1)
        return false;
    svg->path.n = 0;
    vec_push(heap, &svg->path, TREE_ROOT);
    vec_push(heap, &svg->seen, 0);
    if (step == 1 && !parse_self(svg, line, &at, TREE_ROOT))
        return false;
    for (uint64_t i = 1; i < svg->frames; i++)
        if (!parse_node(svg, line, &at))
            return false;
    return at == line.n;
}

static bool parse_svg_line(struct svg *svg, str line)
{
    switch (svg->part) {
    case PART_MAGIC: svg->part = PART_JSON; return str_equal(line, STR("flametree 1"));
    case PART_JSON: svg->part = PART_SIZES; return parse_json(svg, line);
    case PART_SIZES: svg->part = PART_NAMES; return parse_sizes(svg, line);
    case PART_NAMES:
        if (svg->sorted.n + 1 >= svg->names)
            svg->part = PART_FRAMES;
        return parse_name(svg, line);
    case PART_FRAMES: svg->part = PART_MARKUP; return parse_nodes(svg, line);
    default: return true;
    }
}

/* Whether flamegraph wrote the picture. If a browser saved it, other classes can follow ours. */
static bool is_own(str head)
{
    return str_contains(head, STR("<svg")) && (str_contains(head, STR("class=\"flametree\"")) ||
                                               str_contains(head, STR("class=\"flametree ")));
}

/* Data comes before frames. A picture without a script, and one that the viewer saved, has none. */
static bool has_data(struct reader_input *input)
{
    enum { FAR = 1 << 24 };
    static const str data = STR_INIT("class=\"flametree-data\">");
    static const str frame = STR_INIT("</title><rect ");
    for (size_t n = READER_HEAD; n < FAR; n *= 2) {
        str head = reader_input_peek(input, n);
        if (str_contains(head, data))
            return true;
        if (head.n < n || str_contains(head, frame))
            return false;
    }
    return true;
}

static bool svg_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct svg svg = {.builder = builder, .profile = builder->profile};
    struct line_loop lines = {.input = input};
    str line;
    bool own = is_own(reader_input_peek(input, READER_HEAD));
    if (!own || !has_data(input))
        return svg_frames_read(builder, input, own, err);
    arena_init(&svg.arena, builder->scratch);
    while (line_loop_fill(&lines)) {
        while (line_loop_next(&lines, &line)) {
            if (svg.part == PART_MARKUP && !find_block(&svg, &line))
                continue;
            if ((svg.part == PART_MAGIC && line.n == 0) || parse_svg_line(&svg, line))
                continue;
            builder_skip(builder, "the data block is damaged", lines.number);
            svg.part = PART_DONE;
        }
    }
    if (svg.part != PART_MARKUP && svg.part != PART_DONE)
        builder_skip(builder, "the data block is cut short", lines.number);
    return true;
}

static int svg_bid(str head)
{
    size_t start = 0;
    while (start < head.n && strchr(" \t\r\n", head.p[start]))
        start++;
    bool is_markup = start < head.n && head.p[start] == '<' && str_contains(head, STR("<svg"));
    return is_own(head) ? READER_CERTAIN : is_markup ? 60 : 0;
}

const struct reader reader_svg = {
    .name = "svg",
    .help = "flame graphs as SVG: of flamegraph, flamegraph.pl, inferno and the like",
    .needs = "<svg",
    .bid = svg_bid,
    .read = svg_read,
    .mixes = true,
    .never_idle = true,
    .usual = true,
};
