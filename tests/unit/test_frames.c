/* SPDX-License-Identifier: MIT */
/*
 * frames: one record for each text; marks are read from texts and written into them.
 */
#include "caught.h"
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
    read.module = STR("/lib/other.so");
    is_u64(frames_add(&frames, &read), plain, "a text is one frame");
    is_str(frames_get(&frames, plain).module, STR("/lib/libc.so"), "and the first module stays");
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
    test_copies(&heap);
    heap_end(&heap);
    return done_testing();
}
