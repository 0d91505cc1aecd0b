/* SPDX-License-Identifier: MIT */
/*
 * caller_names: the name of a function can contain a quote itself. So a name is split only where
 * each part is the first part of some name.
 */
#include "format/callgrind/call_graph.h"

#include "core/num.h"

enum { GROUP_MOST = 8 }; /* tokens of one function */

void caller_names_init(struct caller_names *names, struct heap *heap, uint64_t seed)
{
    *names = (struct caller_names){.heap = heap};
    intern_init(&names->known, heap, seed);
}

static void take_tokens(struct caller_names *names, str name)
{
    names->tokens.n = 0;
    for (size_t at = 0, end; at <= name.n; at = end + 1) {
        end = str_find(name, '\'', at);
        vec_push(names->heap, &names->tokens, str_cut(name, at, end));
    }
}

static str join_tokens(const struct caller_names *names, size_t from, size_t to)
{
    const char *start = names->tokens.at[from].p;
    str last = names->tokens.at[to - 1];
    return str_of(start, (size_t)(last.p + last.n - start));
}

/* "rec'2": the second level of a recursion. */
static bool is_level(const struct caller_names *names, size_t token)
{
    uint64_t level;
    return token > 0 && num_parse_u64(names->tokens.at[token], &level);
}

void caller_names_add(struct caller_names *names, str name)
{
    take_tokens(names, name);
    for (size_t to = 1; to <= names->tokens.n && to <= GROUP_MOST; to++)
        intern_add(&names->known, join_tokens(names, 0, to));
}

/* The end of the function that begins at token `from`, if known functions can follow it up to the
 * last token; 0: there is none. */
static uint32_t find_end(const struct caller_names *names, size_t from)
{
    size_t n = names->tokens.n;
    if (is_level(names, from))
        return names->after.at[from + 1] > 0 ? (uint32_t)from + 1 : 0;
    if (names->tokens.at[from].n == 0)
        return 0;
    for (size_t to = from + 1; to <= n && to <= from + GROUP_MOST; to++)
        if (names->after.at[to] > 0 &&
            intern_find(&names->known, join_tokens(names, from, to)) != INTERN_NONE)
            return (uint32_t)to;
    return 0;
}

size_t caller_names_split(struct caller_names *names, str name)
{
    take_tokens(names, name);
    size_t n = names->tokens.n;
    names->functions.n = names->after.n = 0;
    vec_reserve(names->heap, &names->after, n + 1);
    names->after.at[n] = (uint32_t)n + 1;
    for (size_t from = n; from-- > 0;)
        names->after.at[from] = find_end(names, from);
    if (names->after.at[0] == 0)
        vec_push(names->heap, &names->functions, name);
    else
        for (size_t at = 0; at < n; at = names->after.at[at])
            if (!is_level(names, at))
                vec_push(names->heap, &names->functions,
                         join_tokens(names, at, names->after.at[at]));
    return names->functions.n;
}

uint32_t caller_names_frame(str name, struct builder *builder)
{
    char text[24] = "0x";
    size_t zeros = 2;
    struct frame frame = {.name = name};
    while (zeros + 1 < name.n && name.p[zeros] == '0')
        zeros++;
    if (str_starts(name, STR("0x")) && zeros > 2 && name.n - zeros < sizeof text - 2) {
        memcpy(text + 2, name.p + zeros, name.n - zeros);
        frame.name = str_of(text, 2 + name.n - zeros);
    }
    return builder_frame(builder, &frame);
}
