/* SPDX-License-Identifier: MIT */
/*
 * rprof: profiles of Rprof() of R. Source: the help page of Rprof.
 *
 *      line profiling: sample.interval=20000             (in microseconds)
 *      #File 1: shop.R
 *      :31175:11709:308512:56:"paste0" 1#4 "FUN" "lapply" 1#3 "fill"
 *      memory, if profiled    leaf          line 3 of file 1, in fill
 */
#include "core/num.h"
#include "format/dump.h"

struct rprof {
    struct dump dump;
    int64_t interval; /* 0: there was no header so far */
    VEC(str) files;
};

static bool split_interval(str line, int64_t *interval)
{
    static const str mark = STR_INIT("sample.interval=");
    size_t at = str_search(line, mark, 0);
    return at + mark.n < line.n && (at == 0 || line.p[at - 1] == ' ') &&
           num_parse_scaled(str_skip(line, at + mark.n), 0, interval) && *interval > 0;
}

static bool start_profile(struct rprof *rprof, int64_t interval)
{
    static const struct value_type types[] = {VALUE_SUM("samples", "count"),
                                              VALUE_SUM("time", "microseconds")};
    bool first = rprof->interval == 0;
    rprof->interval = interval;
    return !first || builder_value_types(rprof->dump.builder, types, 2, 0, rprof->dump.err);
}

/* "#File 2: shop.R" */
static bool take_rprof_file(struct rprof *rprof, str line)
{
    uint64_t number;
    struct intern *texts = &rprof->dump.texts;
    if (!dump_take(&line, STR("#File ")) || dump_take_digits(&line, &number) == 0 ||
        !dump_take(&line, STR(": ")))
        return false;
    if (number == rprof->files.n + 1) {
        str name = intern_text(texts, line);
        vec_push(rprof->dump.builder->scratch, &rprof->files, name);
    }
    return true;
}

/* ":31175:11709:308512:56:"; a place may follow at once. */
static void cut_memory(str *line)
{
    str rest = *line;
    uint64_t number;
    while (dump_take(&rest, STR(":"))) {
        *line = rest;
        dump_take_digits(&rest, &number);
    }
}

/* "1#12": the file and line of the call in the function that follows. */
static bool take_place(struct rprof *rprof, str *rest, struct frame *frame)
{
    uint64_t file, line;
    if (dump_take_digits(rest, &file) == 0 || !dump_take(rest, STR("#")) ||
        dump_take_digits(rest, &line) == 0)
        return false;
    frame->file = file > 0 && file <= rprof->files.n ? rprof->files.at[file - 1] : STR("");
    frame->line = line < UINT32_MAX ? (uint32_t)line : 0;
    return true;
}

/* A name may hold quotes: it ends where a blank or the end of the line follows one. */
static bool take_rprof_name(str *rest, str *name)
{
    size_t end = str_search(*rest, STR("\" "), 1);
    if (!str_starts(*rest, STR("\"")))
        return false;
    if (end == rest->n && (rest->n < 2 || rest->p[--end] != '"'))
        return false;
    *name = str_cut(*rest, 1, end);
    *rest = str_skip(*rest, end + 1);
    return true;
}

static bool take_rprof_stack(struct rprof *rprof, str rest)
{
    struct frame frame = {.file = STR("")};
    int64_t values[] = {1, rprof->interval};
    struct dump *dump = &rprof->dump;
    cut_memory(&rest);
    for (rest = str_trim(rest); rest.n > 0; rest = str_trim_left(rest)) {
        if (take_place(rprof, &rest, &frame))
            continue;
        if (!take_rprof_name(&rest, &frame.name)) {
            dump_skip(dump, "a stack is cut, or no stack");
            dump_forget(dump);
            return true;
        }
        dump_frame(dump, &frame);
        frame = (struct frame){.file = STR("")};
    }
    bool good = builder_sample(dump->builder, dump->frames.at, dump->frames.n, values, NULL, 0,
                               dump->err);
    dump_forget(dump);
    return good;
}

static bool take_rprof_line(struct dump *dump, str line)
{
    struct rprof *rprof = (struct rprof *)dump;
    int64_t interval;
    if (split_interval(line, &interval))
        return start_profile(rprof, interval);
    if (rprof->interval == 0 || line.n == 0 || take_rprof_file(rprof, line))
        return true;
    return take_rprof_stack(rprof, line);
}

static bool rprof_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct rprof rprof = {.interval = 0};
    dump_init(&rprof.dump, builder, err);
    return dump_read(&rprof.dump, input, take_rprof_line);
}

static int rprof_bid(str head)
{
    int64_t interval;
    str line = str_head(head, str_find(head, '\n', 0));
    line = str_head(line, line.n - str_ends(line, STR("\r")));
    return split_interval(str_trim_right(line), &interval) ? DUMP_BID : 0;
}

const struct reader reader_rprof = {
    .name = "rprof",
    .help = "profiles of Rprof of R",
    .needs = "sample.interval=",
    .bid = rprof_bid,
    .read = rprof_read,
};
