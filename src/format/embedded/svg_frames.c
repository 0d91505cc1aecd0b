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
 * Pictures of ours that have no script or that the viewer saved are read in the same way. Their
 * counts are rounded, and each has a unit that fits its size: "12.66 s" calls "5.03 ms". They
 * become counts of the smallest unit of that scale.
 *
 * The frames come in any order, so all are kept until the end.
 */
#include <stdlib.h>

#include "core/num.h"
#include "format/embedded/svg_frame.h"
#include "format/reader.h"
#include "format/xml_tags.h"

struct svg_frames {
    struct builder *builder;
    struct profile *profile;
    struct xml_tags xml;
    struct strbuf title; /* decoded; n == 0: none in this group */
    struct strbuf rect;  /* of this group; n == 0: none */
    struct svg_counts counts;
    bool is_difference, has_samples;
    bool in_group;
    bool is_exact; /* places are given in counts */
};

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

/* "12 frames" of the viewer are several frames, each too narrow to be drawn. */
static bool is_merged(const struct svg_frames *svg, str name)
{
    str word = str_skip(name, str_find(name, ' ', 0));
    return svg->counts.is_own && name.n > 0 && is_digit(name.p[0]) &&
           (str_equal(word, STR(" frames")) || str_equal(word, STR(" frame")));
}

/* Names that are written from the right are between U+2068 and U+2069. */
static str without_isolates(str name)
{
    static const str first = STR_INIT("\xe2\x81\xa8"), last = STR_INIT("\xe2\x81\xa9");
    if (!str_starts(name, first) || !str_ends(name, last))
        return name;
    return str_cut(name, first.n, name.n - last.n);
}

/* Returns NULL, or the reason to skip it. */
static const char *read_svg_frame(struct svg_frames *svg)
{
    struct svg_frame frame = {.node = TREE_NONE, .line = svg->xml.lines + 1};
    struct svg_title title = {.name = STR("")};
    if (!svg_title_parse(&svg->title, &title))
        return "a frame whose title has no count";
    if (title.count.large || title.count.vanished)
        return title.count.large ? "count too large" : "a count that rounds to 0";
    if (!parse_place(strbuf_str(&svg->rect), &frame, &svg->is_exact))
        return "a frame without a place";
    if (is_merged(svg, title.name))
        return NULL;
    if (svg->counts.is_own)
        title.name = without_isolates(title.name);
    svg->is_difference |= title.is_difference;
    frame.shown = title.count;
    frame.digits = title.digits;
    frame.unit = intern_add(&svg->counts.units, title.unit);
    frame.is_root = (unsigned)title.is_whole + (unsigned)str_equal(title.name, STR("all"));
    /* a picture can have boxes without a name, and is drawn as it was */
    frame.name = title.name.n > 0 ? builder_frame(svg->builder, &(struct frame){.name = title.name})
                                  : tree_frame(&svg->profile->tree, STR(""));
    vec_push(svg->builder->scratch, &svg->counts.frames, frame);
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
                svg_counts_refuse(&svg->counts, reason, xml->lines + 1);
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
    const struct svg_frame *frames = svg->counts.frames.at;
    size_t n = 1;
    while (at + n < svg->counts.frames.n && frames[at + n].y == frames[at].y)
        n++;
    return n;
}

static double row_width(const struct svg_frames *svg, size_t at, size_t n)
{
    double width = 0;
    for (size_t i = at; i < at + n; i++)
        width += svg->counts.frames.at[i].width;
    return width;
}

/* Whether the root is on top, where y is least: the other end is narrower, or has no "all". */
static bool is_icicle(const struct svg_frames *svg)
{
    const struct svg_frame *frames = svg->counts.frames.at;
    size_t top = row_size(svg, 0), bottom = 1, n = svg->counts.frames.n;
    while (bottom < n && frames[n - 1 - bottom].y == frames[n - 1].y)
        bottom++;
    double upper = row_width(svg, 0, top), lower = row_width(svg, n - bottom, bottom);
    if (top == 1 && bottom == 1 && frames[0].is_root != frames[n - 1].is_root)
        return frames[0].is_root > frames[n - 1].is_root;
    return upper > lower;
}

/* Turn the picture so that the root's row is the first one. */
static void sort_frames(struct svg_frames *svg)
{
    struct svg_frame *frames = svg->counts.frames.at;
    size_t n = svg->counts.frames.n;
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
    frame->caller = caller;
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
        uint64_t most = caller->count;
        num_add_most(&most, caller->step);
        if (frame_spans(caller, x) && most >= caller->callees && most - caller->callees >= count &&
            caller->node != TREE_NONE)
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
    struct svg_frame *frames = svg->counts.frames.at;
    size_t before = 0, n;
    for (size_t at = 0; at < svg->counts.frames.n; at += n, before = n) {
        n = row_size(svg, at);
        if (at == 0 && n == 1 && frames[0].is_root > 0) {
            frames[0].node = TREE_ROOT;
            svg->has_samples = frames[0].samples > 0;
            if (svg->has_samples)
                builder_samples(svg->builder, frames[0].samples, wide_of(0));
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
    for (size_t i = 0; i < svg->counts.frames.n; i++) {
        const struct svg_frame *frame = &svg->counts.frames.at[i];
        if (frame->node == TREE_NONE || frame->count <= frame->callees)
            continue;
        tree_add(tree, frame->node, tree_after(tree), frame->count - frame->callees,
                 svg->counts.decimals);
        profile->samples++;
        profile->unsure++;
    }
}

static const char *const svg_remarks[2][2] = {
    {"read from a picture: frames too narrow to be drawn are missing",
     "read from a picture of a difference: the counts are those after, and frames too narrow to be "
     "drawn are missing"},
    {"read from a picture: weights are rounded, and frames that are not drawn are missing",
     "read from a picture of a difference: the weights are those after and rounded, and frames "
     "that are not drawn are missing"},
};

static void build_svg_tree(struct svg_frames *svg)
{
    struct profile *profile = svg->profile;
    sort_frames(svg);
    place_rows(svg);
    if (svg->counts.is_rounded)
        svg_counts_settle(&svg->counts);
    if (svg->counts.is_rounded || svg->has_samples)
        profile_set_value_type(profile, &(struct value_type){STR(""), svg->counts.unit, false});
    add_self_weights(svg);
    if (profile->countname.n == 0) {
        profile->countname = svg->counts.unit.n > 0 ? arena_copy(&profile->arena, svg->counts.unit)
                                                    : STR("samples");
        profile->factor = 1;
    }
    profile->remark = svg_remarks[svg->counts.is_rounded][svg->is_difference];
}

/* A comparison of two sides has a root for each. */
static bool has_only_roots(const struct svg_counts *counts)
{
    size_t roots = 0;
    for (size_t i = 0; i < counts->frames.n; i++)
        roots += counts->frames.at[i].is_root == 2;
    return roots > 0 && roots == counts->frames.n;
}

bool svg_frames_read(struct builder *builder, struct reader_input *input, bool is_own,
                     struct err *err)
{
    struct svg_frames svg = {.builder = builder, .profile = builder->profile};
    struct svg_counts *counts = &svg.counts;
    svg.xml.input = input;
    svg.title.heap = svg.rect.heap = builder->scratch;
    counts->builder = builder;
    counts->is_own = is_own;
    intern_init(&counts->units, builder->scratch, svg.profile->tree.seed);
    read_svg_tags(&svg);
    if (counts->frames.n > 0)
        svg_counts_scale(counts);
    if (counts->refused > 0 && has_only_roots(counts))
        return err_set(err, ERR_INPUT,
                       "only the root of the picture could be read: no other frame has a weight in "
                       "its unit; give the profile that the picture was made from");
    if (counts->frames.n > 0)
        build_svg_tree(&svg);
    return true;
}
