/* SPDX-License-Identifier: MIT */
/*
 * pprof_drop_frames: a profile may say by patterns which frames are of no interest: those of
 * allocators in profiles of the heap.
 */
#include "format/pprof/pprof.h"

/* Of the whole name of a function. */
static struct pattern *compile_whole_pattern(struct heap *heap, const char *field, str text,
                                             struct err *err)
{
    char *whole = heap_alloc(heap, text.n + 6, 1);
    memcpy(whole, "^(?:", 4);
    memcpy(whole + 4, text.p, text.n);
    memcpy(whole + 4 + text.n, ")$", 2);
    struct pattern *pattern = pattern_compile(heap, field, str_of(whole, text.n + 6), 0, err);
    if (!pattern)
        err->code = ERR_INPUT; /* it is not from the command line */
    return pattern;
}

bool pprof_drop_frames_init(struct pprof_drop_frames *drop, struct heap *heap, str drops, str keeps,
                            struct err *err)
{
    *drop = (struct pprof_drop_frames){.err = err};
    if (drops.n > 0 && !(drop->drops = compile_whole_pattern(heap, "drop_frames", drops, err)))
        return false;
    return drops.n == 0 || keeps.n == 0 ||
           (drop->keeps = compile_whole_pattern(heap, "keep_frames", keeps, err)) != NULL;
}

/* The name of a function without its arguments: up to the first '(' that starts neither
 * "(anonymous namespace)" nor the name of "operator()". */
static str name_without_arguments(str name)
{
    size_t at = str_find(name, '(', 0);
    while (at < name.n) {
        str rest = str_skip(name, at);
        bool call = str_starts(rest, STR("()")) && str_ends(str_head(name, at), STR("operator"));
        if (!call && !str_starts(rest, STR("(anonymous namespace)")))
            return str_head(name, at);
        at = str_find(name, '(', at + (call ? 2 : 1));
    }
    return name;
}

static bool is_frame_dropped(const struct pprof_drop_frames *drop, str name)
{
    bool drops = false, keeps = false;
    name = name_without_arguments(name);
    return pattern_match(drop->drops, name, &drops, drop->err) && drops &&
           (!drop->keeps || (pattern_match(drop->keeps, name, &keeps, drop->err) && !keeps));
}

size_t pprof_drop_frames_find(const struct pprof_drop_frames *drop, const struct frames *names,
                              const uint32_t *frames, size_t n)
{
    bool any_kept = false;
    for (size_t i = n; drop->drops && i-- > 0;) {
        bool drops = is_frame_dropped(drop, frames_get(names, frames[i]).name);
        if (drops && any_kept)
            return i + 1;
        any_kept |= !drops;
    }
    return 0;
}
