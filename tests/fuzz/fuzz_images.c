/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a file with symbols, which the first byte chooses: an ELF file, a perf map,
 * kallsyms, or names to demangle, a line each. Addresses have the same name twice, before and
 * after others, and the walk of a stack through the file ends.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/elf/demangle.h"
#include "format/perf_data/images.h"
#include "fuzzing.h"

/* dwarf_getcfi_elf() of elfutils 0.188 forgets the names of the sections of some damaged files. The
 * leak sanitizer asks this function. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libelf";
}

enum { FRAMES_MOST = 64, STACK_SIZE = 512 };

static char top[] = "/tmp/fuzz-images.XXXXXX";

static char file[64], map[64], directory[64]; /* one file with two names */

static void remove_top(void)
{
    if (unlink(file) != 0 || unlink(map) != 0 || rmdir(directory) != 0 || rmdir(top) != 0)
        abort();
}

static void write_file(str bytes)
{
    static int fd = -1;
    if (fd < 0) {
        if (!mkdtemp(top))
            abort();
        snprintf(file, sizeof file, "%s/file", top);
        snprintf(directory, sizeof directory, "%s/tmp", top);
        snprintf(map, sizeof map, "%s/tmp/perf-1.map", top);
        fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || mkdir(directory, 0700) != 0 || link(file, map) != 0 ||
            atexit(remove_top) != 0)
            abort();
    }
    if (ftruncate(fd, 0) != 0 || pwrite(fd, bytes.p, bytes.n, 0) != (ssize_t)bytes.n)
        abort();
}

static bool find_mapping(void *context, uint64_t address, struct unwind_mapping *mapping)
{
    *mapping = (struct unwind_mapping){0, UINT64_MAX, 0, context};
    return address < UINT64_C(1) << 40;
}

/* A stack of small numbers. */
static void check_stack(struct images *images, struct image *image, str text)
{
    struct unwinder *unwinder = unwinder_open(images);
    uint64_t registers[33], words[STACK_SIZE / 8], addresses[FRAMES_MOST];
    for (enum unwind_machine machine = UNWIND_X86_64; machine <= UNWIND_ARM64; machine++) {
        for (uint64_t i = 0; i < 33; i++)
            registers[i] = 0x1000 + 8 * i;
        for (uint64_t i = 0; i < STACK_SIZE / 8; i++)
            words[i] = i % 3 == 0 ? 0x1000 + 8 * i : 0x80 + 5 * i;
        struct unwind_stack stack = {
            machine, (UINT64_C(1) << 33) - 1, registers, (const char *)words, sizeof words, 0};
        size_t n = unwinder ? unwinder_frames(unwinder, &stack, find_mapping, image, addresses,
                                              FRAMES_MOST)
                            : 0;
        if (n > FRAMES_MOST)
            fuzz_wrong("more frames than there is room", text);
    }
}

static void check_names(struct image *image, str text, uint64_t from)
{
    struct image_symbol first[64];
    for (uint64_t i = 0; i < 64; i++)
        first[i] = image_symbol(image, from + i * 24);
    for (uint64_t i = 64; i-- > 0;) {
        struct image_symbol again = image_symbol(image, from + i * 24);
        if (!str_equal(first[i].name, again.name) || !str_equal(first[i].module, again.module))
            fuzz_wrong("an address has two names", text);
    }
    image_symbol(image, UINT64_MAX);
}

/* Functions that were inlined, in any order of addresses. */
static void check_inlined(struct image *image, str text)
{
    const struct read_inline_frame *frames;
    for (uint64_t i = 0; i < 32; i++) {
        size_t n = image_inlined(image, 0x200 + i * 7 % 32 * 16, true, &frames);
        for (size_t k = 0; k < n; k++)
            if (frames[k].function.n == 0)
                fuzz_wrong("a function without a name", text);
    }
}

static void check_demangled(struct heap *heap, str text)
{
    str line;
    size_t at = 0;
    struct strbuf out = {.heap = heap}, name = {.heap = heap};
    while (str_next_line(text, &at, &line)) {
        strbuf_set(&name, str_head(line, str_find(line, '\0', 0)));
        strbuf_add(&name, str_of("", 1));
        strbuf_clear(&out);
#if HAVE_LIBDW
        if (demangle_name(&out, name.bytes.at) ? out.bytes.n == 0 : out.bytes.n > 0)
            fuzz_wrong("part of a name", line);
#endif
    }
}

static bool check_all(struct heap *heap, void *arg)
{
    str text = *(const str *)arg;
    char kind = text.n > 0 ? text.p[0] : 'e';
    struct images_options options = {.symfs = str_from_c(top)};
    struct image_key key = {.path = STR("/file")};
#if HAVE_LIBDW
    options.files = &image_files_libdw;
#endif
    text = text.n > 0 ? str_skip(text, 1) : text;
    if (kind == 'd') {
        check_demangled(heap, text);
        return true;
    }
    write_file(text);
    options.kallsyms = str_from_c(file);
    struct images *images = images_open(heap, &options);
    if (kind == 'm') {
        check_names(images_perf_map(images, 1), text, 0x1000);
    } else if (kind == 'k') {
        struct image *kernel = images_kernel(images, &key, STR("_text"), 0x1000);
        check_names(kernel, text, 0x1000);
        check_names(images_module(images, 0x2000, &key), text, 0x1000);
    } else {
        struct image *image = images_file(images, &key);
        check_names(image, text, 0x80);
        check_stack(images, image, text);
        check_inlined(image, text);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = str_of((const char *)data, size);
    heaps_run(check_all, &text);
    return 0;
}
