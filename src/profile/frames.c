/* SPDX-License-Identifier: MIT */
/*
 * frames: an intern table of texts and an array of records with the same ids.
 */
#include "profile/frames.h"

enum { MARK = 4 }; /* bytes of "_[k]" */

static const char mark_letters[FRAME_KINDS] = {'\0', 'k', 'j', 'i', 'w'};

static enum frame_kind kind_of_letter(char letter)
{
    for (int kind = FRAME_KERNEL; kind < FRAME_KINDS; kind++)
        if (mark_letters[kind] == letter)
            return (enum frame_kind)kind;
    return FRAME_USER;
}

struct frame frame_from_text(str text)
{
    struct frame frame = {.name = text, .text = text, .module = STR(""), .file = STR("")};
    const char *end = text.p + text.n;
    if (text.n < MARK || end[-1] != ']' || end[-3] != '[' || end[-4] != '_')
        return frame;
    frame.kind = kind_of_letter(end[-2]);
    frame.marked = frame.kind != FRAME_USER;
    if (frame.marked)
        frame.name = str_head(text, text.n - MARK);
    return frame;
}

void frames_init(struct frames *frames, struct heap *heap, uint64_t seed)
{
    *frames = (struct frames){.records = {.n = 0}};
    intern_init(&frames->texts, heap, seed);
    intern_init(&frames->strings, heap, seed);
    vec_reserve(heap, &frames->records, 1);
    frames_add_text(frames, STR(""));
}

static struct heap *heap_of(const struct frames *frames)
{
    return frames->texts.arena.heap;
}

static uint32_t add_frame_string(struct frames *frames, str string)
{
    return string.n > 0 ? intern_add(&frames->strings, string) + 1 : 0;
}

static str frame_string(const struct frames *frames, uint32_t id)
{
    return id > 0 ? intern_name(&frames->strings, id - 1) : STR("");
}

/* There is always room for one more record, so that memory cannot run out between adding a text and
 * its record. */
static void add_record(struct frames *frames, uint32_t id, const struct frame *frame)
{
    frames->records.n++; /* first, because the next lines may fail */
    frames->records.at[id] = (struct frame_record){.kind = (unsigned char)frame->kind};
    frames->records.at[id].marked = frame->marked;
    frames->records.at[id].line = frame->line;
    frames->records.at[id].module = add_frame_string(frames, frame->module);
    frames->records.at[id].file = add_frame_string(frames, frame->file);
    vec_reserve(heap_of(frames), &frames->records, 1);
}

/* Builds and machines keep the same file in different directories. */
static bool is_same_file(str a, str b)
{
    return str_equal(a, b) || str_equal(str_file_name(a), str_file_name(b));
}

/* Another frame with the text of this one: forget what they do not share. */
static void keep_shared(struct frames *frames, uint32_t id, const struct frame *frame)
{
    struct frame_record *record = &frames->records.at[id];
    if (!is_same_file(frame_string(frames, record->module), frame->module))
        record->module = 0;
    if (!is_same_file(frame_string(frames, record->file), frame->file))
        record->file = record->line = 0;
    if (record->kind != frame->kind && record->kind != FRAME_LABELS && frame->kind != FRAME_LABELS)
        record->kind = FRAME_USER;
}

static uint32_t add_known_frame(struct frames *frames, str text, const struct frame *frame)
{
    uint32_t id = intern_add(&frames->texts, text);
    if (id == frames->records.n)
        add_record(frames, id, frame);
    else
        keep_shared(frames, id, frame);
    return id;
}

uint32_t frames_add_text(struct frames *frames, str text)
{
    uint32_t id = intern_add(&frames->texts, text);
    if (id == frames->records.n) {
        struct frame frame = frame_from_text(text);
        add_record(frames, id, &frame);
    }
    return id;
}

uint32_t frames_add(struct frames *frames, const struct frame *frame)
{
    if (!frame->marked)
        return add_known_frame(frames, frame->name, frame);
    char mark[MARK] = {'_', '[', mark_letters[frame->kind], ']'};
    size_t n = frame->name.n;
    frames->scratch.n = 0;
    vec_reserve(heap_of(frames), &frames->scratch, n + MARK);
    if (n > 0)
        memcpy(frames->scratch.at, frame->name.p, n);
    memcpy(frames->scratch.at + n, mark, MARK);
    return add_known_frame(frames, str_of(frames->scratch.at, n + MARK), frame);
}

uint32_t frames_add_copy(struct frames *frames, const struct frames *from, uint32_t id, str text)
{
    struct frame frame = frames_get(from, id), named = frame_from_text(text);
    if (!str_equal(text, frame.text)) {
        /* the new text decides about the mark; a kind that is not shown stays */
        frame.kind = named.marked || frame.marked ? named.kind : frame.kind;
        frame.marked = named.marked;
    }
    return add_known_frame(frames, text, &frame);
}

struct frame frames_get(const struct frames *frames, uint32_t id)
{
    const struct frame_record *record = &frames->records.at[id];
    str text = frames_text(frames, id);
    return (struct frame){
        .name = record->marked ? str_head(text, text.n - MARK) : text,
        .text = text,
        .module = frame_string(frames, record->module),
        .file = frame_string(frames, record->file),
        .line = record->line,
        .kind = (enum frame_kind)record->kind,
        .marked = record->marked,
    };
}

str frame_module_file(str module)
{
    static const str deleted = STR_INIT(" (deleted)");
    if (str_ends(module, deleted))
        module.n -= deleted.n;
    return str_file_name(module);
}

void frames_end(struct frames *frames)
{
    struct heap *heap = heap_of(frames);
    vec_free(heap, &frames->records);
    vec_free(heap, &frames->scratch);
    intern_end(&frames->texts);
    intern_end(&frames->strings);
}
