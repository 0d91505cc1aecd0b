/* SPDX-License-Identifier: MIT */
/*
 * inliner: the cache. inliner_dwarf.c reads the DWARF data.
 */
#include "format/inliner/inliner.h"

#include "core/heap.h"

#if HAVE_LIBDW

#include "format/inliner/inliner_dwarf.h"

/* The result for an address: a part of `frames`. */
struct inline_result {
    uint32_t first, count;
};

struct inliner {
    struct heap *heap;
    struct heap_cleanup cleanup; /* what libdw holds */
    struct arena arena;
    bool with_place;
    struct intern module_names;
    VEC(struct dwarf_module *) modules; /* by id of module_names; NULL: see whys */
    VEC(const char *) whys;
    struct intern addresses;           /* module id and address, 12 bytes */
    VEC(struct inline_result) results; /* by id of addresses */
    VEC(struct read_inline_frame) frames;
};

static void close_modules(void *of)
{
    struct inliner *inliner = of;
    for (size_t id = 0; id < inliner->modules.n; id++)
        dwarf_module_close(inliner->modules.at[id]);
}

struct inliner *inliner_open(struct heap *heap, bool with_place, struct err *err)
{
    (void)err;
    struct inliner *inliner = heap_zero(heap, 1, sizeof *inliner);
    inliner->heap = heap;
    inliner->with_place = with_place;
    arena_init(&inliner->arena, heap);
    intern_init(&inliner->module_names, heap, 0);
    intern_init(&inliner->addresses, heap, 0);
    inliner->cleanup = (struct heap_cleanup){.run = close_modules, .of = inliner};
    heap_add_cleanup(heap, &inliner->cleanup);
    return inliner;
}

/* Perf maps, the kernel and names in brackets have no file with debug information. */
static bool has_file(str module)
{
    return module.n > 0 && module.p[0] == '/' && !str_starts(module, STR("/tmp/perf-")) &&
           !str_contains(module, STR("vmlinux"));
}

static uint32_t find_module_id(struct inliner *inliner, str name)
{
    uint32_t id = intern_add(&inliner->module_names, name);
    if (id < inliner->modules.n)
        return id;
    vec_push(inliner->heap, &inliner->modules, NULL);
    vec_push(inliner->heap, &inliner->whys, NULL);
    if (has_file(name)) {
        const char *path = arena_copy_c(&inliner->arena, name);
        inliner->modules.at[id] = dwarf_module_open(inliner->heap, path, &inliner->whys.at[id]);
    }
    return id;
}

static void resolve_address(struct inliner *inliner, uint32_t module, uint64_t address)
{
    struct inline_result result = {(uint32_t)inliner->frames.n, 0};
    struct dwarf_module *dwarf = inliner->modules.at[module];
    if (dwarf) {
        const struct read_inline_frame *found;
        size_t n = dwarf_module_frames(dwarf, address, inliner->with_place, &inliner->arena,
                                       &found);
        for (size_t i = 0; i < n; i++)
            vec_push(inliner->heap, &inliner->frames, found[i]);
        result.count = (uint32_t)n;
    }
    vec_push(inliner->heap, &inliner->results, result);
}

size_t inliner_frames(void *context, str module, uint64_t address,
                      const struct read_inline_frame **frames)
{
    struct inliner *inliner = context;
    char key[12];
    uint32_t id = find_module_id(inliner, module);
    memcpy(key, &id, 4);
    memcpy(key + 4, &address, 8);
    uint32_t place = intern_add(&inliner->addresses, str_of(key, sizeof key));
    if (place == inliner->results.n)
        resolve_address(inliner, id, address);
    struct inline_result result = inliner->results.at[place];
    *frames = result.count > 0 ? inliner->frames.at + result.first : NULL;
    return result.count;
}

bool inliner_unusable(const struct inliner *inliner, size_t *at, str *module, const char **why)
{
    while (*at < inliner->modules.n) {
        size_t id = (*at)++;
        *why = inliner->whys.at[id];
        if (!*why)
            continue;
        *module = intern_name(&inliner->module_names, (uint32_t)id);
        return true;
    }
    return false;
}

#else

struct inliner *inliner_open(struct heap *heap, bool with_place, struct err *err)
{
    (void)heap, (void)with_place;
    err_set(err, ERR_SUPPORT, "--inline needs libdw, and this build has none (--without-libdw)");
    return NULL;
}

size_t inliner_frames(void *context, str module, uint64_t address,
                      const struct read_inline_frame **frames)
{
    (void)context, (void)module, (void)address, (void)frames;
    return 0;
}

bool inliner_unusable(const struct inliner *inliner, size_t *at, str *module, const char **why)
{
    (void)inliner, (void)at, (void)module, (void)why;
    return false;
}

#endif
