/* SPDX-License-Identifier: MIT */
/*
 * test_unwind: stacks of this very program, copied as perf does, become the callers that it has.
 */
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "format/perf_data/images.h"
#include "heaps.h"
#include "tap.h"

#if HAVE_LIBDW && defined __x86_64__ && defined __linux__

enum { STACK_MOST = 65536, FRAMES_MOST = 127 };

struct copy {
    uint64_t registers[24];
    char stack[STACK_MOST];
    size_t size;
};

static struct copy copied;

/* perf's numbers of registers, from those of the system. This is a loop because the address
 * sanitizer does not look at it, as it would at memcpy(). */
__attribute__((no_sanitize("address"))) static void copy_here(const ucontext_t *context)
{
    static const int numbers[] = {REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI, REG_RDI,
                                  REG_RBP, REG_RSP, REG_RIP, -1,      -1,      -1,
                                  -1,      -1,      -1,      -1,      REG_R8,  REG_R9,
                                  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
    extern char **environ;
    for (size_t i = 0; i < 24; i++)
        copied.registers[i] = numbers[i] < 0 ? 0 : (uint64_t)context->uc_mcontext.gregs[numbers[i]];
    const char *from = (const char *)copied.registers[7];
    size_t whole = (size_t)((const char *)environ - from);
    copied.size = whole < STACK_MOST ? whole : STACK_MOST;
    for (size_t i = 0; i < copied.size; i++)
        copied.stack[i] = from[i];
}

/* ---- mappings -------------------------------------------------------------------------------- */

struct maps {
    struct images *images;
    size_t n;
    struct unwind_mapping list[200];
};

static void read_maps(struct maps *maps, struct images *images)
{
    char line[PATH_MAX + 100];
    FILE *file = fopen("/proc/self/maps", "r");
    maps->images = images;
    while (file && maps->n < 200 && fgets(line, sizeof line, file)) {
        unsigned long start, end, offset;
        char flags[5], path[PATH_MAX] = "";
        if (sscanf(line, "%lx-%lx %4s %lx %*s %*s %4095s", &start, &end, flags, &offset, path) < 4)
            continue;
        struct image_key key = {.path = str_from_c(path)};
        struct image *image = flags[2] == 'x' && path[0] == '/' ? images_file(images, &key) : NULL;
        struct unwind_mapping mapping = {start, end, offset, image};
        if (flags[2] == 'x')
            maps->list[maps->n++] = mapping;
    }
    if (file)
        fclose(file);
}

static bool find_mapping(void *context, uint64_t address, struct unwind_mapping *mapping)
{
    const struct maps *maps = context;
    for (size_t i = 0; i < maps->n; i++) {
        if (address < maps->list[i].start || address >= maps->list[i].end)
            continue;
        *mapping = maps->list[i];
        return true;
    }
    return false;
}

/* ---- functions to be found ------------------------------------------------------------------- */

#ifdef __clang__
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE __attribute__((noinline, noclone))
#endif

static volatile int calls;

NOINLINE static void take_copy(void)
{
    ucontext_t context;
    getcontext(&context);
    copy_here(&context);
    calls++;
}

NOINLINE static void with_array(int n)
{
    volatile char bytes[100];
    bytes[n] = 1;
    take_copy();
    calls += bytes[n];
}

NOINLINE static int recurse(int n)
{
    int more = n > 0 ? recurse(n - 1) : (with_array(3), 0);
    return more + calls;
}

static void handle_signal(int number, siginfo_t *info, void *context)
{
    (void)number, (void)info;
    (void)context;
    take_copy();
    calls++;
}

NOINLINE static void interrupted(void)
{
    raise(SIGUSR1);
    calls++;
}

static int compare_here(const void *a, const void *b)
{
    take_copy();
    calls++;
    return *(const int *)a - *(const int *)b;
}

NOINLINE static void call_qsort(void)
{
    int numbers[] = {2, 1};
    qsort(numbers, 2, sizeof numbers[0], compare_here);
    calls++;
}

/* Code without a name that keeps a frame pointer and calls its argument. */
NOINLINE static void call_made_code(void)
{
    static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3};
    void *made = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                      -1, 0);
    void (*call)(void (*)(void));
    if (made == MAP_FAILED)
        return;
    memcpy(made, code, sizeof code);
    memcpy(&call, &made, sizeof call);
    call(take_copy);
    calls++;
}

/* ---- checks ---------------------------------------------------------------------------------- */

/* The names of the frames, with blanks between them; "?" without a name. The return from a signal
 * handler has a name only where the debug package of the C library is installed. */
static void name_frames(struct heap *heap, struct strbuf *out)
{
    struct images_options options = {.files = &image_files_libdw};
    struct maps maps = {0};
    uint64_t addresses[FRAMES_MOST];
    struct images *images = images_open(heap, &options);
    read_maps(&maps, images);
    struct unwind_stack stack = {UNWIND_X86_64, 0xff01ff, NULL, copied.stack, copied.size, 0};
    uint64_t registers[24], n = 0;
    for (size_t i = 0; i < 24; i++)
        if (stack.mask >> i & 1)
            registers[n++] = copied.registers[i];
    stack.registers = registers;
    struct unwinder *unwinder = unwinder_open(images);
    size_t found = unwinder_frames(unwinder, &stack, find_mapping, &maps, addresses, FRAMES_MOST);
    for (size_t i = 0; i < found; i++) {
        struct unwind_mapping at;
        struct image_symbol symbol = {0};
        if (find_mapping(&maps, addresses[i], &at) && at.image)
            symbol = image_symbol(at.image, addresses[i] - at.start + at.offset);
        strbuf_add(out, i > 0 ? STR(" ") : STR(""));
        bool named = symbol.name.n > 0 && !str_equal(symbol.name, STR("__restore_rt"));
        strbuf_add(out, named ? symbol.name : STR("?"));
    }
}

struct expected {
    void (*run)(void);
    const char *name;
    const char *frames;
};

/* The start of the frames is as expected, and with less of the stack there are fewer of them. */
static bool check_frames(struct heap *heap, void *arg)
{
    const struct expected *expected = arg;
    struct strbuf whole = {.heap = heap}, part = {.heap = heap};
    name_frames(heap, &whole);
    str frames = strbuf_str(&whole), wanted = str_from_c(expected->frames);
    is_str(str_head(frames, wanted.n < frames.n ? wanted.n : frames.n), wanted, "%s",
           expected->name);
    bool starts = true;
    for (copied.size = 0; copied.size < 512; copied.size += 8) {
        strbuf_clear(&part);
        name_frames(heap, &part);
        starts &= str_starts(frames, strbuf_str(&part));
    }
    ok(starts, "%s, the stack cut at each word", expected->name);
    return true;
}

NOINLINE static void run_recurse(void)
{
    recurse(2);
    calls++;
}

NOINLINE static void run_checks(void)
{
    static struct expected list[] = {
        {run_recurse, "callers",
         "take_copy with_array recurse recurse recurse run_recurse "
         "run_checks main"},
        {call_qsort, "through the C library", "take_copy compare_here "},
        {interrupted, "a signal handler", "take_copy handle_signal ? "},
        {call_made_code, "through code without a file",
         "take_copy ? call_made_code run_checks "
         "main"},
    };
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        list[i].run();
        heaps_run(check_frames, &list[i]);
    }
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = handle_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    run_checks();
    return done_testing();
}

#else

int main(void)
{
    skip("stacks of this program", "it needs libdw and x86-64");
    return done_testing();
}

#endif
