/*
 * embedded_writer: writing. The names line by line, the frames in one line of numbers in digits of
 * 5 bits.
 */
#include "format/embedded/embedded_writer.h"

#include "core/heap.h"
#include "core/num.h"
#include "core/utf8.h"
#include "profile/tree.h"

enum { SHARED_MOST = 63, MORE = 32 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static uint64_t common_unit(const struct tree *tree)
{
    uint64_t unit = 0;
    for (unsigned column = 0; column <= tree_after(tree); column++)
        for (uint32_t i = 0; i < tree->n && unit != 1; i++)
            unit = num_common_divisor(tree->weight[column][i], unit);
    return unit > 0 ? unit : 1;
}

/* The root's name, "", is always there and always first. */
void embedded_writer_make(struct embedded_writer *pack, const struct tree *tree,
                          const struct sibling_order *order)
{
    struct heap *heap = tree->heap;
    uint32_t count = frames_count(&tree->frames);
    uint32_t *own = order->rank ? NULL : sibling_order_rank_names(&tree->frames.texts, heap);
    const uint32_t *rank = own ? own : order->rank;
    uint32_t *places = heap_alloc(heap, (size_t)count * 2, sizeof *places);
    *pack = (struct embedded_writer){
        .tree = tree, .order = order, .last = tree_after(tree), .unit = common_unit(tree)};
    memset(places, 0xff, (size_t)count * 2 * sizeof *places);
    for (uint32_t node = 0; node < tree->n; node++)
        if (tree->frame[node] != TREE_GAP)
            places[rank[tree->frame[node] * 2]] = tree->frame[node];
    pack->sorted = heap_alloc(heap, count, sizeof *pack->sorted);
    pack->position = heap_alloc(heap, count, sizeof *pack->position);
    for (uint32_t i = 0; i < count * 2; i++) {
        if (places[i] == INTERN_NONE)
            continue;
        pack->position[places[i]] = pack->count;
        pack->sorted[pack->count++] = places[i];
    }
    heap_free(heap, places);
    heap_free(heap, own);
}

static bool is_inside(str name, size_t at)
{
    return at < name.n && ((unsigned char)name.p[at] & 0xc0) == 0x80;
}

/* Never a part of a character, neither of this name nor of the one before. */
static size_t shared_start(str before, str name)
{
    size_t n = 0;
    while (n < SHARED_MOST && n < before.n && n < name.n && before.p[n] == name.p[n])
        n++;
    while (n > 0 && (is_inside(name, n) || is_inside(before, n)))
        n--;
    return n;
}

static void put_byte_escape(struct sink *sink, char byte)
{
    static const char hex[] = "0123456789abcdef";
    sink_lit(sink, "\\x");
    sink_byte(sink, hex[(unsigned char)byte >> 4]);
    sink_byte(sink, hex[(unsigned char)byte & 15]);
}

static void put_escape(struct sink *sink, char c)
{
    switch (c) {
    case '\\': sink_lit(sink, "\\\\"); break;
    case '<': sink_lit(sink, "\\l"); break;
    case '>': sink_lit(sink, "\\g"); break;
    case '&': sink_lit(sink, "\\a"); break;
    case '\n': sink_lit(sink, "\\n"); break;
    case '\t': sink_lit(sink, "\\t"); break;
    case '\r': sink_lit(sink, "\\r"); break;
    default: put_byte_escape(sink, c); break;
    }
}

/* Letters, '_' and their like, above all markup: most of all names. */
static bool is_common(char c)
{
    return c > '>' && c < 0x7f && c != '\\';
}

/* How many bytes from `from` on may stand as they are. */
static size_t plain_run(str text, size_t from)
{
    size_t at = from;
    for (;;) {
        while (at < text.n && is_common(text.p[at]))
            at++;
        if (at == text.n)
            break;
        unsigned char c = (unsigned char)text.p[at];
        if (c < 0x20 || c == 0x7f || c == '\\' || c == '<' || c == '>' || c == '&')
            break;
        size_t next = at;
        if (c >= 0x80) {
            uint32_t code = utf8_next(text, &next);
            if (code == UTF8_BAD || !utf8_is_xml(code))
                break;
            at = next;
        } else {
            at++;
        }
    }
    return at - from;
}

static void put_text(struct sink *sink, str text)
{
    for (size_t at = 0;;) {
        size_t run = plain_run(text, at);
        sink_bytes(sink, str_cut(text, at, at + run));
        at += run;
        if (at >= text.n)
            return;
        size_t next = at;
        utf8_next(text, &next); /* U+FFFE is three bytes that XML does not allow together */
        for (; at < next; at++)
            put_escape(sink, text.p[at]);
    }
}

static void write_names(const struct embedded_writer *pack, struct sink *sink)
{
    str before = STR("");
    for (uint32_t i = 0; i < pack->count; i++) {
        str name = frames_text(&pack->tree->frames, pack->sorted[i]);
        size_t shared = shared_start(before, name);
        sink_byte(sink, alphabet[shared]);
        put_text(sink, str_skip(name, shared));
        sink_byte(sink, '\n');
        before = name;
    }
}

/* 13 digits of 5 bits hold a number. */
enum { NUMBER_MOST = 13 };

static char *put_number(char *to, uint64_t value)
{
    for (; value >= MORE; value >>= 5)
        *to++ = alphabet[(value & (MORE - 1)) | MORE];
    *to++ = alphabet[value];
    return to;
}

void embedded_writer_put_number(struct sink *sink, uint64_t value)
{
    char *to = sink_room(sink, NUMBER_MOST);
    sink->n += (size_t)(put_number(to, value) - to);
}

/* Names are numbered as they come up, so that frequent ones tend to have short numbers. */
struct numbering {
    uint32_t *number; /* by name, that of gaps is the last; UINT32_MAX: not seen yet */
    uint32_t gap;
    uint32_t seen;
};

static char *put_name(char *to, const struct embedded_writer *pack, struct numbering *names,
                      uint32_t name)
{
    uint32_t place = name == TREE_GAP ? names->gap : name;
    uint32_t number = names->number[place];
    if (number != UINT32_MAX)
        return put_number(to, number);
    names->number[place] = names->seen;
    to = put_number(to, names->seen++);
    return put_number(to, name == TREE_GAP ? pack->count : pack->position[name]);
}

/* A weight is a multiple of the unit. That of most profiles is 1, and to divide by it would take as
 * long as the rest of a frame. */
static char *put_weight(char *to, const struct embedded_writer *pack, uint64_t weight)
{
    return put_number(to, pack->unit == 1 ? weight : weight / pack->unit);
}

static char *put_frame(char *to, const struct embedded_writer *pack, struct numbering *names,
                       uint32_t node, uint64_t up, bool has_weight)
{
    const struct tree *tree = pack->tree;
    to = put_number(to, 2 * up + has_weight);
    if (node != TREE_ROOT)
        to = put_name(to, pack, names, tree->frame[node]);
    for (unsigned column = 0; has_weight && column <= pack->last; column++)
        to = put_weight(to, pack, tree->weight[column][node]);
    return to;
}

/* A family whose children are being written: at which one, and how deep they stand. */
struct family {
    uint32_t child, depth;
};

struct walk {
    const struct tree *tree;
    const struct sibling_order *order;
    const unsigned char *shapes;
    uint32_t node, depth;
    VEC(struct family) families; /* in each other */
};

static bool go_down(struct walk *walk, struct heap *heap)
{
    unsigned shape = walk->shapes[walk->node];
    if (shape & NODE_FLAGS_LEAF)
        return false;
    walk->node = shape & NODE_FLAGS_STRAIGHT ? walk->node + 1 : walk->order->first[walk->node];
    walk->depth++;
    if (shape & NODE_FLAGS_FAMILY) {
        struct family family = {walk->node, walk->depth};
        vec_push(heap, &walk->families, family);
    }
    return true;
}

/* What will be asked about the children behind `node`, so that it is there by then. */
static void look_ahead(const struct walk *walk, uint32_t node)
{
    const uint32_t *next = walk->order->next;
    uint32_t one = next[node];
    if (one == TREE_NONE)
        return;
    __builtin_prefetch(&walk->tree->weight[0][node_flags_chain_end(walk->shapes, one)]);
    uint32_t two = next[one];
    if (two == TREE_NONE)
        return;
    __builtin_prefetch(&next[two]);
    __builtin_prefetch(&walk->shapes[two]);
    __builtin_prefetch(&walk->tree->frame[two]);
    __builtin_prefetch(&walk->tree->frame[two] + 12);
}

/* To the next child of the innermost family that has one: how many levels up, 0: none has. */
static uint64_t go_on(struct walk *walk)
{
    for (; walk->families.n > 0; walk->families.n--) {
        struct family *family = &walk->families.at[walk->families.n - 1];
        uint32_t next = walk->order->next[family->child];
        if (next == TREE_NONE)
            continue;
        uint64_t up = walk->depth - family->depth + UINT64_C(1);
        walk->depth = family->depth;
        walk->node = family->child = next;
        look_ahead(walk, next);
        return up;
    }
    return 0;
}

/* Pre-order, counting how many levels each step climbs. */
static void put_frames(const struct embedded_writer *pack, struct sink *sink,
                       struct numbering *names)
{
    struct heap *heap = pack->tree->heap;
    unsigned char *shapes = node_flags_make(pack->tree);
    struct walk walk = {
        .tree = pack->tree, .order = pack->order, .shapes = shapes, .node = TREE_ROOT};
    uint64_t up = 0;
    do {
        char *start = sink_room(sink, 5 * NUMBER_MOST);
        char *end = put_frame(start, pack, names, walk.node, up,
                              shapes[walk.node] & NODE_FLAGS_WEIGHT);
        sink->n += (size_t)(end - start);
        up = 0;
    } while (go_down(&walk, heap) || (up = go_on(&walk)) > 0);
    vec_free(heap, &walk.families);
    heap_free(heap, shapes);
}

static void write_frames(const struct embedded_writer *pack, struct sink *sink)
{
    struct heap *heap = pack->tree->heap;
    uint32_t count = frames_count(&pack->tree->frames);
    struct numbering names = {.seen = 1, .gap = count};
    names.number = heap_alloc(heap, (size_t)count + 1, sizeof *names.number);
    memset(names.number, 0xff, ((size_t)count + 1) * sizeof *names.number);
    names.number[pack->tree->frame[TREE_ROOT]] = 0;
    put_frames(pack, sink, &names);
    heap_free(heap, names.number);
}

void embedded_writer_write(const struct embedded_writer *pack, struct sink *sink)
{
    sink_u64(sink, pack->count);
    sink_byte(sink, ' ');
    sink_u64(sink, pack->tree->n);
    sink_byte(sink, '\n');
    write_names(pack, sink);
    write_frames(pack, sink);
    sink_byte(sink, '\n');
}

void embedded_writer_end(struct embedded_writer *pack)
{
    struct heap *heap = pack->tree->heap;
    heap_free(heap, pack->sorted);
    heap_free(heap, pack->position);
    *pack = (struct embedded_writer){0};
}
