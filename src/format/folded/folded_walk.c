/* SPDX-License-Identifier: MIT */
/*
 * folded_walk: a frame is shared with the line before, or the usual follower, or looked up.
 */
#include "format/folded/folded.h"

/* If followers fail, as in random stacks, they are tried seldom: 5 to 8 % less time for 300,000
 * random stacks. */
enum { LUCK_MOST = 64, SELDOM = 16 };

void folded_walk_init(struct folded_walk *walk, struct builder *builder)
{
    *walk = (struct folded_walk){.builder = builder};
    walk->frames = &builder->profile->tree.frames;
    walk->last = STR("");
    walk->cut.heap = builder->heap;
}

/* The length of the common prefix. */
static size_t count_shared_bytes(str a, str b)
{
    size_t n = a.n < b.n ? a.n : b.n, same = 0;
    while (same + 8 <= n && memcmp(a.p + same, b.p + same, 8) == 0)
        same += 8;
    while (same < n && a.p[same] == b.p[same])
        same++;
    return same;
}

/* The number of frames that `stack` shares with the last one. */
static size_t count_shared_frames(const struct folded_walk *walk, str stack)
{
    size_t same = count_shared_bytes(walk->last, stack);
    size_t count = walk->ends.n;
    while (count > 0) {
        size_t end = walk->ends.at[count - 1];
        bool ends_here = end == stack.n || (end < stack.n && stack.p[end] == ';');
        if (end <= same && ends_here)
            break;
        count--;
    }
    return count;
}

/* Whether `frame` is the frame at stack[at]. The callee of a function is usually the same as last
 * time (64 % in a build of rustc), and comparing its text takes a third of the time of a lookup. */
static bool is_next_frame(const struct folded_walk *walk, uint32_t frame, str stack, size_t at)
{
    str expected = frames_text(walk->frames, frame);
    size_t end = at + expected.n;
    return end <= stack.n && (end == stack.n || stack.p[end] == ';') &&
           memcmp(stack.p + at, expected.p, expected.n) == 0;
}

static void grow_followers(struct folded_walk *walk)
{
    size_t n = walk->follower.n;
    vec_reserve(walk->builder->heap, &walk->follower, frames_count(walk->frames) - n);
    walk->follower.n = walk->follower.cap;
    memset(walk->follower.at + n, 0, (walk->follower.n - n) * sizeof *walk->follower.at);
}

/* The frame at stack[at]; *end: the end of its text. */
static uint32_t find_next_frame(struct folded_walk *walk, uint32_t before, str stack, size_t at,
                                size_t *end)
{
    if (before >= walk->follower.n)
        grow_followers(walk);
    bool tries = walk->luck > 0 || ++walk->turn % SELDOM == 0;
    uint32_t frame = tries ? walk->follower.at[before] : 0;
    if (frame != 0 && is_next_frame(walk, frame, stack, at)) {
        *end = at + frames_text(walk->frames, frame).n;
        walk->luck = LUCK_MOST;
        return frame;
    }
    walk->luck -= walk->luck > 0;
    *end = str_find(stack, ';', at);
    str name = str_cut(stack, at, *end);
    if (walk->builder->options->no_lines)
        name = folded_cut_line(name, &walk->cut);
    frame = frames_add_text(walk->frames, name);
    if (tries)
        walk->follower.at[before] = frame;
    return frame;
}

void folded_walk_add(struct folded_walk *walk, str stack, const struct stack_weight *weight)
{
    struct heap *heap = walk->builder->heap;
    size_t shared = count_shared_frames(walk, stack), at = 0, end;
    uint32_t frame = 0;
    walk->ends.n = walk->ids.n = shared;
    if (shared > 0) {
        frame = walk->ids.at[shared - 1];
        at = walk->ends.at[shared - 1] + 1;
    }
    for (; at < stack.n; at = end + 1) {
        frame = find_next_frame(walk, frame, stack, at, &end);
        vec_push(heap, &walk->ends, end);
        vec_push(heap, &walk->ids, frame);
    }
    walk->last = stack;
    size_t more = walk->ids.n - shared;
    builder_stack_after(walk->builder, shared, more > 0 ? walk->ids.at + shared : NULL, more,
                        weight);
}

void folded_walk_restart(struct folded_walk *walk)
{
    walk->last = STR("");
    walk->ends.n = walk->ids.n = 0;
}

void folded_walk_keep(struct folded_walk *walk)
{
    size_t n = walk->last.n;
    walk->kept.n = 0;
    vec_reserve(walk->builder->heap, &walk->kept, n);
    if (n > 0)
        memmove(walk->kept.at, walk->last.p, n);
    walk->last = str_of(walk->kept.at, n);
}

void folded_walk_end(struct folded_walk *walk)
{
    struct heap *heap = walk->builder->heap;
    vec_free(heap, &walk->follower);
    vec_free(heap, &walk->kept);
    vec_free(heap, &walk->ends);
    vec_free(heap, &walk->ids);
    strbuf_end(&walk->cut);
}

/* ---- lines ---- */

bool folded_cut_word(str *line, str *word)
{
    *line = str_trim_right(*line);
    size_t at = line->n;
    while (at > 0 && !is_blank(line->p[at - 1]))
        at--;
    *word = str_skip(*line, at);
    if (at > 0)
        *line = str_head(*line, at - 1);
    return at > 0;
}

bool folded_cut_count(str *line, struct num_decimal *count)
{
    str word;
    return folded_cut_word(line, &word) &&
           (num_parse_decimal(word, count) || count->large || count->negative);
}

str folded_trim_empty(str stack)
{
    while (stack.n > 0 && stack.p[0] == ';')
        stack = str_skip(stack, 1);
    while (stack.n > 0 && stack.p[stack.n - 1] == ';')
        stack.n--;
    return stack;
}

str folded_cut_line(str name, struct strbuf *buf)
{
    size_t end = name.n - str_ends(name, STR(")")), at = end;
    while (at > 0 && is_digit(name.p[at - 1]))
        at--;
    if (at == end || at < 2 || name.p[at - 1] != ':')
        return name;
    strbuf_set(buf, str_head(name, at - 1));
    strbuf_add(buf, str_skip(name, end));
    return strbuf_str(buf);
}
