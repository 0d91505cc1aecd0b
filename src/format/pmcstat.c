/* SPDX-License-Identifier: MIT */
/*
 * pmcstat: call graphs of FreeBSD's hardware counters, as pmcstat -G prints them.
 *
 *      @ inst_retired.any [35705 samples]
 *
 *      14.44%  [5156]     fletcher_2_native @ /boot/kernel/zfs.ko
 *       50.62%  [2610]      arc_cksum_verify                        (its callers, a blank deeper)
 *
 * A line counts the samples of the stacks that go through it; those of its callers are part of it.
 */
#include "core/num.h"
#include "format/dump.h"
#include "format/indented.h"

struct pmcstat {
    struct dump dump;
    struct indented tree;
    struct strbuf event; /* the one that counts; the first, or that of --event-filter */
    bool chosen, left_out;
};

/* "@ EVENT [N samples]" */
static bool split_event(str line, str *event)
{
    size_t open = str_search(line, STR(" ["), 0);
    if (!str_starts(line, STR("@ ")) || open == line.n || !str_ends(line, STR(" samples]")))
        return false;
    *event = str_cut(line, 2, open > 2 ? open : 2);
    return true;
}

/* "50.62%  [2610]   arc_cksum_verify @ /boot/kernel/zfs.ko" */
static bool split_pmcstat_line(str line, int64_t *count, struct frame *frame)
{
    str s = str_trim(line);
    size_t percent = str_find(s, '%', 0), open = str_find(s, '[', 0);
    size_t close = str_find(s, ']', 0), at = str_search(s, STR(" @ "), close);
    int64_t share;
    if (percent >= open || open >= close || close == s.n ||
        !num_parse_scaled(str_head(s, percent), 2, &share) ||
        !num_parse_scaled(str_cut(s, open + 1, close), 0, count))
        return false;
    frame->name = str_trim(str_cut(s, close + 1, at));
    frame->module = at < s.n ? str_skip(s, at + 3) : STR("");
    return frame->name.n > 0;
}

static bool start_event(struct pmcstat *pmc, str event)
{
    str wanted = pmc->dump.builder->options->event_filter;
    struct value_type type = VALUE_SUM("samples", "count");
    bool first = !pmc->chosen && (wanted.n == 0 || str_equal(event, wanted));
    if (!indented_finish(&pmc->tree))
        return false;
    if (first)
        strbuf_set(&pmc->event, event);
    pmc->chosen |= first;
    pmc->left_out = !pmc->chosen || !str_equal(event, strbuf_str(&pmc->event));
    if (pmc->left_out)
        dump_skip(&pmc->dump, "stacks of an event that --event-filter can choose");
    return !first || builder_value_types(pmc->dump.builder, &type, 1, 0, pmc->dump.err);
}

static bool take_pmcstat_line(struct dump *dump, str line)
{
    struct pmcstat *pmc = (struct pmcstat *)dump;
    struct indented_line counted = {.depth = dump_indent(line), .position = dump->line};
    struct frame frame = {.module = STR("")};
    str event;
    if (split_event(line, &event))
        return start_event(pmc, event);
    if (str_trim(line).n == 0 || pmc->left_out)
        return true;
    if (!split_pmcstat_line(line, &counted.values[0], &frame)) {
        dump_skip(dump, "neither an event nor a counted function");
        return true;
    }
    counted.frame = builder_frame(dump->builder, &frame);
    return indented_add(&pmc->tree, &counted);
}

static bool pmcstat_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct pmcstat pmc = {
        .tree = {.builder = builder, .err = err, .totals = true, .inverted = true},
        .event.heap = builder->scratch,
    };
    dump_init(&pmc.dump, builder, err);
    return dump_read(&pmc.dump, input, take_pmcstat_line) && indented_finish(&pmc.tree);
}

static unsigned pmcstat_signs(str line)
{
    struct frame frame;
    int64_t count;
    str event;
    return split_event(line, &event) ? 1 : split_pmcstat_line(line, &count, &frame) ? 2 : 0;
}

const struct reader reader_pmcstat = {
    .name = "pmcstat",
    .help = "call graphs that pmcstat -G of FreeBSD prints",
    .needs = " samples]",
    .options = READER_EVENTS,
    .signs = pmcstat_signs,
    .read = pmcstat_read,
};
