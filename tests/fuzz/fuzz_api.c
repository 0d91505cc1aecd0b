/* SPDX-License-Identifier: MIT */
/*
 * A sequence of calls of the library with an allocator that fails: after each byte that chooses a
 * call come its texts, up to a NUL. The first byte is the allocation that fails, 0: none. A call
 * that fails says why, and everything is freed in the end.
 */
#include "flametree.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PROFILES = 3, MOST_CALLS = 24, MOST_BYTES = 1 << 20 };

struct allocator {
    size_t calls, fail_at, blocks;
};

static void *resize(void *context, void *old, size_t size)
{
    struct allocator *a = context;
    if (size == 0) {
        a->blocks -= old != NULL;
        free(old);
        return NULL;
    }
    if (a->fail_at > 0 && ++a->calls == a->fail_at)
        return NULL;
    void *block = realloc(old, size);
    a->blocks += !old && block;
    return block;
}

struct input {
    const uint8_t *data;
    size_t size, at;
};

static unsigned next_byte(struct input *in)
{
    return in->at < in->size ? in->data[in->at++] : 0;
}

/* A copy up to the next NUL, for the caller to free. */
static char *next_text(struct input *in)
{
    size_t n = 0;
    while (in->at + n < in->size && in->data[in->at + n] != '\0')
        n++;
    char *text = malloc(n + 1);
    if (!text)
        abort();
    memcpy(text, in->data + in->at, n);
    text[n] = '\0';
    in->at += n + (in->at + n < in->size);
    return text;
}

static bool take(void *context, const void *bytes, size_t size)
{
    size_t *all = context;
    (void)bytes;
    *all += size;
    return *all < MOST_BYTES;
}

static bool see(void *context, const flametree_node *node)
{
    size_t *all = context;
    return (*all += node->name.size + 1) < MOST_BYTES;
}

static bool judge(void *context, const flametree_gate *gate)
{
    size_t *all = context;
    return (*all += gate->sentence.size + 1) < MOST_BYTES;
}

static const char *const formats[] = {"svg", "folded", "pprof", "speedscope", "term"};
static const char *const reports[] = {"text", "markdown", "json", "csv"};

static bool write_out(flametree_profile *p, unsigned how, char *text, flametree_error *error)
{
    size_t bytes = 0;
    flametree_picture picture = {.size = sizeof picture, .format = formats[how % 5], .title = text};
    flametree_report report = {.size = sizeof report, .format = reports[how % 4]};
    const char *limits[] = {text};
    switch (how / 8 % 4) {
    case 0: return flametree_draw(p, take, &bytes, &picture, error);
    case 1: return flametree_write_report(p, take, &bytes, &report, error);
    case 2: return flametree_judge(p, limits, 1, how & 1, judge, &bytes, error);
    default: return flametree_top(p, NULL, how, see, &bytes, error);
    }
}

static void ask(const flametree_profile *p, size_t i)
{
    flametree_summary summary = {.size = sizeof summary};
    flametree_text key, value;
    uint64_t number, line;
    bool counts;
    (void)!flametree_summarize(p, &summary);
    (void)!flametree_fact(p, i, &key, &value);
    (void)!flametree_value(p, i, &key, &value, &counts);
    (void)!flametree_label(p, i, &key);
    (void)!flametree_event(p, i, &key, &number, &counts);
    (void)flametree_ignored(p, i, &number, &line);
}

static bool call(flametree_profile **all, struct input *in, char *text, flametree_error *error)
{
    unsigned what = next_byte(in), how = next_byte(in);
    flametree_profile **p = &all[how % PROFILES], *other = all[how / PROFILES % PROFILES];
    const char *frames[] = {text, "main", text};
    flametree_reading reading = {.size = sizeof reading, .keep_all = how & 8, .strict = how & 16};
    flametree_filter filter = {.kind = how / 4 % 10, .text = text, .number = how};
    flametree_comparison scale = {.size = sizeof scale, .strip_hex = how & 1};
    switch (what % 8) {
    case 0: return flametree_read_memory(*p, "x", text, strlen(text), &reading, error);
    case 1: return flametree_add(*p, frames, how % 4, how, error);
    case 2: return other == *p || flametree_merge(*p, other, error);
    case 3: return flametree_apply(*p, &filter, 1, error);
    case 4: return flametree_add_fact(*p, "key", text, error);
    case 5: return write_out(*p, how, text, error);
    case 6: ask(*p, how % 5); return true;
    default: break;
    }
    flametree_profile *made = flametree_compare(*p, other, &scale, error);
    if (made) {
        flametree_free(*p);
        *p = made;
    }
    return made != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct allocator allocator = {0};
    struct input in = {.data = data, .size = size};
    flametree_setup setup = {.size = sizeof setup, .resize = resize, .context = &allocator};
    flametree_profile *all[PROFILES] = {NULL};
    flametree_error error;
    allocator.fail_at = next_byte(&in);
    bool good = true;
    for (size_t i = 0; i < PROFILES; i++)
        good &= (all[i] = flametree_new(&setup, &error)) != NULL;
    for (int i = 0; good && i < MOST_CALLS && in.at < in.size; i++) {
        char *text = next_text(&in);
        memset(&error, 0, sizeof error);
        if (!call(all, &in, text, &error) && error.message[0] == '\0') {
            fprintf(stderr, "wrong: a failure that does not say why\n");
            abort();
        }
        free(text);
    }
    for (size_t i = 0; i < PROFILES; i++)
        flametree_free(all[i]);
    if (allocator.blocks != 0) {
        fprintf(stderr, "wrong: memory is lost\n");
        abort();
    }
    return 0;
}
