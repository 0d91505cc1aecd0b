/*
 * inliner: what is asked once is kept. The DWARF side is in inliner_dwarf.c.
 */
#include "format/inliner/inliner.h"

#include "core/heap.h"
#include "format/inliner/inliner_dwarf.h"

/* What an address gave: a run of `frames`. */
struct answer {
    uint32_t first, count;
};

struct inliner {
    struct heap *heap;
    struct heap_cleanup cleanup; /* what libdw holds */
    struct arena arena;
    bool with_place;
    struct intern module_names;
    VEC(struct dwarf_module *) modules; /* by id of module_names; NULL: unusable, see whys */
    VEC(const char *) whys;
    struct intern questions;    /* module id and address, 12 bytes */
    VEC(struct answer) answers; /* by id of questions */
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
    if (!dwarf_module_available()) {
        err_set(err, ERR_SUPPORT,
                "--inline needs libdw, and this build was made without it (--without-libdw)");
        return NULL;
    }
    struct inliner *inliner = heap_zero(heap, 1, sizeof *inliner);
    inliner->heap = heap;
    inliner->with_place = with_place;
    arena_init(&inliner->arena, heap);
    intern_init(&inliner->module_names, heap, 0);
    intern_init(&inliner->questions, heap, 0);
    inliner->cleanup = (struct heap_cleanup){.run = close_modules, .of = inliner};
    heap_add_cleanup(heap, &inliner->cleanup);
    return inliner;
}

/* Perf maps, the kernel and names in brackets have no file to look into. */
static const char *why_not(str module)
{
    if (module.n == 0 || module.p[0] != '/')
        return "";
    if (str_starts(module, STR("/tmp/perf-")) || str_contains(module, STR("vmlinux")))
        return "";
    return NULL;
}

static uint32_t module_id(struct inliner *inliner, str name)
{
    uint32_t id = intern_add(&inliner->module_names, name);
    if (id < inliner->modules.n)
        return id;
    const char *why = why_not(name);
    vec_push(inliner->heap, &inliner->modules, NULL);
    vec_push(inliner->heap, &inliner->whys, why);
    if (!why) {
        const char *path = arena_copy_c(&inliner->arena, name);
        inliner->modules.at[id] = dwarf_module_open(inliner->heap, path, &inliner->whys.at[id]);
    }
    return id;
}

static void resolve(struct inliner *inliner, uint32_t module, uint64_t address)
{
    struct answer answer = {(uint32_t)inliner->frames.n, 0};
    struct dwarf_module *dwarf = inliner->modules.at[module];
    if (dwarf) {
        const struct read_inline_frame *found;
        size_t n = dwarf_module_frames(dwarf, address, inliner->with_place, &inliner->arena,
                                       &found);
        for (size_t i = 0; i < n; i++)
            vec_push(inliner->heap, &inliner->frames, found[i]);
        answer.count = (uint32_t)n;
    }
    vec_push(inliner->heap, &inliner->answers, answer);
}

size_t inliner_frames(void *context, str module, uint64_t address,
                      const struct read_inline_frame **frames)
{
    struct inliner *inliner = context;
    char key[12];
    uint32_t id = module_id(inliner, module);
    memcpy(key, &id, 4);
    memcpy(key + 4, &address, 8);
    uint32_t question = intern_add(&inliner->questions, str_of(key, sizeof key));
    if (question == inliner->answers.n)
        resolve(inliner, id, address);
    struct answer answer = inliner->answers.at[question];
    *frames = answer.count > 0 ? inliner->frames.at + answer.first : NULL;
    return answer.count;
}

bool inliner_unusable(const struct inliner *inliner, size_t *at, str *module, const char **why)
{
    while (*at < inliner->modules.n) {
        size_t id = (*at)++;
        *why = inliner->whys.at[id];
        if (!*why || (*why)[0] == '\0')
            continue;
        *module = intern_name(&inliner->module_names, (uint32_t)id);
        return true;
    }
    return false;
}
