/* SPDX-License-Identifier: MIT */
/*
 * inliner: the cache. src/format/elf/ finds the files and reads their debug information.
 */
#include "format/inliner/inliner.h"

#include "core/heap.h"

#if HAVE_LIBDW

#include "format/elf/elf_file.h"

/* The result for an address: a part of `frames`. */
struct inline_result {
    uint32_t first, count;
};

struct inliner {
    struct heap *heap;
    bool with_place;
    struct images *images;
    struct intern module_names;
    VEC(struct image *) modules;       /* by id of module_names; NULL: it is no file */
    struct intern addresses;           /* module id and address, 12 bytes */
    VEC(struct inline_result) results; /* by id of addresses */
    VEC(struct read_inline_frame) frames;
};

struct inliner *inliner_open(struct heap *heap, bool with_place, struct err *err)
{
    (void)err;
    struct inliner *inliner = heap_zero(heap, 1, sizeof *inliner);
    inliner->heap = heap;
    inliner->with_place = with_place;
    inliner->images = images_open(heap, &(struct images_options){.files = &image_files_libdw});
    intern_init(&inliner->module_names, heap, 0);
    intern_init(&inliner->addresses, heap, 0);
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
    struct image_key key = {.path = name};
    uint32_t id = intern_add(&inliner->module_names, name);
    if (id == inliner->modules.n)
        vec_push(inliner->heap, &inliner->modules,
                 has_file(name) ? images_file(inliner->images, &key) : NULL);
    return id;
}

static void resolve_address(struct inliner *inliner, struct image *module, uint64_t address)
{
    struct inline_result result = {(uint32_t)inliner->frames.n, 0};
    if (module) {
        const struct read_inline_frame *found;
        size_t n = image_inlined(module, elf_image_printed(module, address), inliner->with_place,
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
        resolve_address(inliner, inliner->modules.at[id], address);
    struct inline_result result = inliner->results.at[place];
    *frames = result.count > 0 ? inliner->frames.at + result.first : NULL;
    return result.count;
}

bool inliner_unusable(const struct inliner *inliner, size_t *at, str *module, const char **why)
{
    while (*at < inliner->modules.n) {
        const struct image *image = inliner->modules.at[(*at)++];
        *why = image && image->elf ? image->elf->no_inlines : NULL;
        if (!*why)
            continue;
        *module = image->key.path;
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
