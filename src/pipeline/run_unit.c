/*
 * run_unit: see run_unit.h.
 */
#include "pipeline/run_unit.h"

#include <math.h>

#include "format/perf_script/perf_event.h"
#include "profile/quantity.h"

enum { FILE_MOST = 100, NAME_MOST = 60 };

/* What was counted: by the value type, else by the facts of a picture: "cycles:u, cycles:k". */
static str event_of(const struct profile *profile)
{
    if (profile->value_type.name.n > 0)
        return profile->value_type.name;
    for (size_t i = 0; i < profile->facts.n; i++)
        if (str_equal(profile->facts.at[i].key, STR("event"))) {
            str names = profile->facts.at[i].value;
            return str_head(names, str_search(names, STR(", "), 0));
        }
    return STR("");
}

/* "samples" is what flamegraph writes unless it is told a name. */
static bool is_default(const struct run_unit *unit)
{
    return unit->picture && unit->factor == 1 && str_equal(unit->name, STR("samples"));
}

struct run_unit run_unit_of(const struct profile *profile, const char *file, struct arena *arena)
{
    struct run_unit unit = {.file = file, .factor = profile->factor};
    unit.event = arena_copy(arena, event_of(profile));
    unit.picture = profile->countname.n > 0;
    bool plain = unit.picture && profile->value_type.unit.n == 0;
    unit.name = arena_copy(arena, plain ? profile->countname : profile->value_type.unit);
    if (is_default(&unit) && unit.event.n > 0)
        unit.name = STR(""); /* the event says more */
    return unit;
}

/* Times in one unit: "ms" with the factor 0.000001 is "ns". */
static struct run_unit in_nanoseconds(const struct run_unit *unit)
{
    static const struct {
        str name;
        double factor;
    } times[] = {
        {STR_INIT("ns"), 1}, {STR_INIT("us"), 1e3}, {STR_INIT("ms"), 1e6}, {STR_INIT("s"), 1e9}};
    struct run_unit same = *unit;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (str_equal(unit->name, times[i].name)) {
            same.name = times[0].name;
            same.factor *= times[i].factor;
        }
    return same;
}

static bool is_same(const struct run_unit *a, const struct run_unit *b)
{
    struct run_unit x = in_nanoseconds(a), y = in_nanoseconds(b);
    return str_equal(x.name, y.name) && fabs(x.factor - y.factor) <= 1e-6 * x.factor;
}

/* A picture may have been drawn of the text of perf itself, or of what collapse made of it. */
static bool can_tell(const struct run_unit *a, const struct run_unit *b)
{
    if (a->name.n == 0 || b->name.n == 0)
        return false;
    if (a->picture == b->picture)
        return true;
    return !(a->event.n > 0 && b->event.n > 0) && !is_default(a) && !is_default(b);
}

static const char *describe(const struct run_unit *unit, struct err *room)
{
    int n = (int)(unit->name.n < NAME_MOST ? unit->name.n : NAME_MOST);
    *room = (struct err){0};
    if (unit->factor == 1)
        err_set(room, ERR_INPUT, "%.*s", n, unit->name.p);
    else
        err_set(room, ERR_INPUT, "%g %.*s", unit->factor, n, unit->name.p);
    return room->message;
}

bool run_units_check(const struct run_unit *a, const struct run_unit *b, struct err *err)
{
    struct err x, y;
    if (a->event.n > 0 && b->event.n > 0 &&
        !str_equal(perf_event_kind(a->event), perf_event_kind(b->event)))
        return err_set(
            err, ERR_INPUT, "different events cannot be compared: %.*s has %.*s, %.*s has %.*s; %s",
            FILE_MOST, a->file, (int)(a->event.n < NAME_MOST ? a->event.n : NAME_MOST), a->event.p,
            FILE_MOST, b->file, (int)(b->event.n < NAME_MOST ? b->event.n : NAME_MOST), b->event.p,
            a->picture || b->picture
                ? "a picture has one only: draw it again from the event of the other"
                : "choose one that both have with --event-filter");
    if (!can_tell(a, b) || is_same(a, b))
        return true;
    return err_set(err, ERR_INPUT,
                   "different units cannot be compared: %.*s counts %s, %.*s counts %s; %s",
                   FILE_MOST, a->file, describe(a, &x), FILE_MOST, b->file, describe(b, &y),
                   a->picture && b->picture
                       ? "draw both with the same --countname and --factor"
                       : "give profiles of one event and unit (--event-filter chooses the event "
                         "of perf text)");
}

bool run_unit_is_sample(double sample_weight)
{
    return sample_weight > 0 && sample_weight < 1 + 1e-9;
}

str run_unit_choose(const char *countname, const char *unit, str counted, bool samples)
{
    if (countname)
        return str_from_c(countname);
    if (unit)
        return quantity_unit(str_from_c(unit));
    if (counted.n > 0)
        return counted;
    return samples ? STR("samples") : STR("units");
}
