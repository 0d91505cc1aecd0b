/* SPDX-License-Identifier: MIT */
/*
 * embedded_writer: the names are one line each, the nodes one line of numbers in digits of 5 bits.
 */
#include "format/embedded/embedded_writer.h"

#include "core/heap.h"
#include "core/num.h"
#include "core/str.h"
#include "profile/tree.h"

enum { SHARED_MOST = 63, MORE = 32 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The name of the root, "", is always the first. */
void embedded_writer_make(struct embedded_writer *pack, const struct tree *tree,
                          const struct sibling_order *order)
{
    struct heap *heap = tree->heap;
    uint32_t count = frames_count(&tree->frames);
    uint32_t *own = order->rank ? NULL : sibling_order_rank_names(&tree->frames.texts, heap);
    const uint32_t *rank = own ? own : order->rank;
    uint32_t *places = heap_alloc(heap, (size_t)count * 2, sizeof *places);
    *pack = (struct embedded_writer){.tree = tree, .order = order, .last = tree_after(tree)};
    pack->unit = tree_find_unit(tree, 0, pack->last + 1);
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

static bool is_inside_character(str name, size_t at)
{
    return at < name.n && ((unsigned char)name.p[at] & 0xc0) == 0x80;
}

/* The length of the start that two names share. It ends between characters. */
static size_t count_shared_start(str before, str name)
{
    size_t n = 0;
    while (n < SHARED_MOST && n < before.n && n < name.n && before.p[n] == name.p[n])
        n++;
    while (n > 0 && (is_inside_character(name, n) || is_inside_character(before, n)))
        n--;
    return n;
}

static void put_escape(struct sink *sink, char c)
{
    static const char hex[] = "0123456789abcdef", plain[] = "\\<>&\n\t\r", letters[] = "\\lgantr";
    const char *known = memchr(plain, c, sizeof plain - 1);
    sink_byte(sink, '\\');
    sink_byte(sink, known ? letters[known - plain] : 'x');
    if (known)
        return;
    sink_byte(sink, hex[(unsigned char)c >> 4]);
    sink_byte(sink, hex[(unsigned char)c & 15]);
}

/* Letters, '_' and similar: most characters of names. They need no escape. */
static bool is_common(char c)
{
    return c > '>' && c < 0x7f && c != '\\';
}

/* The number of bytes from `from` on that need no escape. */
static size_t count_unescaped(str text, size_t from)
{
    size_t at = from;
    for (;;) {
        while (at < text.n && is_common(text.p[at]))
            at++;
        unsigned char c = at < text.n ? (unsigned char)text.p[at] : 0;
        if (c < 0x20 || c == 0x7f || c == '\\' || c == '<' || c == '>' || c == '&')
            break;
        size_t next = at + 1;
        if (c >= 0x80) {
            next = at;
            uint32_t code = utf8_next(text, &next);
            if (code == UTF8_BAD || !utf8_is_xml(code))
                break;
        }
        at = next;
    }
    return at - from;
}

static void put_escaped_text(struct sink *sink, str text)
{
    for (size_t at = 0;;) {
        size_t run = count_unescaped(text, at);
        sink_bytes(sink, str_cut(text, at, at + run));
        at += run;
        if (at >= text.n)
            return;
        size_t next = at;
        utf8_next(text, &next); /* XML does not allow U+FFFE, so all three bytes are escaped */
        for (; at < next; at++)
            put_escape(sink, text.p[at]);
    }
}

static void write_names(const struct embedded_writer *pack, struct sink *sink)
{
    str before = STR("");
    for (uint32_t i = 0; i < pack->count; i++) {
        str name = frames_text(&pack->tree->frames, pack->sorted[i]);
        size_t shared = count_shared_start(before, name);
        sink_byte(sink, alphabet[shared]);
        put_escaped_text(sink, str_skip(name, shared));
        sink_byte(sink, '\n');
        before = name;
    }
}

enum { NUMBER_MOST = 13 /* digits of 5 bits */ };

static char *put_embedded_digits(char *to, uint64_t value)
{
    for (; value >= MORE; value >>= 5)
        *to++ = alphabet[(value & (MORE - 1)) | MORE];
    *to++ = alphabet[value];
    return to;
}

void embedded_writer_put_number(struct sink *sink, uint64_t value)
{
    char *to = sink_room(sink, NUMBER_MOST);
    sink->n += (size_t)(put_embedded_digits(to, value) - to);
}

/* Names are numbered by first use, so that frequent names tend to have short numbers. */
struct name_numbers {
    uint32_t *number; /* by name, gaps last; UINT32_MAX: not used yet */
    uint32_t gap;
    uint32_t used;
};

static char *put_node_name(char *to, const struct embedded_writer *pack, struct name_numbers *names,
                           uint32_t name)
{
    uint32_t place = name == TREE_GAP ? names->gap : name;
    uint32_t number = names->number[place];
    if (number != UINT32_MAX)
        return put_embedded_digits(to, number);
    names->number[place] = names->used;
    to = put_embedded_digits(to, names->used++);
    return put_embedded_digits(to, name == TREE_GAP ? pack->count : pack->position[name]);
}

static char *put_node(char *to, const struct embedded_writer *pack, struct name_numbers *names,
                      uint32_t node, uint64_t up, bool has_weight)
{
    const struct tree *tree = pack->tree;
    to = put_embedded_digits(to, 2 * up + has_weight);
    if (node != TREE_ROOT)
        to = put_node_name(to, pack, names, tree->frame[node]);
    for (unsigned column = 0; has_weight && column <= pack->last; column++) {
        uint64_t weight = tree->weight[column][node];
        /* the unit is mostly 1, and a division takes as long as the rest of a node */
        to = put_embedded_digits(to, pack->unit == 1 ? weight : weight / pack->unit);
    }
    return to;
}

/* Children that are being written: the current one, and their depth. */
struct embedded_family {
    uint32_t child, depth;
};

struct embedded_walk {
    const struct tree *tree;
    const struct sibling_order *order;
    const unsigned char *shapes;
    uint32_t node, depth;
    VEC(struct embedded_family) families; /* nested */
};

static bool walk_down(struct embedded_walk *walk, struct heap *heap)
{
    unsigned shape = walk->shapes[walk->node];
    if (shape & NODE_FLAGS_LEAF)
        return false;
    walk->node = shape & NODE_FLAGS_STRAIGHT ? walk->node + 1 : walk->order->first[walk->node];
    walk->depth++;
    if (shape & NODE_FLAGS_FAMILY) {
        struct embedded_family family = {walk->node, walk->depth};
        vec_push(heap, &walk->families, family);
    }
    return true;
}

/* Fetch the data of the siblings after `node` into the cache. */
static void prefetch_siblings(const struct embedded_walk *walk, uint32_t node)
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

/* Go to the next sibling, if need be of a caller. Returns the number of levels up; 0 at the end. */
static uint64_t walk_on(struct embedded_walk *walk)
{
    for (; walk->families.n > 0; walk->families.n--) {
        struct embedded_family *family = &walk->families.at[walk->families.n - 1];
        uint32_t next = walk->order->next[family->child];
        if (next == TREE_NONE)
            continue;
        uint64_t up = walk->depth - family->depth + UINT64_C(1);
        walk->depth = family->depth;
        walk->node = family->child = next;
        prefetch_siblings(walk, next);
        return up;
    }
    return 0;
}

/* In pre-order. */
static void write_nodes(const struct embedded_writer *pack, struct sink *sink)
{
    struct heap *heap = pack->tree->heap;
    uint32_t count = frames_count(&pack->tree->frames);
    struct name_numbers names = {.used = 1, .gap = count};
    unsigned char *shapes = node_flags_make(pack->tree);
    struct embedded_walk walk = {
        .tree = pack->tree, .order = pack->order, .shapes = shapes, .node = TREE_ROOT};
    uint64_t up = 0;
    names.number = heap_alloc(heap, (size_t)count + 1, sizeof *names.number);
    memset(names.number, 0xff, ((size_t)count + 1) * sizeof *names.number);
    names.number[pack->tree->frame[TREE_ROOT]] = 0;
    do {
        char *start = sink_room(sink, 5 * NUMBER_MOST);
        char *end = put_node(start, pack, &names, walk.node, up,
                             shapes[walk.node] & NODE_FLAGS_WEIGHT);
        sink->n += (size_t)(end - start);
        up = 0;
    } while (walk_down(&walk, heap) || (up = walk_on(&walk)) > 0);
    vec_free(heap, &walk.families);
    heap_free(heap, shapes);
    heap_free(heap, names.number);
}

void embedded_writer_write(const struct embedded_writer *pack, struct sink *sink)
{
    sink_u64(sink, pack->count);
    sink_byte(sink, ' ');
    sink_u64(sink, pack->tree->n);
    sink_byte(sink, '\n');
    write_names(pack, sink);
    write_nodes(pack, sink);
    sink_byte(sink, '\n');
}

void embedded_writer_put_column(const struct embedded_writer *pack, const struct tree *tree,
                                unsigned column, uint64_t unit, struct sink *sink)
{
    uint32_t node = TREE_ROOT;
    uint64_t step = 1;
    for (; node != TREE_NONE; node = sibling_order_next(pack->order, pack->tree, node), step++) {
        uint64_t weight = tree->weight[column][node] / unit;
        if (weight == 0)
            continue;
        embedded_writer_put_number(sink, step);
        embedded_writer_put_number(sink, weight);
        step = 0;
    }
    embedded_writer_put_number(sink, 0);
}

void embedded_writer_put_samples(const struct embedded_writer *pack, unsigned column,
                                 struct sink *sink)
{
    const struct tree *tree = pack->tree;
    uint32_t node = TREE_ROOT;
    for (; node != TREE_NONE; node = sibling_order_next(pack->order, tree, node))
        if (tree->weight[column][node] != 0)
            embedded_writer_put_number(sink, tree->samples[column][node]);
}

void embedded_writer_end(struct embedded_writer *pack)
{
    struct heap *heap = pack->tree->heap;
    heap_free(heap, pack->sorted);
    heap_free(heap, pack->position);
    *pack = (struct embedded_writer){0};
}
