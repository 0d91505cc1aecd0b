/* SPDX-License-Identifier: MIT */
/*
 * svg_frames: read a profile from the frames of a picture. flamegraph.pl, inferno and similar
 * programs write a group for each frame:
 *
 *      <g><title>main (1,234 samples, 12.34%)</title><rect x="10.0" y="69" width="145.6" .../>
 *
 * The title has name and count, y the depth. The frame below (or above, in an icicle graph) that
 * spans the center of a frame is its caller. The self weight of a frame is its count without those
 * of its callees. The profile is as exact as the picture: narrow frames are not drawn, and are
 * missing.
 *
 * The frames come in any order, so all are kept until the end.
 */
#include <stdlib.h>

#include "core/num.h"
#include "format/reader.h"
#include "format/xml_tags.h"

struct svg_frame {
    double x, width, y;
    uint64_t count, callees; /* `callees`: the sum of their counts */
    unsigned decimals;       /* of `count` */
    uint32_t name;
    uint32_t node; /* TREE_NONE: it has no place in the tree */
    bool is_all;   /* "all (..., 100%)" */
    uint64_t line; /* of the picture */
};

struct svg_frames {
    struct builder *builder;
    struct profile *profile;
    struct xml_tags xml;
    struct strbuf title; /* decoded; n == 0: none in this group */
    struct strbuf rect;  /* of this group; n == 0: none */
    struct strbuf unit;  /* the name of counts, in all titles */
    VEC(struct svg_frame) frames;
    unsigned decimals; /* the most of any count */
    bool has_unit, is_difference;
    bool in_group;
    bool is_exact; /* places are given in counts */
};

/* ---- titles ---- */

struct svg_title {
    str name, unit;
    struct num_decimal count;
    bool is_whole; /* "100%", which only the root has; others have "100.00%" */
    bool is_difference;
};

/* Digits that may have commas between them, and a fraction. `word` is changed. */
static bool parse_title_count(char *word, size_t n, struct num_decimal *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (word[i] != ',')
            word[kept++] = word[i];
    return kept > 0 && is_digit(word[0]) &&
           (num_parse_decimal(str_of(word, kept), count) || count->large);
}

/* "12.34%" or "12.34%; +0.50%" */
static bool parse_title_share(str share, struct svg_title *title)
{
    size_t semicolon = str_find(share, ';', 0);
    double number;
    str first = str_head(share, semicolon);
    title->is_difference = semicolon < share.n;
    title->is_whole = str_equal(first, STR("100%"));
    return str_ends(share, STR("%")) && str_ends(first, STR("%")) &&
           num_parse_double(str_head(first, first.n - 1), &number);
}

/* A title on a line of its own, without its indentation. */
static str trim_lines(str text)
{
    while (text.n > 0 && strchr("\r\n\t ", text.p[text.n - 1]))
        text.n--;
    bool indented = text.n > 0 && strchr("\r\n", text.p[0]);
    while (indented && text.n > 0 && strchr("\r\n\t ", text.p[0]))
        text = str_skip(text, 1);
    return text;
}

/* "NAME (COUNT UNIT, SHARE)", where the name and the unit can have any of these characters. */
static bool parse_title(struct strbuf *buf, struct svg_title *title)
{
    str text = trim_lines(strbuf_str(buf));
    if (!str_ends(text, STR(")")))
        return false;
    text.n--;
    size_t comma = str_find_last(text, ',');
    if (comma == text.n || !parse_title_share(str_trim(str_skip(text, comma + 1)), title))
        return false;
    str left = str_head(text, comma);
    for (size_t open; (open = str_find_last(left, '(')) < left.n; left.n = open) {
        if ((open > 0 && text.p[open - 1] != ' ') || !is_digit(text.p[open + 1]))
            continue;
        size_t end = str_find(text, ' ', open);
        end = end < comma ? end : comma;
        char *word = buf->bytes.at + (text.p - buf->bytes.at) + open + 1;
        if (!parse_title_count(word, end - open - 1, &title->count))
            continue;
        title->name = str_head(text, open > 0 ? open - 1 : 0);
        title->unit = str_trim(str_cut(text, end, comma));
        return true;
    }
    return false;
}

/* ---- frames ---- */

/* A number, with "px" or "%". */
static bool parse_length(str tag, str name, double *number)
{
    str value;
    if (!xml_attribute(tag, name, &value))
        return false;
    value = str_trim(value);
    if (str_ends(value, STR("px")))
        value.n -= 2;
    else if (str_ends(value, STR("%")))
        value.n--;
    return num_parse_double(value, number);
}

/* inferno gives the place in counts as well. A picture that was saved by a browser while it was
 * zoomed has the original place. */
static bool parse_place(str rect, struct svg_frame *frame, bool *is_exact)
{
    *is_exact = parse_length(rect, STR("fg:x"), &frame->x) &&
                parse_length(rect, STR("fg:w"), &frame->width);
    return (*is_exact ||
            (parse_length(rect, STR("_orig_x"), &frame->x) &&
             parse_length(rect, STR("_orig_width"), &frame->width)) ||
            (parse_length(rect, STR("x"), &frame->x) &&
             parse_length(rect, STR("width"), &frame->width))) &&
           parse_length(rect, STR("y"), &frame->y) && frame->width >= 0;
}

/* Returns NULL, or the reason to skip it. */
static const char *read_svg_frame(struct svg_frames *svg)
{
    struct svg_frame frame = {.node = TREE_NONE, .line = svg->xml.lines + 1};
    struct svg_title title = {.name = STR("")};
    if (!parse_title(&svg->title, &title))
        return "a frame whose title has no count";
    if (title.count.large || title.count.vanished)
        return title.count.large ? "count too large" : "a count that rounds to 0";
    if (!parse_place(strbuf_str(&svg->rect), &frame, &svg->is_exact))
        return "a frame without a place";
    if (!svg->has_unit)
        strbuf_set(&svg->unit, title.unit);
    else if (!str_equal(title.unit, strbuf_str(&svg->unit)))
        return "its unit is not that of the first frame";
    svg->has_unit = true;
    svg->is_difference |= title.is_difference;
    frame.count = title.count.units;
    frame.decimals = title.count.decimals;
    if (svg->decimals < frame.decimals)
        svg->decimals = frame.decimals;
    frame.is_all = title.is_whole || str_equal(title.name, STR("all"));
    /* a picture can have boxes without a name, and is drawn as it was */
    frame.name = title.name.n > 0 ? builder_frame(svg->builder, &(struct frame){.name = title.name})
                                  : tree_frame(&svg->profile->tree, STR(""));
    vec_push(svg->builder->scratch, &svg->frames, frame);
    return NULL;
}

static void start_group(struct svg_frames *svg)
{
    strbuf_clear(&svg->title);
    strbuf_clear(&svg->rect);
}

/* Title and rectangle of a group come in any order. */
static void read_svg_tags(struct svg_frames *svg)
{
    struct xml_tags *xml = &svg->xml;
    while (xml_tags_next(xml)) {
        str name = xml_tag_name(xml->tag);
        bool is_end = str_starts(name, STR("/"));
        str element = str_skip(name, is_end);
        if (str_equal(element, STR("g")) || str_equal(element, STR("a"))) {
            start_group(svg);
            svg->in_group = !is_end;
        } else if (str_equal(name, STR("/title"))) {
            strbuf_clear(&svg->title);
            xml_decode(xml->text, &svg->title);
        } else if (str_equal(name, STR("rect"))) {
            strbuf_set(&svg->rect, xml->tag);
        }
        if (svg->in_group && svg->rect.bytes.n > 0 && svg->title.bytes.n > 0) {
            const char *reason = read_svg_frame(svg);
            if (reason)
                builder_skip(svg->builder, reason, xml->lines + 1);
            start_group(svg);
        }
    }
}

/* ---- tree ---- */

static int compare_frames(const void *left, const void *right)
{
    const struct svg_frame *a = left, *b = right;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return (a->name > b->name) - (a->name < b->name);
}

/* The number of frames in the row that begins or ends at `at`. */
static size_t row_size(const struct svg_frames *svg, size_t at)
{
    const struct svg_frame *frames = svg->frames.at;
    size_t n = 1;
    while (at + n < svg->frames.n && frames[at + n].y == frames[at].y)
        n++;
    return n;
}

static double row_width(const struct svg_frames *svg, size_t at, size_t n)
{
    double width = 0;
    for (size_t i = at; i < at + n; i++)
        width += svg->frames.at[i].width;
    return width;
}

/* Whether the root is on top, where y is least: the other end is narrower, or has no "all". */
static bool is_icicle(const struct svg_frames *svg)
{
    const struct svg_frame *frames = svg->frames.at;
    size_t top = row_size(svg, 0), bottom = 1, n = svg->frames.n;
    while (bottom < n && frames[n - 1 - bottom].y == frames[n - 1].y)
        bottom++;
    double upper = row_width(svg, 0, top), lower = row_width(svg, n - bottom, bottom);
    if (top == 1 && bottom == 1 && frames[0].is_all != frames[n - 1].is_all)
        return frames[0].is_all;
    return upper > lower;
}

/* Turn the picture so that the root's row is the first one. */
static void sort_frames(struct svg_frames *svg)
{
    struct svg_frame *frames = svg->frames.at;
    size_t n = svg->frames.n;
    qsort(frames, n, sizeof *frames, compare_frames);
    if (is_icicle(svg))
        return;
    for (size_t i = 0; i < n; i++)
        frames[i].y = -frames[i].y;
    qsort(frames, n, sizeof *frames, compare_frames);
}

static void place_frame(struct svg_frames *svg, struct svg_frame *frame, struct svg_frame *caller)
{
    frame->node = tree_child(&svg->profile->tree, caller ? caller->node : TREE_ROOT, frame->name);
    if (caller)
        num_add_most(&caller->callees, frame->count);
}

static bool frame_spans(const struct svg_frame *caller, double x)
{
    return caller->x <= x && x <= caller->x + caller->width;
}

/* Widths are rounded, so a frame of about that width can have several callers at its place. Take
 * one that has enough weight left. */
static struct svg_frame *find_narrow_caller(struct svg_frame *callers, size_t at, double x,
                                            uint64_t count)
{
    enum { TRIES = 64 };
    for (size_t tries = 0; tries < TRIES; tries++, at--) {
        const struct svg_frame *caller = &callers[at];
        if (frame_spans(caller, x) && caller->count - caller->callees >= count &&
            caller->count >= caller->callees && caller->node != TREE_NONE)
            return &callers[at];
        if (at == 0)
            break;
    }
    return NULL;
}

/* Add the narrow frames of a row of `n` frames, or the others. Their callers are the `before`
 * frames that precede the row. */
static void place_row(struct svg_frames *svg, struct svg_frame *frames, size_t n, size_t before,
                      bool narrow)
{
    static const double narrow_most = 0.2; /* pixels */
    struct svg_frame *callers = frames - before;
    size_t last = 0;
    for (size_t i = 0; i < n; i++) {
        struct svg_frame *frame = &frames[i], *caller = NULL;
        double center = frame->x + frame->width / 2;
        while (last + 1 < before && callers[last + 1].x <= center)
            last++;
        if (narrow != (!svg->is_exact && frame->width < narrow_most))
            continue;
        if (before > 0 && narrow)
            caller = find_narrow_caller(callers, last, center, frame->count);
        else if (before > 0 && frame_spans(&callers[last], center) &&
                 callers[last].node != TREE_NONE)
            caller = &callers[last];
        if (caller || before == 0)
            place_frame(svg, frame, caller);
        else
            builder_skip(svg->builder, "a frame without a caller at its place", frame->line);
    }
}

static void place_rows(struct svg_frames *svg)
{
    struct svg_frame *frames = svg->frames.at;
    size_t before = 0, n;
    for (size_t at = 0; at < svg->frames.n; at += n, before = n) {
        n = row_size(svg, at);
        if (at == 0 && n == 1 && frames[0].is_all) {
            frames[0].node = TREE_ROOT;
            continue;
        }
        place_row(svg, frames + at, n, before, false);
        place_row(svg, frames + at, n, before, true);
    }
}

static void add_self_weights(struct svg_frames *svg)
{
    struct profile *profile = svg->profile;
    struct tree *tree = &profile->tree;
    for (size_t i = 0; i < svg->frames.n; i++) {
        const struct svg_frame *frame = &svg->frames.at[i];
        if (frame->node == TREE_NONE || frame->count <= frame->callees)
            continue;
        tree_add(tree, frame->node, tree_after(tree), frame->count - frame->callees, svg->decimals);
        profile->samples++;
        profile->unsure++;
    }
}

/* Make all counts units of the same size. */
static void scale_counts(struct svg_frames *svg)
{
    for (size_t i = 0; i < svg->frames.n; i++) {
        struct svg_frame *frame = &svg->frames.at[i];
        if (!num_scale10(frame->count, svg->decimals - frame->decimals, &frame->count))
            frame->count = UINT64_MAX;
    }
}

static void build_tree(struct svg_frames *svg)
{
    struct profile *profile = svg->profile;
    str unit = strbuf_str(&svg->unit);
    scale_counts(svg);
    sort_frames(svg);
    place_rows(svg);
    add_self_weights(svg);
    if (profile->countname.n == 0) {
        profile->countname = unit.n > 0 ? arena_copy(&profile->arena, unit) : STR("samples");
        profile->factor = 1;
    }
    profile->remark =
        svg->is_difference
            ? "read from a picture of a difference: the counts are those after, and frames too "
              "narrow to be drawn are missing"
            : "read from a picture: frames too narrow to be drawn are missing";
}

void svg_frames_read(struct builder *builder, struct reader_input *input)
{
    struct svg_frames svg = {.builder = builder, .profile = builder->profile};
    svg.xml.input = input;
    svg.title.heap = svg.rect.heap = svg.unit.heap = builder->scratch;
    read_svg_tags(&svg);
    if (svg.frames.n > 0)
        build_tree(&svg);
}
