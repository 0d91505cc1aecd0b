/*
 * data_block: the line of JSON; the profile itself is packed by format/embedded/embedded_writer.c.
 */
#include "format/embedded/embedded_writer.h"
#include "output/markup.h"
#include "output/svg.h"

static void put_units(struct sink *sink, uint64_t units)
{
    sink_byte(sink, '"');
    sink_u64(sink, units);
    sink_byte(sink, '"');
}

static void put_geometry(struct sink *sink, const struct layout *layout)
{
    const struct layout_options *o = &layout->options;
    double minwidth = o->minwidth_percent ? o->minwidth / 100 * (o->width - 2 * layout->pad)
                                          : o->minwidth;
    PUT_KEY(sink, "geometry");
    sink_lit(sink, "{\"width\":");
    put_number(sink, o->width);
    PUT_NUMBER(sink, "row", o->row);
    PUT_NUMBER(sink, "pad", layout->pad);
    PUT_NUMBER(sink, "top", layout->top);
    PUT_NUMBER(sink, "bottom", layout->bottom);
    PUT_NUMBER(sink, "font", o->font);
    PUT_NUMBER(sink, "fontwidth", o->fontwidth);
    PUT_NUMBER(sink, "minwidth", minwidth);
    sink_byte(sink, '}');
}

static void put_colors(struct sink *sink, const struct picture *picture,
                       const struct embedded_writer *pack)
{
    PUT_KEY(sink, "palette");
    sink_lit(sink, "{\"name\":");
    put_string(sink, str_from_c(picture->options.palette->name));
    PUT_BOOL(sink, "hash", picture->options.shade == SHADE_HASH);
    PUT_BOOL(sink, "cp", picture->options.map != NULL);
    sink_byte(sink, '}');
    PUT_KEY(sink, "colors");
    sink_byte(sink, '"');
    for (uint32_t i = 0; i < pack->count; i++)
        put_hex(sink, picture->colors[pack->sorted[i]]);
    sink_byte(sink, '"');
}

static void put_delta(struct sink *sink, const struct picture *picture,
                      const struct embedded_writer *pack)
{
    PUT_KEY(sink, "delta");
    sink_bytes(sink, picture->options.delta == DELTA_SELF ? STR("{\"of\":\"self\"")
                                                          : STR("{\"of\":\"total\""));
    PUT_BOOL(sink, "negate", picture->options.negate);
    PUT_NUMBER(sink, "max", picture->delta.max);
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
    bool more = false;
    sink_byte(sink, '{');
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        str value = attrs->value[kept[i].key];
        if (kept[i].key == ATTRS_TARGET)
            value = !attrs->value[ATTRS_HREF].p ? (str){0} : value.p ? value : top;
        if (!value.p)
            continue;
        if (more)
            sink_byte(sink, ',');
        more = true;
        put_string(sink, str_from_c(kept[i].name));
        sink_byte(sink, ':');
        put_string(sink, value);
    }
    sink_byte(sink, '}');
}

/* What --nameattr gave to names that are there. */
static void put_links(struct sink *sink, const struct picture *picture,
                      const struct embedded_writer *pack)
{
    const struct attrs_table *table = picture->options.attrs;
    bool more = false;
    if (!table)
        return;
    PUT_KEY(sink, "links");
    sink_byte(sink, '{');
    for (uint32_t i = 0; i < pack->count; i++) {
        str name = frames_text(&picture->tree->frames, pack->sorted[i]);
        const struct attrs *attrs = attrs_find(table, name);
        if (!attrs)
            continue;
        if (more)
            sink_byte(sink, ',');
        more = true;
        put_string(sink, name);
        sink_byte(sink, ':');
        put_link(sink, attrs);
    }
    sink_byte(sink, '}');
}

static void put_facts(struct sink *sink, const struct profile *profile)
{
    if (!profile || profile->facts.n == 0)
        return;
    PUT_KEY(sink, "meta");
    for (size_t i = 0; i < profile->facts.n; i++) {
        sink_byte(sink, i == 0 ? '{' : ',');
        put_string(sink, profile->facts.at[i].key);
        sink_byte(sink, ':');
        put_string(sink, profile->facts.at[i].value);
    }
    sink_byte(sink, '}');
}

static void put_weights(struct sink *sink, const struct picture *picture,
                        const struct embedded_writer *pack)
{
    const struct tree *tree = picture->tree;
    sink_lit(sink, "{\"unit\":");
    put_units(sink, pack->unit);
    PUT_KEY(sink, "decimals");
    sink_u64(sink, tree->decimals);
    PUT_KEY(sink, "sides");
    sink_u64(sink, tree_has_sides(tree) ? 2 : 1);
    PUT_NUMBER(sink, "factor", picture->options.factor);
    if (picture->layout.total > picture->totals[TREE_ROOT]) {
        PUT_KEY(sink, "total");
        put_units(sink, picture->layout.total);
    }
}

/* What weights are, where that is known and the user has no countname for it. */
static void put_value_type(struct sink *sink, const struct document *document)
{
    const struct picture_options *o = &document->picture->options;
    if (o->unit.n > 0)
        PUT_STRING(sink, "valueUnit", o->unit);
    if (o->unit.n > 0 && document->profile && document->profile->value_type.name.n > 0)
        PUT_STRING(sink, "valueType", document->profile->value_type.name);
    if (o->samples > 0) {
        PUT_KEY(sink, "samples");
        put_units(sink, o->samples);
    }
}

static const char *order_name(enum sibling_order_by order)
{
    switch (order) {
    case ORDER_WEIGHT: return "weight";
    case ORDER_INPUT: return "input";
    default: return "name";
    }
}

static void put_head(struct sink *sink, const struct document *document,
                     const struct embedded_writer *pack)
{
    const struct picture *picture = document->picture;
    const struct picture_options *o = &picture->options;
    put_weights(sink, picture, pack);
    PUT_STRING(sink, "prefix", o->prefix);
    PUT_STRING(sink, "countname", o->countname);
    put_value_type(sink, document);
    PUT_STRING(sink, "nametype", o->nametype);
    if (o->title.n > 0)
        PUT_STRING(sink, "title", o->title);
    if (o->subtitle.n > 0)
        PUT_STRING(sink, "subtitle", o->subtitle);
    PUT_STRING(sink, "order", str_from_c(order_name(o->order)));
    PUT_BOOL(sink, "inverted", o->layout.inverted);
    PUT_BOOL(sink, "fluid", o->fluid);
    put_geometry(sink, &picture->layout);
    PUT_STRING(sink, "search", o->search);
    if (picture->colors)
        put_colors(sink, picture, pack);
    else
        put_delta(sink, picture, pack);
    put_links(sink, picture, pack);
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
