/* SPDX-License-Identifier: MIT */
/*
 * pattern: pcre2, with all its memory from the heap except for machine code, which a cleanup of the
 * heap frees.
 *
 * No jump leaves pcre2: its allocator returns NULL when memory runs out, and pcre2 cleans up and
 * reports it.
 */
#include "core/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
    MATCH_LIMIT = 1000000, /* steps; some 10 ms */
    DEPTH_LIMIT = 250000,  /* nested tries of the interpreter */
    HEAP_LIMIT_KB = 64000, /* of the interpreter */
    BLAME_LIMIT = 50000,   /* steps that are counted to find the item that runs away */
    SHOWN_PATTERN = 100,   /* bytes of a pattern in a message */
    SHOWN_NAME = 40,       /* and of the name */
    REASON_ROOM = 160,
};

struct pattern {
    struct heap *heap;
    struct heap_cleanup cleanup;
    const char *option;
    str text;
    unsigned traits;
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

struct request {
    struct heap *heap;
    size_t size;
    void *room;
};

static bool take_room(void *arg)
{
    struct request *request = arg;
    request->room = heap_alloc(request->heap, request->size, 1);
    return true;
}

static void *allocate_room(size_t size, void *heap)
{
    struct request request = {heap, size, NULL};
    heap_guard(heap, take_room, &request, NULL);
    return request.room;
}

static void release_room(void *room, void *heap)
{
    heap_free(heap, room);
}

static bool fail_memory(const struct pattern *pattern, struct err *err)
{
    return err_set(err, ERR_MEMORY, "out of memory for the pattern of %s", pattern->option);
}

static bool fail_compile(const struct pattern *pattern, int code, size_t offset, struct err *err)
{
    unsigned char reason[REASON_ROOM] = "";
    if (code == PCRE2_ERROR_HEAP_FAILED || code == PCRE2_ERROR_NOMEMORY)
        return fail_memory(pattern, err);
    pcre2_get_error_message(code, reason, sizeof reason);
    return err_set(err, ERR_USAGE, "%s '%.*s': %s at offset %zu", pattern->option,
                   STR_SHOWN(pattern->text, SHOWN_PATTERN), (const char *)reason, offset);
}

static pcre2_code *compile_code(const struct pattern *pattern, pcre2_general_context *general,
                                uint32_t more, int *code, size_t *offset)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | more;
    if (pattern->traits & PATTERN_ANY_CASE)
        options |= PCRE2_CASELESS;
    pcre2_compile_context *context = pcre2_compile_context_create(general);
    *code = PCRE2_ERROR_NOMEMORY;
    if (!context)
        return NULL;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern->text.p, pattern->text.n, options,
                                         code, offset, context);
    pcre2_compile_context_free(context);
    return compiled;
}

static pcre2_match_context *make_limits(pcre2_general_context *general, uint32_t match_limit)
{
    pcre2_match_context *limits = pcre2_match_context_create(general);
    if (!limits)
        return NULL;
    pcre2_set_match_limit(limits, match_limit);
    pcre2_set_depth_limit(limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(limits, HEAP_LIMIT_KB);
    return limits;
}

static bool prepare_pattern(struct pattern *pattern, pcre2_general_context *general,
                            struct err *err)
{
    int code;
    size_t offset = 0;
    pattern->code = compile_code(pattern, general, 0, &code, &offset);
    if (!pattern->code)
        return fail_compile(pattern, code, offset, err);
    /* Without machine code, matches are interpreted: slower, with the same result. */
    if (!(pattern->traits & PATTERN_NO_JIT))
        pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
    pattern->data = pcre2_match_data_create_from_pattern(pattern->code, general);
    pattern->limits = make_limits(general, MATCH_LIMIT);
    return (pattern->data && pattern->limits) || fail_memory(pattern, err);
}

/* These functions accept NULL. */
static void leave_pattern(void *of)
{
    struct pattern *pattern = of;
    pcre2_match_context_free(pattern->limits);
    pcre2_match_data_free(pattern->data);
    pcre2_code_free(pattern->code);
}

struct pattern *pattern_compile(struct heap *heap, const char *option, str text, unsigned traits,
                                struct err *err)
{
    struct pattern *pattern = heap_zero(heap, 1, sizeof *pattern);
    pattern->heap = heap;
    pattern->option = option;
    pattern->text = text;
    pattern->traits = traits;
    pattern->cleanup = (struct heap_cleanup){NULL, leave_pattern, pattern};
    heap_add_cleanup(heap, &pattern->cleanup);
    pcre2_general_context *general = pcre2_general_context_create(allocate_room, release_room,
                                                                  heap);
    bool good = general ? prepare_pattern(pattern, general, err) : fail_memory(pattern, err);
    pcre2_general_context_free(general);
    if (good)
        return pattern;
    pattern_free(pattern);
    return NULL;
}

struct blame {
    uint32_t *visits; /* by offset in the pattern */
};

static int count_visit(pcre2_callout_block *block, void *context)
{
    struct blame *blame = context;
    blame->visits[block->pattern_position]++;
    return 0;
}

/* The item of the pattern that is tried most often: match once more, with a call before each item.
 * 0 when memory is short. */
static size_t find_blame(const struct pattern *pattern, str subject)
{
    size_t most = 0, offset;
    int code;
    struct blame blame = {heap_zero(pattern->heap, pattern->text.n + 1, sizeof *blame.visits)};
    pcre2_general_context *general = pcre2_general_context_create(allocate_room, release_room,
                                                                  pattern->heap);
    pcre2_code *slow = general ? compile_code(pattern, general, PCRE2_AUTO_CALLOUT, &code, &offset)
                               : NULL;
    pcre2_match_data *data = slow ? pcre2_match_data_create_from_pattern(slow, general) : NULL;
    pcre2_match_context *limits = data ? make_limits(general, BLAME_LIMIT) : NULL;
    if (limits) {
        pcre2_set_callout(limits, count_visit, &blame);
        pcre2_match(slow, (PCRE2_SPTR)subject.p, subject.n, 0, 0, data, limits);
    }
    for (size_t i = 1; i <= pattern->text.n; i++)
        if (blame.visits[i] > blame.visits[most])
            most = i;
    pcre2_match_context_free(limits);
    pcre2_match_data_free(data);
    pcre2_code_free(slow);
    pcre2_general_context_free(general);
    heap_free(pattern->heap, blame.visits);
    return most;
}

static bool fail_match(const struct pattern *pattern, int code, str subject, struct err *err)
{
    unsigned char reason[REASON_ROOM] = "";
    if (code == PCRE2_ERROR_NOMEMORY)
        return fail_memory(pattern, err);
    pcre2_get_error_message(code, reason, sizeof reason);
    return err_set(err, ERR_INPUT,
                   "%s '%.*s' runs away at offset %zu: too many ways to match a name of %zu bytes, "
                   "'%.*s%s' (%s)",
                   pattern->option, STR_SHOWN(pattern->text, SHOWN_PATTERN),
                   find_blame(pattern, subject), subject.n, STR_SHOWN(subject, SHOWN_NAME),
                   subject.n > SHOWN_NAME ? "..." : "", (const char *)reason);
}

bool pattern_find(const struct pattern *pattern, str subject, size_t from,
                  struct pattern_found *found, struct err *err)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.n > 0 ? subject.p : "");
    int code = pcre2_match(pattern->code, text, subject.n, from, 0, pattern->data, pattern->limits);
    if (code == PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter has more room */
        code = pcre2_match(pattern->code, text, subject.n, from, PCRE2_NO_JIT, pattern->data,
                           pattern->limits);
    found->found = code > 0;
    found->at = pcre2_get_ovector_pointer(pattern->data);
    return code > 0 || code == PCRE2_ERROR_NOMATCH || fail_match(pattern, code, subject, err);
}

bool pattern_match(const struct pattern *pattern, str subject, bool *matches, struct err *err)
{
    struct pattern_found found = {0};
    bool good = pattern_find(pattern, subject, 0, &found, err);
    *matches = found.found;
    return good;
}

unsigned pattern_groups(const struct pattern *pattern)
{
    uint32_t count = 0;
    pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &count);
    return count;
}

void pattern_free(struct pattern *pattern)
{
    if (!pattern)
        return;
    heap_remove_cleanup(pattern->heap, &pattern->cleanup);
    leave_pattern(pattern);
    heap_free(pattern->heap, pattern);
}
