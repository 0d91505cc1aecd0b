/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a pattern and as an expression that renames. Lines: the pattern, the expression,
 * the rest are names. As code and interpreted it matches alike; a match lies inside the name.
 */
#include "fuzzing.h"

#include "core/pattern.h"
#include "core/str.h"

struct job {
    str pattern, rename, names;
};

static void check_found(const struct pattern *pattern, str name, bool matches)
{
    struct err err = {0};
    struct pattern_found found;
    if (!pattern_find(pattern, name, 0, &found, &err))
        return;
    if (found.found != matches)
        fuzz_wrong("found and not matched", name);
    for (unsigned g = 0; found.found && g <= pattern_groups(pattern); g++) {
        size_t from = found.at[2 * g], to = found.at[2 * g + 1];
        if (from != PATTERN_UNSET && (from > name.n || to > name.n))
            fuzz_wrong("a match outside", name);
    }
}

static bool is_utf8(str name)
{
    for (size_t at = 0; at < name.n;)
        if (utf8_next(name, &at) == UTF8_BAD)
            return false;
    return true;
}

static void check_name(const struct pattern *code, const struct pattern *slow, str name)
{
    struct err err = {0}, other = {0};
    bool matches = false, too = false;
    bool done = pattern_match(code, name, &matches, &err);
    if (!done && (err.code == ERR_NONE || err.message[0] == '\0'))
        fuzz_wrong("a failure that does not say why", name);
    /* The limits of the two are not the same; and /^|x/ matches before a byte that is no UTF-8 in
     * pcre2's code, but not in its interpreter. */
    if (done && pattern_match(slow, name, &too, &other) && matches != too && is_utf8(name))
        fuzz_wrong("code and interpreter differ", name);
    if (done)
        check_found(code, name, matches);
}

static void check_rename(struct substitution *rewrite, str name)
{
    struct err err = {0};
    str to;
    bool changed = false;
    if (!substitution_name(rewrite, name, &to, &changed, &err) && err.code == ERR_NONE)
        fuzz_wrong("a failure that does not say why", name);
}

static bool work(struct heap *heap, void *arg)
{
    const struct job *job = arg;
    struct err err = {0}, too = {0}, third = {0};
    struct pattern *code = pattern_compile(heap, "--focus", job->pattern, 0, &err);
    struct pattern *slow = pattern_compile(heap, "--focus", job->pattern, PATTERN_NO_JIT, &too);
    struct substitution *rewrite = substitution_parse(heap, "--rename", job->rename, &third);
    if ((!code) != (!slow) || (!code) != (err.code != ERR_NONE))
        fuzz_wrong("only one of two compiled, or without saying why", job->pattern);
    if (!rewrite && third.code != ERR_USAGE)
        fuzz_wrong("refused without saying why", job->rename);
    for (size_t at = 0; at < job->names.n;) {
        size_t end = str_find(job->names, '\n', at);
        str name = str_cut(job->names, at, end);
        if (code)
            check_name(code, slow, name);
        if (rewrite)
            check_rename(rewrite, name);
        at = end + 1;
    }
    pattern_free(code);
    pattern_free(slow);
    substitution_free(rewrite);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = fuzz_text(data, size);
    size_t first = str_find(text, '\n', 0);
    size_t second = first < size ? str_find(text, '\n', first + 1) : size;
    struct job job = {str_head(text, first), STR("s/a/b/"), STR("abc\nfoo::bar(int)\n\377\n")};
    if (first < size)
        job.rename = str_cut(text, first + 1, second);
    if (second < size)
        job.names = str_skip(text, second + 1);
    if (!heaps_run(work, &job))
        abort();
    return 0;
}
