/*
 * drawing: the transforms of the tree, then the picture, then the output.
 */
#include "pipeline/drawing.h"

#include "profile/tree_map.h"
#include "transform/renames.h"

/* ---- preparing ---- */

#define WARN(drawing, ...)                                             \
    do {                                                               \
        struct err warning = {0};                                      \
        err_set(&warning, ERR_USAGE, __VA_ARGS__);                     \
        if ((drawing)->warn)                                           \
            (drawing)->warn((drawing)->warn_context, warning.message); \
    } while (0)

/* The stacks as they are drawn. */
static void turn_tree(struct drawing *d, const struct tree *tree)
{
    d->tree = tree;
    if (d->request->reverse) {
        tree_reverse(&d->turned, d->tree);
        d->tree = &d->turned;
    }
    if (d->picture.palette->kinds == palette_chain) {
        rename_wakers(&d->marked, d->tree);
        d->tree = &d->marked;
    }
    d->column = tree_after(d->tree);
}

static void choose_unit(struct drawing *d)
{
    const struct request *r = d->request;
    str countname = r->countname ? str_from_c(r->countname) : (str){NULL, 0};
    picture_choose_unit(&d->picture, d->profile, countname, str_from_c(r->unit ? r->unit : ""));
}

/* A differential is drawn by its second column. */
static bool check_sum(const struct drawing *d, uint64_t sum)
{
    uint64_t low = DRAWING_LOW_SUM;
    if (sum == 0)
        return err_set(d->err, ERR_INPUT,
                       d->request->library       ? "the profile is empty: there is nothing to draw"
                       : tree_has_sides(d->tree) ? "all counts of the second column are 0"
                                                 : "all counts are 0");
    if (num_scale10(low, d->tree->decimals, &low) && sum < low)
        WARN(d, "stack count is low (%llu): did something go wrong?",
             (unsigned long long)(sum / (low / DRAWING_LOW_SUM)));
    return true;
}

/* A total counts when it is larger than the sum. A little less may be a matter of rounding. */
static bool apply_total(struct drawing *d, uint64_t sum)
{
    const char *text = d->request->total;
    const char *name = d->request->library ? "total" : "--total";
    struct num_decimal total;
    uint64_t units;
    if (!text)
        return true;
    if (!num_parse_decimal(str_from_c(text), &total))
        return err_set(d->err, ERR_USAGE, "%s needs a number, not '%.60s'", name, text);
    unsigned decimals = d->tree->decimals;
    for (; total.decimals > decimals; total.decimals--)
        total.units = total.units / 10 + (total.units % 10 != 0);
    if (!num_scale10(total.units, decimals - total.decimals, &units))
        units = UINT64_MAX;
    if (units > sum)
        d->picture.layout.total = units;
    else if ((double)units < 0.98 * (double)sum)
        WARN(d, "%s %.60s is less than the sum of the counts: ignored", name, text);
    return true;
}

static bool apply_color_rules(struct drawing *d)
{
    struct color_rules *rules = d->request->rules;
    const char *name = d->request->library ? "color_rules" : "--color-rule";
    if (!rules || !color_rules_any(rules))
        return true;
    if (tree_has_sides(d->tree)) {
        if (rules->rules.n > 0)
            WARN(d, "%s is ignored: the colors of a differential are those of its changes", name);
        return true;
    }
    d->given = color_rules_find_all(rules, &d->tree->frames.texts, d->picture.shade,
                                    d->picture.seed, d->heap, d->err);
    d->picture.given = d->given;
    for (size_t i = 0; i < rules->patterns.list.n; i++) {
        const struct name_rule *rule = &rules->patterns.list.at[i];
        str text = rule->text;
        if (d->given && !rule->hit)
            WARN(d, "%s '%.*s' matches no frame", name, text.n < 200 ? (int)text.n : 200, text.p);
    }
    return d->given != NULL;
}

bool drawing_prepare(struct drawing *d, const struct tree *tree)
{
    d->picture = d->request->picture;
    turn_tree(d, tree);
    choose_unit(d);
    uint64_t sum = tree_sum(d->tree, d->column);
    return check_sum(d, sum) && apply_total(d, sum) && apply_color_rules(d);
}

/* ---- writing ---- */

/* PNG and PDF look the same without script; see tests/raster/. */
static struct document make_document(const struct drawing *d)
{
    const struct request *r = d->request;
    bool raster = r->output->raster != NULL;
    return (struct document){
        .profile = r->facts ? d->profile : NULL,
        .script = r->script && !raster,
        .fragment = r->fragment && !raster,
        .still = raster && r->css.n == 0,
        .no_background = raster && r->background,
        .theme = r->theme,
        .css = r->css,
    };
}

static struct sink *open_stream(struct drawing *d)
{
    const struct request *r = d->request;
    return output_stream_open(&d->stream, r->output, &r->how, &d->place, d->heap, d->err);
}

static bool write_content(struct drawing *d, const struct output_content *content)
{
    struct sink *sink = open_stream(d);
    if (!sink)
        return false;
    output_write(d->request->output, content, sink);
    return output_stream_finish(&d->stream, d->err);
}

/* Both sides, one above the other on one scale. Over the frames of each is room for its label. */
static void make_both(struct drawing *d, struct picture *above, struct picture *below)
{
    uint64_t sums[] = {tree_sum(d->tree, SIDE_BEFORE), tree_sum(d->tree, SIDE_AFTER)};
    double heading = 2 * d->picture.layout.font;
    d->picture.layout.full = sums[sums[1] > sums[0]];
    picture_make(above, d->tree, SIDE_BEFORE, &d->picture);
    picture_make(below, d->tree, SIDE_AFTER, &d->picture);
    above->layout.height += heading;
    below->layout.height = above->layout.height + heading +
                           below->layout.rows * below->layout.options.row;
}

static bool write_picture(struct drawing *d)
{
    struct document document = make_document(d);
    struct picture picture, above;
    document.picture = &picture;
    if (d->both) {
        make_both(d, &above, &picture);
        document.above = &above;
    } else {
        picture_make(&picture, d->tree, d->column, &d->picture);
    }
    bool done = write_content(d, &(struct output_content){.document = &document});
    picture_end(&picture);
    if (d->both)
        picture_end(&above);
    return done;
}

bool drawing_write(struct drawing *d)
{
    if (d->request->output->kind == OUTPUT_PICTURE)
        return write_picture(d);
    return write_content(d, &(struct output_content){.tree = d->tree, .report = d->report});
}

bool drawing_write_message(struct drawing *d, str title, str message)
{
    struct picture picture = {.options = d->request->picture};
    struct document document = make_document(d);
    document.picture = &picture;
    struct sink *sink = open_stream(d);
    if (!sink)
        return false;
    svg_write_message(&document, title, message, sink);
    return output_stream_finish(&d->stream, d->err);
}

void drawing_write_csp(const struct drawing *d, struct sink *sink)
{
    struct document document = make_document(d);
    struct picture picture = {.options = d->request->picture};
    document.picture = &picture;
    svg_write_csp(&document, sink);
}
