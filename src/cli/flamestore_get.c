/* SPDX-License-Identifier: MIT */
/*
 * flamestore_get: the commands that read the store: get, labels.
 */
#include "cli/flamestore.h"
#include "format/folded/folded.h"
#include "format/pprof/pprof.h"
#include "output/outputs.h"
#include "store/time_text.h"

/* Make a query of the options. By default it is for all windows of the last hour. */
static bool make_query(struct flamestore *f, struct flamestore_labels *labels,
                       struct store_query *query)
{
    if (f->argument_count > 0)
        return err_set(&f->program.err, ERR_USAGE, "it takes options, and no '%.60s'",
                       f->arguments[0]);
    if (!flamestore_time(f, "--from", f->from, f->now - STORE_HOUR, &query->from) ||
        !flamestore_time(f, "--until", f->until, f->now, &query->until) ||
        !flamestore_tags(f, labels))
        return false;
    if (query->from >= query->until)
        return err_set(&f->program.err, ERR_USAGE, "--until must be later than --from");
    if (f->source)
        vec_push(&f->program.heap, &labels->at,
                 ((struct store_label){STR(STORE_SOURCE), str_from_c(f->source)}));
    query->labels = labels->at.at;
    query->label_count = labels->at.n;
    query->type = str_from_c(f->input.sample_index ? f->input.sample_index : "");
    return true;
}

static bool refuse_empty(struct flamestore *f, const struct store_query *query)
{
    char from[TIME_TEXT_ROOM], until[TIME_TEXT_ROOM];
    time_text_put(from, query->from);
    time_text_put(until, query->until);
    err_set(&f->program.err, ERR_INPUT, "no window%s from %s until %s",
            query->label_count > 0 ? " with these labels" : "", from, until);
    return err_in_file(&f->program.err, f->path, 0);
}

bool flamestore_get(struct flamestore *f)
{
    struct program *program = &f->program;
    struct flamestore_labels labels = {0};
    struct store_query query = {0};
    struct profile profile;
    const struct output *output = output_find(OUTPUT_FOLDED, STR("folded"));
    struct output_content content = {.tree = &profile.tree, .profile = &profile};
    VEC(str) by = {0};
    str key;
    if (!make_query(f, &labels, &query) ||
        !output_choose(FLAMESTORE_OUTPUTS, "--output-format", f->output_format, &output,
                       &program->err) ||
        (!f->output_format && !output_of_stacks_path(FLAMESTORE_OUTPUTS, program->env->os,
                                                     f->output, &output, &program->err)))
        return false;
    for (size_t at = 0; f->by && str_next_item(str_from_c(f->by), &at, &key);)
        if (key.n > 0)
            vec_push(&program->heap, &by, key);
    query.by = by.at;
    query.by_count = by.n;
    query.keep_labels = output->all_values && by.n == 0;
    if (!flamestore_open(f, STORE_READ) ||
        !store_read(f->store, &query, &program->heap, &profile, &program->err))
        return false;
    if (tree_sum(&profile.tree, 0) == 0)
        return refuse_empty(f, &query);
    input_warn_of_overflow(program, &profile.tree);
    if (output->write_stacks == pprof_write && pprof_rounds(&profile.tree, &profile))
        program_warn(program, "weights with fractions are rounded: pprof has whole numbers only");
    if (!output_check_tree(output, &profile.tree, &program->err) ||
        !program_open_output(program, f->output))
        return false;
    if (output->kind == OUTPUT_FOLDED)
        folded_header_write(&profile, &program->out);
    output_write(output, &content, &program->out);
    return program_close_outputs(program);
}

/* Text from the network must not control the terminal or add lines. */
static void put_harmless(struct program *program, str text)
{
    char *copy = heap_alloc(&program->heap, text.n + 1, 1);
    if (text.n > 0)
        memcpy(copy, text.p, text.n);
    utf8_disarm(copy, text.n);
    sink_bytes(&program->out, str_of(copy, text.n));
    heap_free(&program->heap, copy);
}

bool flamestore_list_labels(struct flamestore *f)
{
    struct program *program = &f->program;
    struct flamestore_labels labels = {0};
    struct store_query query = {0};
    struct label_sums sums;
    uint64_t total;
    if (!make_query(f, &labels, &query) || !flamestore_open(f, STORE_READ) ||
        !store_read_labels(f->store, &query, &program->heap, &sums, &total, &program->err))
        return false;
    if (sums.sums.n == 0)
        return refuse_empty(f, &query);
    if (!program_open_output(program, NULL))
        return false;
    for (size_t i = 0; i < sums.sums.n; i++) {
        const struct label_sum *sum = &sums.sums.at[i];
        if (sum->whole)
            continue;
        put_harmless(program, intern_name(&sums.keys, sum->key));
        sink_lit(&program->out, "=");
        put_harmless(program, sum->value);
        sink_lit(&program->out, "\t");
        sink_fixed(&program->out, total > 0 ? (double)sum->weight * 100 / (double)total : 0, 2);
        sink_lit(&program->out, " %\n");
    }
    return program_close_outputs(program);
}
