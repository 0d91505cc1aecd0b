/* SPDX-License-Identifier: MIT */
/*
 * test_fold_names: names that differ between runs become one, and others stay what they are.
 */
#include "transform/filter.h"
#include "transform/renames.h"

#include "heaps.h"
#include "stacks.h"
#include "tap.h"

struct fold_case {
    const char *name, *want;
};

static const struct fold_case folded_names[] = {
    {"f+0x7f1c", "f+0x..."},
    {"0x1f", "0x..."},
    {"0x", "0x"},
    {"[libx.so <7f6d2>]", "[libx.so <...>]"},
    {"Shop$$Lambda$74/0x00007f118400d3d0.compare", "Shop$$Lambda.compare"},
    {"A$$Lambda$469/1523457748.get", "A$$Lambda.get"},
    {"A$$Lambda/0x0000000800c03000.run", "A$$Lambda.run"},
    {"A$$Lambda$get", "A$$Lambda$get"},
    {"java.lang.invoke.LambdaForm$MH/0x0000000801.invoke", "java.lang.invoke.LambdaForm$MH.invoke"},
    {"jdk.proxy2.$Proxy12.find", "jdk.proxy2.$Proxy.find"},
    {"GeneratedMethodAccessor42.invoke", "GeneratedMethodAccessor.invoke"},
    {"core::ptr::drop_in_place::h0123456789abcdef", "core::ptr::drop_in_place"},
    {"core::f::h0123456789abcde", "core::f::h0123456789abcde"},
    {"a::h0123456789abcdef0", "a::h0123456789abcdef0"},
    {"alloc[a1b2c3d4e5f60718]::vec::push", "alloc::vec::push"},
    {"operator[](int)", "operator[](int)"},
    {"main.Map[deadbeef]", "main.Map"},
    {"msort_with_tmp.part.0", "msort_with_tmp"},
    {"f.isra.0.part.1.cold", "f"},
    {"f.constprop.12", "f"},
    {"f.lto_priv.0", "f"},
    {"f.llvm.1234567890", "f"},
    {".part.0", ".part.0"},
    {"net/http.(*Client).Do", "net/http.(*Client).Do"},
    {"f(int) [clone .constprop.0]", "f(int)"},
    {"f(int) [clone .isra.0] [clone .cold]", "f(int)"},
    {"memcpy@@GLIBC_2.14", "memcpy"},
    {"f@plt", "f"},
    {"user@example.com: hi", "user@example.com: hi"},
    {"[libkmod.so.2.3.6]", "[libkmod.so]"},
    {"[libc-2.31.so]", "[libc.so]"},
    {"[python3.11]", "[python3]"},
    {"[jitted-1234-56.so]", "[jitted.so]"},
    {"[perf-19982.map]", "[perf.map]"},
    {"[[JIT] tid 19982]", "[[JIT] tid]"},
    {"[unknown]", "[unknown]"},
    {"native_safe_halt_[k]", "native_safe_halt_[k]"},
    {"exc.cold_[k]", "exc_[k]"},
    {"worker_12", "worker_12"},
    {"sha256_block", "sha256_block"},
    {"", ""},
};

static const struct fold_case processes[] = {
    {"worker_12", "worker_N"},
    {"java-7708/7744", "java-N/N"},
    {"pool_7_worker", "pool_N_worker"},
    {"postgres", "postgres"},
};

static const struct fold_case hex_names[] = {
    {"f+0x7f1c", "f+0x..."},          {"a_0x", "a_0x"},     {"0x", "0x"}, {"0xg", "0xg"},
    {"x0x1f0x2_[k]", "x0x...x2_[k]"}, {"f.cold", "f.cold"},
};

static void test_set(struct heap *heap, enum rename_set set, const struct fold_case *cases,
                     size_t n)
{
    struct name_rules rules = {.heap = heap};
    struct arena arena;
    struct err err = {0};
    arena_init(&arena, heap);
    ok(rename_add_rules(&rules, set, &err), "the rules are valid");
    for (size_t i = 0; i < n; i++) {
        str text = str_from_c(cases[i].name);
        ok(rename_text(&rules, &text, &arena, &err), "%s is no problem", cases[i].name);
        is_str(text, str_from_c(cases[i].want), "%s", cases[i].name);
    }
    name_rules_end(&rules);
    arena_end(&arena);
}

static bool test_names(struct heap *heap, void *arg)
{
    (void)arg;
    test_set(heap, RENAME_FUNCTIONS, folded_names, sizeof folded_names / sizeof folded_names[0]);
    test_set(heap, RENAME_PROCESSES, processes, sizeof processes / sizeof processes[0]);
    test_set(heap, RENAME_HEX, hex_names, sizeof hex_names / sizeof hex_names[0]);
    return true;
}

static void add_marked(struct tree *tree, const char *name, char letter)
{
    char text[128];
    snprintf(text, sizeof text, letter ? "%s_[%c]" : "%s", name, letter);
    stacks_add(tree, text, 1);
}

/* Two trees of all names with each mark, and one of the names that --fold-names gives. */
static void make_marked(struct tree *folded, struct tree *renamed, struct tree *want)
{
    static const char letters[] = {'k', 'j', 'i', 'w', '\0'};
    for (size_t i = 0; i < sizeof folded_names / sizeof folded_names[0]; i++) {
        str name = str_from_c(folded_names[i].name);
        for (size_t m = 0; m < sizeof letters && name.n > 0 && !frame_from_text(name).marked; m++) {
            add_marked(folded, folded_names[i].name, letters[m]);
            add_marked(renamed, folded_names[i].name, letters[m]);
            add_marked(want, folded_names[i].want, letters[m]);
        }
    }
}

/* The rules of --fold-names, given to --rename. */
static bool test_marks(struct heap *heap, void *arg)
{
    struct name_rules rules = {.heap = heap};
    struct filter filter = {.heap = heap};
    struct tree folded, renamed, want;
    struct err err = {0};
    (void)arg;
    tree_init(&folded, heap, 1);
    tree_init(&renamed, heap, 1);
    tree_init(&want, heap, 1);
    make_marked(&folded, &renamed, &want);
    ok(rename_add_rules(&rules, RENAME_FUNCTIONS, &err) && rules.list.n == 9, "nine rules");
    for (size_t i = 0; i < rules.list.n; i++)
        ok(filter_add(&filter, FILTER_RENAME, rules.list.at[i].text, &err), "rule %zu", i);
    ok(filter_apply(&filter, &renamed, &err), "--rename");
    ok(rename_frames(&folded, RENAME_FUNCTIONS, false, &err), "--fold-names");
    struct caught texts[] = {stacks_fold(&want), stacks_fold(&renamed), stacks_fold(&folded)};
    is_str(caught_text(&texts[1]), caught_text(&texts[0]), "--rename keeps marks");
    is_str(caught_text(&texts[2]), caught_text(&texts[0]), "--fold-names keeps them, too");
    is_u64(filter.unused.n, 0, "each rule changes a name");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        caught_free(&texts[i]);
    filter_end(&filter);
    name_rules_end(&rules);
    tree_end(&folded);
    tree_end(&renamed);
    tree_end(&want);
    return true;
}

/* Endings, hashes and versions again and again, in a name that ends in none of them. */
static bool test_long_names(struct heap *heap, void *arg)
{
    static const char *const parts[] = {".part.0", ".cold", "@a", "@@a",  " [clone x]", "[clone ",
                                        " ",       "<",     "/0", "0x1",  "$$Lambda",   "Accessor",
                                        "::h0",    "[0123", "-1", "[a.1", "_["};
    enum { LENGTH = 400000 };
    struct name_rules rules = {.heap = heap};
    struct arena arena;
    struct err err = {0};
    char *name = heap_alloc(heap, LENGTH, 1);
    (void)arg;
    arena_init(&arena, heap);
    ok(rename_add_rules(&rules, RENAME_FUNCTIONS, &err), "the rules are valid");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t n = strlen(parts[i]);
        for (size_t at = 0; at < LENGTH; at++)
            name[at] = parts[i][at % n];
        str text = str_of(name, LENGTH);
        ok(name_rules_rename(&rules, &text, &arena, &err), "many of '%s': %s", parts[i],
           err.message);
    }
    name_rules_end(&rules);
    arena_end(&arena);
    heap_free(heap, name);
    return true;
}

static bool test_tree(struct heap *heap, void *arg)
{
    struct tree tree;
    struct err err = {0};
    (void)arg;
    tree_init(&tree, heap, 1);
    tree_set_sides(&tree);
    stacks_add_pair(&tree, "w_1;f.part.0;w_1", 1, 2);
    stacks_add_pair(&tree, "w_2;f;w_1", 0, 5);
    stacks_add_pair(&tree, "w_2;f.cold", 7, 0);
    ok(rename_frames(&tree, RENAME_FUNCTIONS, true, &err), "frames of a tree are renamed");
    is_folded(&tree, "w_N;f 7 0\nw_N;f;w_1 1 7\n", "stacks that are one now are added up");
    tree_end(&tree);
    is_u64(heap->used, 0, "all is freed");
    return true;
}

int main(void)
{
    heaps_run(test_names, NULL);
    heaps_run(test_marks, NULL);
    heaps_run(test_long_names, NULL);
    heaps_run(test_tree, NULL);
    return done_testing();
}
