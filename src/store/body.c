/* SPDX-License-Identifier: MIT */
/*
 * body: see body.h.
 */
#include "store/body.h"

#include "format/reader.h"

static bool choose_format(const struct body *body, struct reading *reading, struct err *err)
{
    if (body->format.n > 0)
        reading->format = reader_find(body->format);
    return body->format.n == 0 || reading->format ||
           err_set(err, ERR_USAGE, "there is no input format '%.*s'", STR_SHOWN(body->format, 60));
}

static bool is_usable(const struct reading *reading, struct err *err)
{
    const struct profile *profile = reading->profile;
    uint64_t skipped = skipped_total(&profile->skipped);
    bool text = !reading->last || reading->last->gap_lines > 0;
    if (profile->samples == 0 && (text || skipped > 0) && body_elapsed(profile) < 0)
        return reading_diagnose(reading, err);
    if (text && skipped > profile->lines / 2)
        return err_set(err, ERR_INPUT, "most lines cannot be used: %s",
                       profile->skipped.entries.at[0].reason);
    return true;
}

bool body_read(const struct body *body, struct heap *heap, struct profile *profile, struct err *err)
{
    const struct read_options options = {
        .keep_labels = true,
        .no_symbols = true,
        .value_type = body->value_type,
        .all_values = body->value_type.n == 0,
    };
    struct reading reading = {.profile = profile, .options = &options};
    struct source source;
    profile_init(profile, heap, 0, false);
    if (!choose_format(body, &reading, err))
        return false;
    source_open_memory(&source, body->name, body->bytes);
    bool done = reading_add(&reading, &source, err);
    source_close(&source);
    reading_finish(&reading);
    return done && reading_check_value(&reading, err) && is_usable(&reading, err);
}

int64_t body_elapsed(const struct profile *profile)
{
    double seconds;
    if (!num_parse_double(profile_fact_value(profile, STR("elapsed")), &seconds) || seconds < 0 ||
        seconds > 1e12)
        return -1;
    return (int64_t)(seconds * 1000 + 0.5);
}
