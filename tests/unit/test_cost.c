/* SPDX-License-Identifier: MIT */
/*
 * What reading costs, in instructions, against a ceiling: a change that makes collapse slower shows
 * here before anybody measures time. Instructions of a sample are compared with those of a loop in
 * this very program, which hashes the bytes of the same samples one by one. valgrind counts, so the
 * ratio is the same in every run; two sizes are subtracted, so that what happens once does not
 * count.
 *
 *      test_cost read 500      reads the first 500 samples
 *      test_cost loop 500      hashes them
 */
#include "caught.h"
#include "dice.h"
#include "format/folded/folded.h"
#include "format/reader.h"
#include "heaps.h"
#include "tap.h"
#include "texts.h"

enum { SAMPLES = 5000, FEW = 1000 };

/* A tenth more than gcc 12 makes of it at -O2: 2.00. */
#define CEILING 2.2

#if defined __has_feature
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif

/* As in a recording of a system: few processes, deep stacks that start alike, some addresses
 * without a name, which are different each time. Returns the bytes of the first FEW samples. */
static size_t make_text(struct text *text)
{
    uint64_t seed = 7;
    size_t few = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t process = dice_below(&seed, 8), depth = 4 + dice_below(&seed, 8);
        if (i == FEW)
            few = text->n;
        put(text, "worker-%zu  %zu [%03zu]  %zu.%06zu:     200040 cpu-clock:pppH: \n", process,
            11000 + process, i % 2, 520 + i / 5000, i % 5000 * 200);
        for (size_t d = 0; d < depth; d++) {
            size_t f = d * 40 + dice_below(&seed, d < 3 ? 30 : 3);
            if (dice_below(&seed, 3) == 0)
                put(text, "\t%16zx [unknown] (/usr/lib/x86_64-linux-gnu/libdw.so)\n",
                    (size_t)(dice(&seed) >> 20));
            else
                put(text, "\tffffffff%08zx do_some_function_%zu+0x%zx ([kernel.kallsyms])\n",
                    0x81000000 + f * 512 + i % 4, f, i % 4);
        }
        put(text, "\n");
    }
    return few;
}

static bool drop(void *context, str bytes, struct err *err)
{
    (void)err;
    *(size_t *)context += bytes.n;
    return true;
}

static bool read_samples(struct heap *heap, void *arg)
{
    const str *text = arg;
    static const struct read_options options;
    struct profile profile;
    struct source source;
    struct sink sink;
    struct err err = {0};
    size_t written = 0;
    profile_init(&profile, heap, 42, false);
    struct reading reading = {.profile = &profile, .options = &options};
    source_open_memory(&source, "text", *text);
    if (!reading_add(&reading, &source, &err))
        return false;
    reading_finish(&reading);
    sink_open_callback(&sink, heap, drop, &written, &err);
    folded_write(&profile.tree, &sink);
    return sink_close(&sink) && written > 0;
}

/* Unrolled or not, the loop would be another one. */
static __attribute__((noinline)) uint64_t hash_slowly(str text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < text.n; i++) {
        hash = (hash ^ (unsigned char)text.p[i]) * UINT64_C(0x100000001b3);
        __asm__ volatile("" : "+r"(hash));
    }
    return hash;
}

static int do_one(const char *what, const char *count)
{
    struct text text = {malloc(TEXT_ROOM), 0};
    if (!text.p)
        return 1;
    size_t few = make_text(&text);
    str part = str_of(text.p, strtol(count, NULL, 10) == FEW ? few : text.n);
    bool good = strcmp(what, "loop") == 0 ? hash_slowly(part) != 0 : heaps_run(read_samples, &part);
    free(text.p);
    return !good;
}

/* What valgrind counts; 0 when it cannot. */
static double count(const char *self, const char *what, int samples)
{
    char line[600];
    double found = 0;
    snprintf(line, sizeof line,
             "valgrind --tool=callgrind --callgrind-out-file=/dev/null '%s' %s %d 2>&1", self, what,
             samples);
    FILE *pipe = popen(line, "r");
    while (pipe && fgets(line, sizeof line, pipe)) {
        const char *at = strstr(line, "Collected : ");
        if (at)
            found = strtod(at + 12, NULL);
    }
    if (!pipe || pclose(pipe) != 0)
        return 0;
    return found;
}

static double per_sample(const char *self, const char *what)
{
    double few = count(self, what, FEW), all = count(self, what, SAMPLES);
    return few > 0 && all > few ? (all - few) / (SAMPLES - FEW) : 0;
}

static const char *why_not(void)
{
#if defined __SANITIZE_ADDRESS__ || HAS_FEATURE(address_sanitizer) || \
    defined __SANITIZE_THREAD__ || HAS_FEATURE(thread_sanitizer)
    return "sanitizers add instructions";
#elif !defined __OPTIMIZE__
    return "the compiler was told not to optimise";
#elif !defined __x86_64__
    return "the ceiling is of x86-64";
#else
    return count("/bin/true", "", 0) > 0 ? NULL : "valgrind is missing";
#endif
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return do_one(argv[1], argv[2]);
    const char *why = why_not();
    if (why) {
        skip("instructions per sample", why);
        return done_testing();
    }
    double read = per_sample(argv[0], "read"), loop = per_sample(argv[0], "loop");
    diag("%.0f instructions per sample, %.0f in the loop, ratio %.3f", read, loop,
         loop > 0 ? read / loop : 0);
    ok(read > 0 && loop > 0, "valgrind counts");
    ok(loop > 0 && read / loop <= CEILING, "reading a sample is at most %.2f of the loop", CEILING);
    return done_testing();
}
