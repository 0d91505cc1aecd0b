/* SPDX-License-Identifier: MIT */
/*
 * svg_box: one frame of an SVG. A picture may have millions of boxes: numbers are written by hand,
 * and nothing is looked up twice.
 */
#include "output/markup.h"
#include "output/svg.h"

static void put_attribute(struct sink *sink, str name, str value)
{
    sink_byte(sink, ' ');
    sink_bytes(sink, name); /* one that XML allows: attrs.c has looked */
    sink_lit(sink, "=\"");
    sink_xml(sink, value);
    sink_byte(sink, '"');
}

static void put_given(struct sink *sink, str name, str value)
{
    if (value.p)
        put_attribute(sink, name, value);
}

static void put_extras(struct sink *sink, const struct attrs *attrs, bool link)
{
    for (size_t i = 0; i < attrs->extras.n; i++)
        if (attrs->extras.at[i].link == link)
            put_attribute(sink, attrs->extras.at[i].name, attrs->extras.at[i].value);
}

/* Returns whether it is a link. */
static bool open_box(struct sink *sink, const struct attrs *attrs)
{
    bool link = attrs->value[ATTRS_HREF].p != NULL;
    if (link) {
        str target = attrs->value[ATTRS_TARGET];
        sink_lit(sink, "<a");
        put_attribute(sink, STR("href"), attrs->value[ATTRS_HREF]);
        /* without a target the page would open inside an <object> */
        put_attribute(sink, STR("target"), target.p ? target : STR("_top"));
        put_extras(sink, attrs, true);
    } else {
        sink_lit(sink, "<g");
    }
    put_given(sink, STR("id"), attrs->value[ATTRS_ID]);
    put_given(sink, STR("class"), attrs->value[ATTRS_CLASS]);
    put_extras(sink, attrs, false);
    sink_byte(sink, '>');
    return link;
}

/* "; +1.25%"; what rounds to zero keeps its sign, as it does for printf. */
static void put_change(struct sink *sink, double change)
{
    sink_lit(sink, "; ");
    if (change != 0)
        sink_byte(sink, change > 0 ? '+' : '-');
    sink_fixed(sink, change < 0 ? -change : change, 2);
    sink_byte(sink, '%');
}

/* "NAME (34.96 to 7.42 % of the run before, -27.54: faster)" */
static void put_judged_title(struct sink *sink, const struct differential *d,
                             const struct change *change)
{
    double difference = num_round((change->after - change->before) * d->factor, d->decimals);
    sink_lit(sink, " (");
    sink_fixed(sink, change->before * d->factor, d->decimals);
    sink_lit(sink, " to ");
    sink_fixed(sink, change->after * d->factor, d->decimals);
    sink_byte(sink, ' ');
    sink_xml(sink, d->unit);
    sink_bytes(sink, difference > 0 ? STR(", +") : STR(", "));
    sink_fixed(sink, difference, d->decimals);
    sink_lit(sink, ": ");
    sink_bytes(sink, str_from_c(change_verdict_name(d->judge->scale, change->verdict)));
    sink_byte(sink, ')');
}

/* A number below 1 that would be shown as 0, with two digits: "0.0042", "0.40". */
static void put_small(struct sink *sink, double value)
{
    sink_lit(sink, "0.");
    for (value *= 100; value < 9.95; value *= 10)
        sink_byte(sink, '0');
    sink_u64(sink, (uint64_t)(value + 0.5));
}

/* "4.43 s", "881 samples"; of the root "12.66 s, 2,520 samples". */
static void put_amount(struct sink *sink, const struct picture *picture, const struct box *box)
{
    const struct picture_options *o = &picture->options;
    str name = o->countname;
    if (o->unit.n > 0) {
        struct quantity quantity = quantity_of(box->value, o->unit);
        sink_bytes(sink, quantity_number(&quantity));
        name = quantity.name;
    } else if (box->weight == 0 && box->value > 0) {
        put_small(sink, box->value);
    } else {
        put_count(sink, box->weight, box->decimals);
    }
    sink_byte(sink, ' ');
    sink_xml(sink, name);
    if (!box->root || o->unit.n == 0 || o->samples == 0)
        return;
    sink_lit(sink, ", ");
    sink_commas(sink, o->samples);
    sink_bytes(sink, o->samples == 1 ? STR(" sample") : STR(" samples"));
}

/* A name that is written from the right is isolated from what follows (U+2068, U+2069). */
static void put_name(struct sink *sink, str name)
{
    bool isolated = utf8_has_right(name);
    if (isolated)
        sink_lit(sink, "\xe2\x81\xa8");
    sink_xml(sink, name);
    if (isolated)
        sink_lit(sink, "\xe2\x81\xa9");
}

static void put_title(struct sink *sink, const struct picture *picture, const struct box *box)
{
    if (box->judged && !box->attrs) {
        put_name(sink, box->name);
        put_judged_title(sink, picture->options.differential, box->judged);
        return;
    }
    if (box->attrs && box->attrs->value[ATTRS_TITLE].p) {
        sink_xml(sink, box->attrs->value[ATTRS_TITLE]);
        return;
    }
    put_name(sink, box->name);
    sink_lit(sink, " (");
    put_amount(sink, picture, box);
    sink_lit(sink, ", ");
    if (box->root)
        sink_lit(sink, "100");
    else
        sink_fixed(sink, box->percent, 2);
    sink_byte(sink, '%');
    if (box->changed)
        put_change(sink, box->change);
    sink_byte(sink, ')');
}

/* A frame that vanished is hatched over its color; a new one has an edge. */
static void put_mark(struct sink *sink, enum differential_mark mark)
{
    if (mark == MARK_GONE)
        sink_lit(sink, "\" class=\"gone");
    else if (mark == MARK_NEW)
        sink_lit(sink, "\" class=\"new\" stroke=\"#000\" stroke-width=\".8\" "
                       "stroke-dasharray=\"3 2");
}

static void put_rect(struct sink *sink, const struct picture *picture, const struct box *box)
{
    sink_lit(sink, "<rect x=\"");
    put_tenths(sink, box->place.x);
    sink_lit(sink, "\" y=\"");
    put_tenths(sink, box->place.y);
    sink_lit(sink, "\" width=\"");
    put_tenths(sink, box->place.width);
    sink_lit(sink, "\" height=\"");
    put_tenths(sink, box->place.height);
    put_mark(sink, box->mark);
    sink_lit(sink, "\" fill=\"");
    if (box->mark == MARK_GONE) {
        sink_lit(sink, "url(#");
        sink_xml(sink, picture->options.prefix);
        sink_bytes(sink, change_is_real(box->judged) ? STR("gone)") : STR("faint)"));
    } else {
        put_rgb(sink, box->fill);
    }
    sink_lit(sink, "\"/>");
}

static void put_label(struct sink *sink, const struct box *box)
{
    sink_lit(sink, "<text x=\"");
    put_px(sink, box->place.label_x);
    sink_lit(sink, "\" y=\"");
    put_px(sink, box->place.label_y);
    if (box->light)
        sink_lit(sink, "\" class=\"light\">");
    else
        sink_lit(sink, "\">");
    sink_xml(sink, box->label.head);
    sink_bytes(sink, str_from_c(box->label.dots));
    sink_xml(sink, box->label.tail);
    sink_lit(sink, "</text>");
}

static void put_full_title(struct sink *sink, const struct picture *picture, const struct box *box)
{
    sink_lit(sink, "<title>");
    put_title(sink, picture, box);
    sink_lit(sink, "</title>");
}

void svg_put_box(const struct picture *picture, size_t i, bool still, struct sink *sink)
{
    struct box box;
    str end = still ? STR("") : STR("</g>");
    picture_box(picture, i, &box);
    if (box.attrs)
        end = open_box(sink, box.attrs) ? STR("</a>") : STR("</g>");
    else if (!still)
        sink_lit(sink, "<g>");
    if (!still)
        put_full_title(sink, picture, &box);
    put_rect(sink, picture, &box);
    if (!label_is_empty(&box.label))
        put_label(sink, &box);
    else if (!still)
        sink_lit(sink, "<text/>");
    sink_bytes(sink, end);
    sink_byte(sink, '\n');
}
