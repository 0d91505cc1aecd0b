/* SPDX-License-Identifier: MIT */
/*
 * speedscope_stacks: the lists of a profile: samples with weights, and events.
 */
#include "format/speedscope/speedscope.h"

static const char unequal[] = "samples and weights are not equally many";

bool speedscope_choose_unit(struct speedscope *s)
{
    struct value_type type = {.name = s->wanted->decimals > 0 ? STR("weight") : s->wanted->name,
                              .unit = s->wanted->unit};
    s->builder->decimals = s->wanted->decimals;
    if (type.unit.n > 0 && !str_equal(type.unit, STR("bytes")))
        type.name = STR("time");
    return builder_value_types(s->builder, &type, 1, 0, s->err);
}

bool speedscope_is_wanted(struct speedscope *s)
{
    if (!s->has_frames) {
        s->lacked_frames = true;
        return false;
    }
    if (!s->wanted) {
        s->wanted = s->unit;
        if (!speedscope_choose_unit(s))
            return false;
    }
    return s->unit == s->wanted;
}

static struct speedscope_number read_speedscope_number(struct speedscope *s)
{
    struct num_decimal value;
    bool good = json_decimal_value(&s->json, &value);
    return (struct speedscope_number){value.units, value.decimals, !good, value.vanished};
}

/* The number in units of the profile, 10^-(*decimals) of the value's unit. False if it is too
 * large.
 */
static bool scale_number(const struct speedscope *s, const struct speedscope_number *number,
                         unsigned *decimals, int64_t *scaled)
{
    uint64_t value = number->digits;
    unsigned from = number->decimals, power = s->unit->power;
    *decimals = s->unit->decimals;
    if (s->unit->decimals > 0 && from == 0)
        *decimals = power = 0;
    if (number->bad || (power > from && !num_scale10(value, power - from, &value)))
        return false;
    for (; from > power && value > 0; from--) /* rounded, the last digit to the nearest */
        value = value / 10 + (from - 1 == power && value % 10 >= 5);
    *scaled = (int64_t)value;
    return value <= INT64_MAX;
}

static bool add_speedscope_weight(struct speedscope *s, const uint32_t *places, size_t n,
                                  const struct speedscope_number *weight)
{
    struct sample_label label = {.key = STR("profile"), .value = strbuf_str(&s->name)};
    int64_t value;
    if (!scale_number(s, weight, &s->builder->decimals, &value)) {
        builder_skip(s->builder, "a weight is not a number that can be counted",
                     json_offset(&s->json));
        return true;
    }
    if (n == 0 && !s->builder->options->idle && !s->is_ours) {
        builder_leave_out(s->builder, "without a stack", &value);
        return true;
    }
    s->leaf_first.n = 0;
    vec_reserve(s->heap, &s->leaf_first, n);
    for (size_t i = n; i-- > 0;) {
        if (places[i] >= s->frames.n) {
            builder_skip(s->builder, "a sample names a frame that is not there",
                         json_offset(&s->json));
            return true;
        }
        s->leaf_first.at[s->leaf_first.n++] = s->frames.at[places[i]];
    }
    return builder_sample(s->builder, s->leaf_first.at, n, &value, &label, s->name.bytes.n > 0,
                          s->err);
}

/* The weight of the open stack. */
static bool add_open_weight(struct speedscope *s, const struct speedscope_number *weight)
{
    struct sample_label label = {.key = STR("profile"), .value = strbuf_str(&s->name)};
    int64_t value;
    bool counts = scale_number(s, weight, &s->builder->decimals, &value);
    if (counts && s->unknown == 0)
        return builder_sample_open(s->builder, &s->stack, &value, &label, s->name.bytes.n > 0,
                                   s->err);
    builder_skip(s->builder,
                 counts ? "a sample names a frame that is not there"
                        : "a weight is not a number that can be counted",
                 json_offset(&s->json));
    return true;
}

static uint32_t read_speedscope_stack(struct speedscope *s)
{
    int64_t place;
    s->open.n = 0;
    if (json_enter(&s->json, '['))
        while (json_next_int(&s->json, &place))
            vec_push(s->heap, &s->open, (uint32_t)place);
    return intern_add(&s->stacks, str_of((const char *)s->open.at, s->open.n * sizeof *s->open.at));
}

/* Each distinct stack is kept once, and so is its text, which is not parsed again. */
void speedscope_read_samples(struct speedscope *s)
{
    if (!json_enter(&s->json, '['))
        return;
    while (json_next_item(&s->json)) {
        str text = json_peek_numbers(&s->json);
        uint32_t known = text.n > 0 ? intern_add(&s->stack_texts, text) : INTERN_NONE;
        bool is_known = known < s->stack_of.n;
        if (is_known)
            json_take_numbers(&s->json, text);
        uint32_t stack = is_known ? s->stack_of.at[known] : read_speedscope_stack(s);
        if (known == s->stack_of.n)
            vec_push(s->heap, &s->stack_of, stack);
        vec_push(s->heap, &s->samples, stack);
    }
}

/* Only for samples: the time between two events can be so short. */
static bool rounds_to_zero(const struct speedscope *s, const struct speedscope_number *weight)
{
    unsigned decimals;
    int64_t value;
    return weight->vanished ||
           (weight->digits > 0 && scale_number(s, weight, &decimals, &value) && value == 0);
}

static bool add_speedscope_sample(struct speedscope *s, size_t i,
                                  const struct speedscope_number *weight)
{
    str bytes = intern_name(&s->stacks, s->samples.at[i]);
    size_t n = bytes.n / sizeof *s->open.at;
    if (rounds_to_zero(s, weight)) {
        builder_skip(s->builder, "a weight that rounds to 0", json_offset(&s->json));
        return true;
    }
    s->open.n = 0;
    vec_reserve(s->heap, &s->open, n);
    if (n > 0)
        memcpy(s->open.at, bytes.p, bytes.n);
    return add_speedscope_weight(s, s->open.at, n, weight);
}

/* Weights are added at once if everything that they need is known, and otherwise kept for later. */
bool speedscope_read_weights(struct speedscope *s)
{
    bool ready = s->has_unit && s->has_name && s->samples.n > 0 && speedscope_is_wanted(s),
         good = true;
    size_t count = 0;
    if (s->err->code != ERR_NONE || !json_enter(&s->json, '['))
        return s->err->code == ERR_NONE;
    while (good && json_next_item(&s->json)) {
        struct speedscope_number weight = read_speedscope_number(s);
        if (!ready)
            vec_push(s->heap, &s->weights, weight);
        else if (count < s->samples.n)
            good = add_speedscope_sample(s, count, &weight);
        count++;
    }
    if (ready && count != s->samples.n)
        builder_skip(s->builder, unequal, json_offset(&s->json));
    if (ready)
        s->samples.n = 0;
    return good;
}

bool speedscope_add_samples(struct speedscope *s)
{
    bool good = true;
    for (size_t i = 0; i < s->samples.n && i < s->weights.n && good; i++)
        good = add_speedscope_sample(s, i, &s->weights.at[i]);
    if (s->samples.n != s->weights.n)
        builder_skip(s->builder, unequal, json_offset(&s->json));
    return good;
}

struct speedscope_event {
    char type;
    uint32_t frame;
    struct speedscope_number at;
};

static struct speedscope_event read_speedscope_event(struct speedscope *s)
{
    struct speedscope_event event = {.type = '\0'};
    str key;
    while (json_next_key(&s->json, &key)) {
        if (str_equal(key, STR("type"))) {
            str type = json_string_value(&s->json);
            event.type = type.n == 1 ? type.p[0] : '\0';
        } else if (str_equal(key, STR("frame"))) {
            event.frame = (uint32_t)json_int_value(&s->json);
        } else if (str_equal(key, STR("at"))) {
            event.at = read_speedscope_number(s);
        } else {
            json_skip(&s->json);
        }
    }
    return event;
}

/* False: the result would be below 0. */
static bool subtract_number(struct speedscope_number *from, const struct speedscope_number *number)
{
    uint64_t digits = number->digits;
    unsigned decimals = number->decimals > from->decimals ? number->decimals : from->decimals;
    from->bad |= number->bad ||
                 !num_scale10(from->digits, decimals - from->decimals, &from->digits) ||
                 !num_scale10(digits, decimals - number->decimals, &digits);
    from->decimals = decimals;
    if (!from->bad && from->digits < digits)
        return false;
    from->digits -= digits;
    return true;
}

/* False: events are not in the order of time, or do not nest. */
static bool take_event(struct speedscope *s, const struct speedscope_event *event, bool *good)
{
    bool opens = event->type == 'O', first = s->open.n == 0;
    struct speedscope_number lasted = event->at;
    if (!first && !subtract_number(&lasted, &s->last))
        return false;
    if (!first && lasted.digits > 0)
        *good = add_open_weight(s, &lasted);
    s->last = event->at;
    if (opens) {
        bool known = event->frame < s->frames.n;
        vec_push(s->heap, &s->open, event->frame);
        open_stack_push(s->builder, &s->stack, known ? s->frames.at[event->frame] : 0);
        s->unknown += !known;
        return true;
    }
    if (event->type != 'C' || first || s->open.at[s->open.n - 1] != event->frame)
        return false;
    s->open.n--;
    open_stack_cut(&s->stack, s->open.n);
    s->unknown -= event->frame >= s->frames.n;
    return true;
}

bool speedscope_read_events(struct speedscope *s, bool adds)
{
    bool good = true, ordered = true;
    if (!json_enter(&s->json, '['))
        return true;
    s->open.n = s->unknown = 0;
    open_stack_cut(&s->stack, 0);
    s->last = (struct speedscope_number){0};
    while (json_next_item(&s->json)) {
        if (!adds || !ordered || !good) {
            json_skip(&s->json);
        } else if (json_enter(&s->json, '{')) {
            struct speedscope_event event = read_speedscope_event(s);
            ordered = take_event(s, &event, &good);
            if (!ordered)
                builder_skip(s->builder, "an event is out of order, and the rest of its profile",
                             json_offset(&s->json));
        }
    }
    return good;
}
