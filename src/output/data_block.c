/* SPDX-License-Identifier: MIT */
/*
 * data_block: the line of JSON; the profile itself is packed by format/embedded/embedded_writer.c.
 */
#include "format/embedded/embedded_writer.h"
#include "output/markup.h"
#include "output/svg.h"

static void put_geometry(struct sink *sink, const struct layout *layout)
{
    const struct layout_options *o = &layout->options;
    double minwidth = o->minwidth_percent ? o->minwidth / 100 * (o->width - 2 * layout->pad)
                                          : o->minwidth;
    PUT(sink, KEY("geometry"), LIT("{\"width\":"), NUMBER(o->width), KEY("row"), NUMBER(o->row),
        KEY("pad"), NUMBER(layout->pad), KEY("top"), NUMBER(layout->top), KEY("bottom"),
        NUMBER(layout->bottom), KEY("font"), NUMBER(o->font), KEY("fontwidth"),
        NUMBER(o->fontwidth), KEY("minwidth"), NUMBER(minwidth), LIT("}"));
}

static void put_colors(struct sink *sink, const struct picture *picture,
                       const struct embedded_writer *pack)
{
    const struct picture_options *o = &picture->options;
    PUT(sink, KEY("palette"), LIT("{\"name\":"), STRING(str_from_c(o->palette->name)), KEY("hash"),
        BOOL(o->shade == SHADE_HASH), KEY("cp"), BOOL(o->map != NULL), LIT("}"), KEY("colors"),
        LIT("\""));
    for (uint32_t i = 0; i < pack->count; i++)
        put_hex(sink, picture->colors[pack->sorted[i]]);
    sink_byte(sink, '"');
}

static void put_delta(struct sink *sink, const struct picture *picture,
                      const struct embedded_writer *pack)
{
    const struct picture_options *o = &picture->options;
    PUT(sink, KEY("delta"), LIT("{\"of\":"),
        WORD(o->delta == DELTA_SELF ? "\"self\"" : "\"total\""), KEY("negate"), BOOL(o->negate),
        KEY("max"), NUMBER(picture->delta.max));
    if (picture->options.differential)
        data_block_put_judge(sink, picture, pack);
    sink_byte(sink, '}');
}

static void put_link(struct sink *sink, const struct attrs *attrs)
{
    static const struct {
        enum attrs_key key;
        const char *name;
    } kept[] = {{ATTRS_ID, "id"},
                {ATTRS_CLASS, "class"},
                {ATTRS_TITLE, "title"},
                {ATTRS_HREF, "href"},
                {ATTRS_TARGET, "target"}};
    str top = STR("_top"); /* as in the markup */
    const char *before = "{";
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        str value = attrs->value[kept[i].key];
        if (kept[i].key == ATTRS_TARGET)
            value = !attrs->value[ATTRS_HREF].p ? (str){0} : value.p ? value : top;
        if (!value.p)
            continue;
        PUT(sink, WORD(before), STRING(str_from_c(kept[i].name)), LIT(":"), STRING(value));
        before = ",";
    }
    PUT(sink, WORD(before[0] == '{' ? "{}" : "}"));
}

/* The attributes of --nameattr, for names in the picture. */
static void put_links(struct sink *sink, const struct picture *picture,
                      const struct embedded_writer *pack)
{
    const struct attrs_table *table = picture->options.attrs;
    const char *before = "";
    if (!table)
        return;
    PUT(sink, KEY("links"), LIT("{"));
    for (uint32_t i = 0; i < pack->count; i++) {
        str name = frames_text(&picture->tree->frames, pack->sorted[i]);
        const struct attrs *attrs = attrs_find(table, name);
        if (!attrs)
            continue;
        PUT(sink, WORD(before), STRING(name), LIT(":"));
        put_link(sink, attrs);
        before = ",";
    }
    sink_byte(sink, '}');
}

static void put_facts(struct sink *sink, const struct profile *profile)
{
    if (!profile || profile->facts.n == 0)
        return;
    PUT(sink, KEY("meta"));
    for (size_t i = 0; i < profile->facts.n; i++)
        PUT(sink, WORD(i == 0 ? "{" : ","), STRING(profile->facts.at[i].key), LIT(":"),
            STRING(profile->facts.at[i].value));
    sink_byte(sink, '}');
}

static void put_weights(struct sink *sink, const struct picture *picture,
                        const struct embedded_writer *pack)
{
    const struct tree *tree = picture->tree;
    PUT(sink, LIT("{\"unit\":\""), DIGITS(pack->unit), LIT("\""), KEY("decimals"),
        DIGITS(tree->decimals), KEY("sides"), DIGITS(tree_has_sides(tree) ? 2 : 1), KEY("factor"),
        NUMBER(picture->options.factor));
    if (picture->layout.total > picture->totals[TREE_ROOT])
        PUT(sink, KEY("total"), LIT("\""), DIGITS(picture->layout.total), LIT("\""));
}

/* The kind of the weights, if it is known and the user gave no countname. */
static void put_value_type(struct sink *sink, const struct document *document)
{
    const struct picture_options *o = &document->picture->options;
    if (o->unit.n > 0)
        PUT(sink, KEY("valueUnit"), STRING(quantity_unit(o->unit)));
    if (o->unit.n > 0 && document->profile && document->profile->value_type.name.n > 0)
        PUT(sink, KEY("valueType"), STRING(document->profile->value_type.name));
}

/* How many samples the weights of nodes come from, `count` in all: all samples have the same
 * weight, or there is a number for each node. */
static void put_samples_of_nodes(struct sink *sink, const struct embedded_writer *pack,
                                 unsigned column, uint64_t count)
{
    struct tree_samples samples = tree_find_samples(pack->tree, column);
    if (samples.count == 0 || samples.count != count)
        return;
    if (column > 0 && samples.each > 0) { /* that of column 0 is of each single sample */
        PUT(sink, KEY("sampleWeight"), DIGITS(samples.each));
        return;
    }
    PUT(sink, KEY("counts"), LIT("\""));
    embedded_writer_put_samples(pack, column, sink);
    sink_byte(sink, '"');
}

static void put_samples(struct sink *sink, const struct document *document,
                        const struct embedded_writer *pack)
{
    const struct picture *picture = document->picture;
    const struct picture_options *o = &picture->options;
    if (o->samples == 0)
        return;
    PUT(sink, KEY("samples"), LIT("\""), DIGITS(o->samples), LIT("\""));
    if (o->unit.n == 0 || tree_has_sides(picture->tree))
        return;
    if (o->sample_weight > 0)
        PUT(sink, KEY("sampleWeight"), NUMBER(o->sample_weight));
    else
        put_samples_of_nodes(sink, pack, 0, o->samples);
}

/* All value types; the weights of the first one are those of the frames. */
static void put_values(struct sink *sink, const struct document *document,
                       const struct embedded_writer *pack)
{
    const struct tree *tree = document->picture->tree;
    const struct picture_options *o = &document->picture->options;
    str first = document->values ? quantity_unit(document->values[0].type.unit) : STR("");
    bool plain = o->unit.n == 0 && first.n > 0 && /* --countname */
                 !(str_equal(first, STR("samples")) && str_equal(o->countname, first));
    for (unsigned i = 0; document->values && i < tree->columns; i++) {
        const struct profile_value *value = &document->values[i];
        uint64_t unit = i == 0 ? pack->unit : tree_find_unit(tree, i, i + 1);
        uint64_t samples = i == 0 ? o->samples : value->samples;
        str name = plain ? STR("") : quantity_unit(value->type.unit);
        sink_bytes(sink, i == 0 ? STR(",\"values\":[{\"valueType\":") : STR(",{\"valueType\":"));
        PUT(sink, STRING(value->type.name), KEY("valueUnit"), STRING(name));
        if (samples > 0)
            PUT(sink, KEY("samples"), LIT("\""), DIGITS(samples), LIT("\""));
        PUT(sink, KEY("unit"), LIT("\""), DIGITS(unit), LIT("\""));
        if (i > 0) {
            PUT(sink, KEY("weights"), LIT("\""));
            embedded_writer_put_column(pack, tree, i, unit, sink);
            sink_byte(sink, '"');
            if (name.n > 0 && !str_equal(name, STR("samples")))
                put_samples_of_nodes(sink, pack, i, samples);
        }
        sink_bytes(sink, i + 1 < tree->columns ? STR("}") : STR("}]"));
    }
}

/* For each name, in order: the number of its entry in the legend plus 1; 0: none. */
static void put_groups(struct sink *sink, const struct picture *picture,
                       const struct embedded_writer *pack)
{
    const struct picture_options *o = &picture->options;
    const struct legend *legend = &picture->legend;
    if (!picture->colors || legend->entries.n == 0)
        return;
    PUT(sink, KEY("groups"), LIT("\""));
    for (uint32_t i = 0; i < pack->count; i++) {
        uint32_t id = pack->sorted[i];
        struct frame frame = frames_get(&picture->tree->frames, id);
        size_t entry = id == 0 ? legend->entries.n
                               : legend_find(legend, &frame, o->palette,
                                             o->given ? &o->given[id] : NULL);
        embedded_writer_put_number(sink, entry < legend->entries.n ? entry + 1 : 0);
    }
    sink_byte(sink, '"');
}

/* For each name, in order: the number of its file plus 1, and its line; 0: not known. */
static void put_places(struct sink *sink, const struct picture *picture,
                       const struct embedded_writer *pack, const struct intern *files)
{
    PUT(sink, KEY("places"), LIT("\""));
    for (uint32_t i = 0; i < pack->count; i++) {
        struct frame frame = frames_get(&picture->tree->frames, pack->sorted[i]);
        uint32_t file = frame.file.n > 0 ? intern_find(files, frame.file) + 1 : 0;
        embedded_writer_put_number(sink, file);
        if (file > 0)
            embedded_writer_put_number(sink, frame.line);
    }
    sink_byte(sink, '"');
}

/* The places of names in the source. */
static void put_source(struct sink *sink, const struct document *document,
                       const struct embedded_writer *pack)
{
    const struct picture *picture = document->picture;
    const struct tree *tree = picture->tree;
    struct intern files;
    if (document->source_url.n == 0)
        return;
    intern_init(&files, tree->heap, tree->seed);
    PUT(sink, KEY("source"), LIT("{\"url\":"), STRING(document->source_url), KEY("files"),
        LIT("["));
    for (uint32_t i = 0; i < pack->count; i++) {
        str file = frames_get(&tree->frames, pack->sorted[i]).file;
        uint32_t known = intern_count(&files);
        if (file.n > 0 && intern_add(&files, file) == known)
            PUT(sink, WORD(known > 0 ? "," : ""), STRING(file));
    }
    sink_byte(sink, ']');
    put_places(sink, picture, pack, &files);
    sink_byte(sink, '}');
    intern_end(&files);
}

static void put_head(struct sink *sink, const struct document *document,
                     const struct embedded_writer *pack)
{
    const struct picture *picture = document->picture;
    const struct picture_options *o = &picture->options;
    static const char *const orders[] = {
        [ORDER_NAME] = "\"name\"", [ORDER_WEIGHT] = "\"weight\"", [ORDER_INPUT] = "\"input\""};
    put_weights(sink, picture, pack);
    PUT(sink, KEY("prefix"), STRING(o->prefix), KEY("countname"), STRING(o->countname));
    put_value_type(sink, document);
    put_samples(sink, document, pack);
    put_values(sink, document, pack);
    PUT(sink, KEY("nametype"), STRING(o->nametype));
    if (o->title.n > 0)
        PUT(sink, KEY("title"), STRING(o->title));
    if (o->subtitle.n > 0)
        PUT(sink, KEY("subtitle"), STRING(o->subtitle));
    PUT(sink, KEY("order"), WORD(orders[o->order]), KEY("inverted"), BOOL(o->layout.inverted),
        KEY("fluid"), BOOL(o->fluid));
    put_geometry(sink, &picture->layout);
    PUT(sink, KEY("search"), STRING(o->search));
    if (document->callers)
        PUT(sink, KEY("sandwich"), STRING(document->callers->options.root));
    if (o->notes.n > 0)
        PUT(sink, KEY("notes"), STRING(o->notes));
    if (picture->colors)
        put_colors(sink, picture, pack);
    else
        put_delta(sink, picture, pack);
    put_links(sink, picture, pack);
    put_source(sink, document, pack);
    put_groups(sink, picture, pack);
    put_facts(sink, document->profile);
    sink_lit(sink, "}\n");
}

void data_block_write(const struct document *document, struct sink *sink)
{
    const struct picture *picture = document->picture;
    struct embedded_writer pack;
    embedded_writer_make(&pack, picture->tree, &picture->order);
    sink_lit(sink, "flametree 1\n");
    put_head(sink, document, &pack);
    embedded_writer_write(&pack, sink);
    embedded_writer_end(&pack);
}
