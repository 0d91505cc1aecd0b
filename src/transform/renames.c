/* SPDX-License-Identifier: MIT */
/*
 * renames: tables of rules for the engine of --rename, and trees with the names that they give.
 *
 * The rules see names from anywhere, so each takes time linear in the length of a name: repeats
 * give nothing back (++), and what looks like an ending but is not at the end is skipped as a
 * whole.
 */
#include "transform/renames.h"

#include "profile/tree_map.h"

#define RENAME_PART                                                  \
    "\\.(?:part|isra|constprop|cold|clone|localalias|lto_priv|llvm)" \
    "(?:\\.\\d++)?"
#define RENAME_CLONE     "(?<! ) *+\\[clone [^\\[\\]]*+\\]"
#define RENAME_VERSION   "(?<!@)@@?[A-Za-z][\\w.]*+"
/* No match at all for a name that is [module], and for one that is not. */
#define RENAME_NO_MODULE "^\\[.*\\]$(*COMMIT)(*F)|"
#define RENAME_MODULE    "^(?!\\[.*\\]$)(*COMMIT)(*F)|"

static const char *const function_rules[] = {
    /* f.isra.0.cold, f(int) [clone .part.0], memcpy@@GLIBC_2.14 */
    "s/(?!^)(?:" RENAME_PART "|" RENAME_CLONE "|" RENAME_VERSION ")++(?:$|(*SKIP)(*F))//",
    /* [libx.so <7f6d2>] */
    "s/^(\\[.*<)[[:xdigit:]]++>\\]$/$1...>]/",
    /* Foo/0x0000000801.run: a class that the JVM made at run time */
    "s/(?!^)\\/0x[[:xdigit:]]++//g",
    /* A$$Lambda$469/1523457748.get */
    "s/\\$\\$Lambda\\K(?:\\$?\\d++(?:\\/\\d++)?|\\/\\d++)//g",
    /* $Proxy12.f, GeneratedMethodAccessor42.invoke */
    "s/(?:\\$Proxy|Accessor)\\K\\d++//g",
    /* f+0x7f1c */
    "s/0x[[:xdigit:]]++/0x.../g",
    /* core::f::h0123456789abcdef */
    "s/::h[[:xdigit:]]{16}(?![[:alnum:]])//g",
    /* alloc[a1b2c3d4e5f60718]::vec */
    "s/" RENAME_NO_MODULE "(?!^)\\[[[:xdigit:]]{8,16}\\]//g",
    /* [libc-2.31.so], [libkmod.so.2.3.6], [perf-19982.map], [[JIT] tid 19982] */
    "s/" RENAME_MODULE "[-. ]\\d++(?=[-. \\]])//g",
    NULL,
};
static const char *const process_rules[] = {"s/\\d++/N/g", NULL}; /* java-7708, worker_12 */
static const char *const hex_rules[] = {"s/0x[[:xdigit:]]++/0x.../g", NULL};

bool rename_add_rules(struct name_rules *rules, enum rename_set set, struct err *err)
{
    static const char *const *const sets[] = {[RENAME_FUNCTIONS] = function_rules,
                                              [RENAME_PROCESSES] = process_rules,
                                              [RENAME_HEX] = hex_rules};
    for (const char *const *text = sets[set]; *text; text++)
        if (!name_rules_add_rename(rules, "--fold-names", str_from_c(*text), err))
            return false;
    return true;
}

bool rename_text(struct name_rules *rules, str *text, struct arena *arena, struct err *err)
{
    str renamed = *text;
    if (name_rules_rename(rules, &renamed, arena, err))
        *text = renamed;
    else if (err->code == ERR_MEMORY)
        return false;
    else
        *err = (struct err){0}; /* a name that takes too long to match stays as it is */
    return true;
}

struct renaming {
    struct tree *into;
    const struct tree *from;
    bool process_first;
    struct name_rules rules[2]; /* of functions, of processes */
    uint32_t *known[2];         /* by frame: the one of `into`; TREE_NONE: not met yet */
    struct err *err;
};

static uint32_t rename_frame(void *context, uint32_t node)
{
    struct renaming *r = context;
    uint32_t frame = r->from->frame[node];
    bool process = r->process_first && r->from->parent[node] == TREE_ROOT;
    if (r->known[process][frame] == TREE_NONE) {
        struct arena arena;
        str text = tree_text(r->from, node);
        arena_init(&arena, r->into->heap);
        if (r->err->code == ERR_NONE)
            rename_text(&r->rules[process], &text, &arena, r->err);
        r->known[process][frame] = frames_add_copy(&r->into->frames, &r->from->frames, frame, text);
        arena_end(&arena);
    }
    return r->known[process][frame];
}

bool rename_frames(struct tree *tree, enum rename_set set, bool process_first, struct err *err)
{
    struct tree into;
    struct heap *heap = tree->heap;
    struct renaming renaming = {&into,  tree, process_first, {{.heap = heap}, {.heap = heap}},
                                {NULL}, err};
    struct tree_mapping mapping = {.frame = rename_frame, .context = &renaming};
    uint32_t count = frames_count(&tree->frames);
    bool done = rename_add_rules(&renaming.rules[0], set, err) &&
                (!process_first || rename_add_rules(&renaming.rules[1], RENAME_PROCESSES, err));
    for (int i = 0; i < 2; i++) {
        renaming.known[i] = heap_alloc(heap, count, sizeof **renaming.known);
        memset(renaming.known[i], 0xff, count * sizeof **renaming.known);
    }
    if (done) {
        tree_init_like(&into, tree);
        tree_map(&into, tree, &mapping);
        done = err->code == ERR_NONE;
        tree_end(done ? tree : &into);
        if (done)
            *tree = into;
    }
    for (int i = 0; i < 2; i++) {
        name_rules_end(&renaming.rules[i]);
        heap_free(heap, renaming.known[i]);
    }
    return done;
}

struct waker_marking {
    struct tree *into;
    const struct tree *from;
    bool *waker; /* by node */
};

static bool is_separator(const struct tree *tree, uint32_t node)
{
    return str_equal(tree_text(tree, node), STR("--"));
}

static uint32_t mark_waker(void *context, uint32_t node)
{
    struct waker_marking *m = context;
    const struct tree *from = m->from;
    uint32_t parent = from->parent[node];
    bool starts = parent != TREE_ROOT && from->parent[parent] != TREE_ROOT &&
                  is_separator(from, parent);
    m->waker[node] = m->waker[parent] || starts;
    if (!m->waker[node] || is_separator(from, node))
        return tree_copy_frame(m->into, from, node);
    /* The whole text becomes the name: a frame that has a mark gets a second one. */
    struct frame frame = frames_get(&from->frames, from->frame[node]);
    frame.name = frame.text;
    frame.kind = FRAME_WAKER;
    frame.marked = true;
    return frames_add(&m->into->frames, &frame);
}

void rename_wakers(struct tree *into, const struct tree *from)
{
    struct waker_marking marking = {into, from, heap_zero(from->heap, from->n, sizeof(bool))};
    struct tree_mapping mapping = {.frame = mark_waker, .context = &marking};
    tree_init_like(into, from);
    tree_map(into, from, &mapping);
    heap_free(from->heap, marking.waker);
}
