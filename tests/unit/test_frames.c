/* SPDX-License-Identifier: MIT */
/*
 * frames: one record for each text; marks are read from texts and written into them.
 */
#include "caught.h"
#include "dice.h"
#include "heaps.h"
#include "profile/frames.h"
#include "tap.h"

static void test_texts(void)
{
    static const struct {
        const char *text, *name;
        enum frame_kind kind;
    } cases[] = {
        {"read_[k]", "read", FRAME_KERNEL},
        {"read_[j]", "read", FRAME_JIT},
        {"read_[i]", "read", FRAME_INLINED},
        {"read_[w]", "read", FRAME_WAKER},
        {"read_[x]", "read_[x]", FRAME_USER},
        {"read_[", "read_[", FRAME_USER},
        {"_[k]_", "_[k]_", FRAME_USER},
        {"_[k]", "", FRAME_KERNEL},
        {"[k]", "[k]", FRAME_USER},
        {"a_[k]_[w]", "a_[k]", FRAME_WAKER},
        {"", "", FRAME_USER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct frame frame = frame_from_text(str_from_c(cases[i].text));
        is_str(frame.name, str_from_c(cases[i].name), "the name in '%s'", cases[i].text);
        is_u64(frame.kind, cases[i].kind, "the kind in '%s'", cases[i].text);
        ok(frame.marked == (cases[i].kind != FRAME_USER), "the mark in '%s'", cases[i].text);
    }
}

static void test_table(struct heap *heap)
{
    struct frames frames;
    struct frame read = {.name = STR("read"), .module = STR("/lib/libc.so"), .file = STR("r.c")};
    frames_init(&frames, heap, 1);
    is_u64(frames_add_text(&frames, STR("")), 0, "the root's frame is there from the start");
    read.line = 7;
    uint32_t plain = frames_add(&frames, &read);
    struct frame got = frames_get(&frames, plain);
    is_str(got.module, STR("/lib/libc.so"), "the module stays");
    is_str(got.file, STR("r.c"), "the file stays");
    is_u64(got.line, 7, "the line stays");
    read.module = STR("/other/libc.so");
    is_u64(frames_add(&frames, &read), plain, "a text is one frame");
    is_str(frames_get(&frames, plain).module, STR("/lib/libc.so"), "the first directory stays");
    read.kind = FRAME_KERNEL;
    is_u64(frames_add(&frames, &read), plain, "a kind without a mark makes no other frame");
    read.marked = true;
    uint32_t kernel = frames_add(&frames, &read);
    ok(kernel != plain, "a mark does");
    is_str(frames_text(&frames, kernel), STR("read_[k]"), "it is in the text");
    is_str(frames_get(&frames, kernel).name, STR("read"), "and not in the name");
    is_u64(frames_add_text(&frames, STR("read_[k]")), kernel, "the text finds it");
    is_str(frames_get(&frames, frames_add_text(&frames, STR("x"))).module, STR(""),
           "a text has no module");
    frames_end(&frames);
}

/* Frames with one text, in any order: what they share is known, and nothing else. */
static void test_shared(struct heap *heap)
{
    static const str modules[] = {STR_INIT("/bin/a"), STR_INIT("/bin/b"), STR_INIT("")};
    static const str files[] = {STR_INIT("a.c"), STR_INIT("b.c"), STR_INIT("")};
    static const enum frame_kind kinds[] = {FRAME_USER, FRAME_KERNEL, FRAME_INLINED};
    uint64_t state = 5;
    unsigned wrong = 0;
    for (int round = 0; round < 2000; round++) {
        struct frames frames;
        unsigned seen[3] = {0};
        size_t n = 1 + dice_below(&state, 4);
        uint32_t id = 0;
        frames_init(&frames, heap, 1);
        for (size_t i = 0; i < n; i++) {
            size_t at[3];
            for (unsigned k = 0; k < 3; k++) {
                at[k] = dice_below(&state, 6) < 4 ? 0 : dice_below(&state, 3);
                seen[k] |= 1u << at[k];
            }
            struct frame frame = {.name = STR("main"), .module = modules[at[0]]};
            frame.file = files[at[1]];
            frame.kind = kinds[at[2]];
            id = frames_add(&frames, &frame);
        }
        struct frame got = frames_get(&frames, id);
        for (unsigned i = 0; i < 3; i++) {
            wrong += seen[0] == 1u << i && !str_equal(got.module, modules[i]);
            wrong += seen[1] == 1u << i && !str_equal(got.file, files[i]);
            wrong += seen[2] == 1u << i && got.kind != kinds[i];
        }
        wrong += (seen[0] & (seen[0] - 1)) != 0 && got.module.n > 0;
        wrong += (seen[1] & (seen[1] - 1)) != 0 && got.file.n + got.line > 0;
        wrong += (seen[2] & (seen[2] - 1)) != 0 && got.kind != FRAME_USER;
        frames_end(&frames);
    }
    is_u64(wrong, 0, "frames of one text in any order: what all of them have is known");
}

static void test_copies(struct heap *heap)
{
    struct frames from, into;
    struct frame read = {.name = STR("read"), .module = STR("[kernel]"), .kind = FRAME_KERNEL};
    frames_init(&from, heap, 1);
    frames_init(&into, heap, 2);
    uint32_t hidden = frames_add(&from, &read);
    struct frame got = frames_get(&into, frames_add_copy(&into, &from, hidden, STR("read")));
    is_u64(got.kind, FRAME_KERNEL, "a kind without a mark is copied");
    is_str(got.module, STR("[kernel]"), "and so is the module");
    got = frames_get(&into, frames_add_copy(&into, &from, hidden, STR("write")));
    is_u64(got.kind, FRAME_KERNEL, "another name leaves the kind");
    got = frames_get(&into, frames_add_copy(&into, &from, hidden, STR("write_[j]")));
    is_u64(got.kind, FRAME_JIT, "a new mark gives a new kind");
    read.marked = true;
    uint32_t shown = frames_add(&from, &read);
    got = frames_get(&into, frames_add_copy(&into, &from, shown, STR("open")));
    is_u64(got.kind, FRAME_USER, "a mark that was taken away takes the kind along");
    frames_end(&from);
    frames_end(&into);
}

int main(void)
{
    struct heap heap;
    heap_init(&heap, NULL, NULL, 0);
    test_texts();
    test_table(&heap);
    test_shared(&heap);
    test_copies(&heap);
    heap_end(&heap);
    return done_testing();
}
