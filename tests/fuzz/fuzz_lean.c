/*
 * fuzz_lean: SVG of strangers before librsvg sees it. What was made lean once is lean.
 */
#include <stdlib.h>

#include "raster/lean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct heap heap;
    str svg;
};

static bool work(void *arg)
{
    struct run *run = arg;
    struct arena arena;
    struct lean lean, again;
    arena_init(&arena, &run->heap);
    lean_make(&lean, &arena, run->svg, 42, false);
    if (lean.svg.n > run->svg.n + sizeof "<style><![CDATA[]]></style>\n")
        abort(); /* nothing is added but what holds the styles together */
    lean_make(&again, &arena, lean.svg, 43, true);
    arena_end(&arena);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run = {.svg = {(const char *)data, size}};
    struct err err = {0};
    heap_init(&run.heap, NULL, NULL, (size_t)1 << 28);
    heap_guard(&run.heap, work, &run, &err);
    heap_end(&run.heap);
    return 0;
}
