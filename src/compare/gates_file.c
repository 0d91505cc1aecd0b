/* SPDX-License-Identifier: MIT */
/*
 * gates_file: see gate.h. Also finds the names that the patterns of gates match.
 */
#include "compare/gate.h"

#include "core/pattern.h"

/* ---- the file ---- */

static str cut_comment(str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] == '#' && (i == 0 || is_blank(line.p[i - 1])))
            return str_head(line, i);
    return line;
}

/* The name of the gate without slashes; n == 0: it is no pattern. */
static str pattern_of(const struct gate *gate)
{
    str name = gate->name;
    if (gate->subject == GATE_TOTAL || gate->subject == GATE_ANY || name.n < 3 ||
        name.p[0] != '/' || name.p[name.n - 1] != '/')
        return STR("");
    return str_cut(name, 1, name.n - 1);
}

bool gate_check_pattern(const struct gate *gate, const char *option, struct heap *heap,
                        struct err *err)
{
    str text = pattern_of(gate);
    return text.n == 0 || pattern_compile(heap, option, text, 0, err) != NULL;
}

bool gates_file_read(str text, struct gate_list *gates, struct heap *heap, struct err *err)
{
    uint64_t number = 0;
    for (size_t at = 0, end; at < text.n; at = end + 1) {
        struct gate gate;
        struct err ignored = {0};
        end = str_find(text, '\n', at);
        str line = str_trim(cut_comment(str_cut(text, at, end)));
        number++;
        if (line.n == 0)
            continue;
        bool good = gate_parse(&gate, line, &ignored);
        if (!good)
            err_set(
                err, ERR_USAGE,
                "a line of gates is NAME > N%% or NAME > Nx, as in 'class:db > 2 %%', not '%.*s'",
                STR_SHOWN(line, 80));
        else
            good = gate_check_pattern(&gate, "the gate", heap, err);
        if (!good) {
            err->line = number;
            return false;
        }
        vec_push(heap, gates, gate);
    }
    return true;
}

/* ---- matches of patterns ---- */

static bool cover_names(bool *covered, const struct comparison_class *classes, size_t n,
                        const struct pattern *pattern, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        covered[i] = classes[i].change.before > 0 || classes[i].change.after > 0;
        if (covered[i] && pattern && !pattern_match(pattern, classes[i].name, &covered[i], err))
            return false;
    }
    return true;
}

static bool cover_functions(bool *covered, const struct comparison *comparison,
                            const struct pattern *pattern, struct err *err)
{
    const struct function_changes *functions = &comparison->functions;
    for (uint32_t i = 0; i < functions->n; i++)
        if (!pattern_match(pattern, function_name(&comparison->judge, &functions->at[i]),
                           &covered[i], err))
            return false;
    return true;
}

bool gate_cover(struct gate *gate, const struct comparison *comparison, struct err *err)
{
    struct heap *heap = comparison->set->heap;
    str text = pattern_of(gate);
    bool all = gate->subject == GATE_TAG && str_equal(gate->name, STR("any-tag"));
    struct pattern *pattern = NULL;
    if (text.n == 0 && !all)
        return true;
    if (!all && !(pattern = pattern_compile(heap, "--fail-on", text, 0, err)))
        return false;
    bool functions = gate->subject != GATE_CLASS && gate->subject != GATE_TAG;
    const struct comparison_class *classes = gate->subject == GATE_TAG ? comparison->values.at
                                                                       : comparison->classes.at;
    size_t n = functions                   ? comparison->functions.n
               : gate->subject == GATE_TAG ? comparison->values.n
                                           : comparison->classes.n;
    bool *covered = heap_zero(heap, n + 1, sizeof *covered);
    gate->covered = covered;
    return functions ? cover_functions(covered, comparison, pattern, err)
                     : cover_names(covered, classes, n, pattern, err);
}
