/* SPDX-License-Identifier: MIT */
/*
 * php: traces and stacks of PHP.
 *
 *      Xdebug, xdebug.trace_format=1. Source: https://xdebug.org/docs/trace
 *
 *      LEVEL  NUMBER  0  SECONDS  MEMORY  FUNCTION  ...       a function begins (fields by TAB)
 *      LEVEL  NUMBER  1  SECONDS  MEMORY                      it ends
 *                        SECONDS  MEMORY                      all ends
 *
 *      phpspy. Source: https://github.com/adsr/phpspy
 *
 *      0 strcmp <internal>:-1                                 leaf first
 *      1 Shop::sort /srv/shop.php:12
 *      # uri = /feed                                          a label; a blank line ends the stack
 */
#include "core/num.h"
#include "format/dump.h"
#include "format/timeline.h"

/* ---- Xdebug ---- */

struct xdebug {
    struct dump dump;
    struct timeline timeline;
    uint64_t level; /* functions that are open */
    int64_t now;
};

/* Ends may be missing: the level of a record says which functions are open. */
static bool leave_to(struct xdebug *x, uint64_t level)
{
    for (; x->level > level; x->level--)
        if (!timeline_leave(&x->timeline, x->now))
            return false;
    return true;
}

static bool take_php_record(struct xdebug *x, str line)
{
    str level = str_take_field(&line, '\t');
    str_take_field(&line, '\t');
    str kind = str_take_field(&line, '\t'), time = str_take_field(&line, '\t');
    uint64_t depth = 0;
    int64_t now;
    if (str_equal(kind, STR("R")) || str_equal(kind, STR("A"))) /* a result, an assignment */
        return true;
    if (!num_parse_scaled(time, 6, &now) || (level.n > 0 && !num_parse_u64(level, &depth)) ||
        depth > x->level + 1) {
        dump_skip(&x->dump, "a record that does not follow from the one before");
        return true;
    }
    x->now = now > x->now ? now : x->now;
    if (depth == 0)
        return leave_to(x, 0);
    if (!leave_to(x, depth - 1) || !str_equal(kind, STR("0")))
        return x->dump.err->code == ERR_NONE;
    str_take_field(&line, '\t'); /* the memory */
    struct frame frame = {.name = str_take_field(&line, '\t')};
    struct timeline_frame entered = {builder_frame(x->dump.builder, &frame), UINT32_MAX};
    x->level++;
    return timeline_enter(&x->timeline, &entered, x->now);
}

/* A trace may follow another one in the file. */
static bool start_trace(struct xdebug *x)
{
    bool good = leave_to(x, 0) && timeline_finish(&x->timeline, x->now);
    x->now = 0;
    return good;
}

static bool take_xdebug_line(struct dump *dump, str line)
{
    struct xdebug *x = (struct xdebug *)dump;
    if (str_starts(line, STR("TRACE START")))
        return start_trace(x);
    if (str_find(line, '\t', 0) == line.n) {
        if (line.n > 0 && !str_starts(line, STR("TRACE END")) &&
            !str_starts(line, STR("Version: ")) && !str_starts(line, STR("File format: ")))
            dump_skip(dump, "no record of a trace");
        return true;
    }
    return take_php_record(x, line);
}

static bool xdebug_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    static const struct value_type types[] = {VALUE_SUM("calls", "count"),
                                              VALUE_SUM("time", "microseconds")};
    struct xdebug x = {.timeline = {.builder = builder, .err = err}};
    dump_init(&x.dump, builder, err);
    return builder_value_types(builder, types, 2, 1, err) &&
           dump_read(&x.dump, input, take_xdebug_line) && start_trace(&x);
}

static unsigned xdebug_signs(str line)
{
    return str_starts(line, STR("File format: ")) ? 1
           : str_starts(line, STR("TRACE START")) ? 2
                                                  : 0;
}

const struct reader reader_xdebug = {
    .name = "xdebug",
    .help = "traces of Xdebug for PHP, xdebug.trace_format=1",
    .needs = "TRACE START",
    .signs = xdebug_signs,
    .read = xdebug_read,
};

/* ---- phpspy ---- */

/* "1 Shop::sort /srv/shop.php:12", "0 strcmp <internal>:-1" */
static bool split_php_frame(str line, uint64_t *depth, struct frame *frame)
{
    if (dump_take_digits(&line, depth) == 0 || !dump_take(&line, STR(" ")))
        return false;
    size_t blank = str_find(line, ' ', 0), colon = str_find_last(line, ':');
    uint64_t number;
    str digits = colon < line.n ? str_skip(line, colon + 1) : STR("");
    dump_take(&digits, STR("-"));
    if (blank == 0 || blank >= colon || !num_parse_u64(digits, &number))
        return false;
    frame->name = str_head(line, blank);
    str place = str_skip(line, blank + 1);
    if (!str_starts(place, STR("<internal>")))
        dump_split_place(place, frame);
    return true;
}

/* "# uri = /feed", "# glopeek server.REQUEST_URI = /feed" */
static void add_php_label(struct dump *dump, str line)
{
    size_t at = str_search(line, STR(" = "), 0);
    if (at == line.n)
        return;
    str key = str_skip(str_head(line, at), 1);
    size_t blank = str_find_last(key, ' ');
    key = blank < key.n ? str_skip(key, blank + 1) : key;
    key = intern_text(&dump->texts, key);
    dump_label(dump, key, str_skip(line, at + 3));
}

static bool take_phpspy_line(struct dump *dump, str line)
{
    struct frame frame = {.file = STR("")};
    uint64_t depth;
    if (line.n == 0)
        return dump_end_stack(dump);
    if (line.p[0] == '#') {
        add_php_label(dump, line);
    } else if (!split_php_frame(line, &depth, &frame)) {
        dump_skip(dump, "no frame of phpspy");
    } else {
        if (depth == 0 && dump->frames.n > 0 && !dump_count(dump, 1))
            return false;
        if (!dump_is_headless(dump, depth, dump->frames.n == 0))
            dump_frame(dump, &frame);
    }
    return true;
}

static bool phpspy_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct dump dump = {.line = 0};
    dump_init(&dump, builder, err);
    return dump_read(&dump, input, take_phpspy_line) && dump_end_stack(&dump);
}

static unsigned phpspy_signs(str line)
{
    struct frame frame;
    uint64_t depth;
    if (!split_php_frame(line, &depth, &frame))
        return 0;
    return depth == 0 ? 1 : depth == 1 ? 2 : 0;
}

const struct reader reader_phpspy = {
    .name = "phpspy",
    .help = "stacks that phpspy prints",
    .needs = "\n0 |\n1 ",
    .signs = phpspy_signs,
    .read = phpspy_read,
};
