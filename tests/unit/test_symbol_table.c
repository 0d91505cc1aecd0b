/* SPDX-License-Identifier: MIT */
/*
 * test_symbol_table: each address belongs to the symbol that a look at all of them finds.
 */
#include "dice.h"
#include "format/perf_data/symbol_table.h"
#include "heaps.h"
#include "tap.h"

enum { SYMBOLS_MOST = 40, SPACE = 120, ROUNDS = 3000 };

struct trial {
    uint64_t seed;
    enum symbol_rule rule;
    size_t n;
    struct symbol symbols[SYMBOLS_MOST];
    char names[SYMBOLS_MOST][8];
};

/* ---- the slow way ---------------------------------------------------------------------------- */

/* Where a symbol ends, as the table says it. */
static uint64_t end_of(const struct trial *trial, size_t i)
{
    const struct symbol *symbol = &trial->symbols[i];
    uint64_t end = UINT64_MAX;
    if (symbol->end > symbol->start)
        return symbol->end;
    for (size_t j = 0; j < trial->n; j++)
        if (trial->symbols[j].start > symbol->start && trial->symbols[j].start < end)
            end = trial->symbols[j].start;
    return end < UINT64_MAX ? end : (symbol->start + 4095) / 4096 * 4096 + 4096;
}

static bool is_sized(const struct symbol *symbol)
{
    return symbol->end > symbol->start;
}

static int underscores(const char *name)
{
    return (int)strspn(name, "_");
}

static bool beats(const struct symbol *a, const struct symbol *b)
{
    int weak = (a->flags & SYMBOL_WEAK) != 0, global = (a->flags & SYMBOL_GLOBAL) != 0;
    int other_weak = (b->flags & SYMBOL_WEAK) != 0, other_global = (b->flags & SYMBOL_GLOBAL) != 0;
    if (is_sized(a) != is_sized(b))
        return is_sized(b);
    if (weak != other_weak)
        return weak;
    if (global != other_global)
        return other_global;
    if (underscores(a->name) != underscores(b->name))
        return underscores(b->name) < underscores(a->name);
    return strlen(b->name) > strlen(a->name);
}

/* The best symbol at the start of symbol i. */
static size_t best_of_start(const struct trial *trial, size_t i)
{
    size_t best = SYMBOLS_MOST;
    for (size_t j = 0; j < trial->n; j++)
        if (trial->symbols[j].start == trial->symbols[i].start &&
            (best == SYMBOLS_MOST || beats(&trial->symbols[best], &trial->symbols[j])))
            best = j;
    return best;
}

static bool counts_more(const struct symbol *a, const struct symbol *b)
{
    if (is_sized(a) != is_sized(b))
        return is_sized(a);
    return a->start > b->start;
}

static const char *name_at(const struct trial *trial, uint64_t address)
{
    size_t found = SYMBOLS_MOST;
    for (size_t i = 0; i < trial->n; i++) {
        const struct symbol *symbol = &trial->symbols[i];
        bool later = trial->rule == SYMBOL_RULE_LATER;
        if (later ? address < symbol->start || address >= symbol->end
                  : best_of_start(trial, i) != i || address < symbol->start ||
                        address >= end_of(trial, i))
            continue;
        if (found == SYMBOLS_MOST || later || counts_more(symbol, &trial->symbols[found]))
            found = i;
    }
    return found < SYMBOLS_MOST ? trial->symbols[found].name : "";
}

/* ---- the same with the table ----------------------------------------------------------------- */

static bool compare(struct heap *heap, void *arg)
{
    struct trial *trial = arg;
    struct symbol_table table;
    bool same = true;
    symbol_table_init(&table, heap, NULL);
    for (size_t i = 0; i < trial->n; i++)
        vec_push(heap, &table.symbols, trial->symbols[i]);
    symbol_table_finish(&table, trial->rule);
    for (uint64_t address = 0; address < SPACE + 9000 && same;
         address += address < SPACE ? 1 : 89) {
        struct symbol *symbol = symbol_table_find(&table, address);
        str name = symbol ? symbol_table_name(&table, symbol) : STR("");
        const char *want = name_at(trial, address);
        same = str_equal(name, str_from_c(want));
        if (!same)
            diag("seed %" PRIu64 ", address %" PRIu64 ": %.*s, not %s", trial->seed, address,
                 (int)name.n, name.p, want);
    }
    return same;
}

static void draw(struct trial *trial, uint64_t *dice)
{
    trial->n = dice_below(dice, SYMBOLS_MOST);
    for (size_t i = 0; i < trial->n; i++) {
        struct symbol *symbol = &trial->symbols[i];
        uint64_t size = dice_below(dice, 4) == 0 ? 0 : dice_below(dice, dice_below(dice, 60) + 1);
        static const char *const starts[] = {"", "_", "__", "x"};
        snprintf(trial->names[i], sizeof trial->names[i], "%s%zu", starts[dice_below(dice, 4)], i);
        *symbol = (struct symbol){.start = dice_below(dice, SPACE), .name = trial->names[i]};
        symbol->end = symbol->start + size;
        symbol->flags = (unsigned)dice_below(dice, 3); /* local, global or weak */
    }
}

static void compare_rule(enum symbol_rule rule, const char *name)
{
    static struct trial trial;
    bool same = true;
    for (uint64_t seed = 1; seed <= ROUNDS && same; seed++) {
        uint64_t dice = seed;
        trial = (struct trial){.seed = seed, .rule = rule};
        draw(&trial, &dice);
        same = heaps_run(compare, &trial);
    }
    ok(same, "%d tables, %s", ROUNDS, name);
}

/* ---- the ends of the address space, and time ------------------------------------------------- */

static bool check_ends(struct heap *heap, void *arg)
{
    (void)arg;
    struct symbol_table table;
    symbol_table_init(&table, heap, NULL);
    ok(!symbol_table_find(&table, 5), "no table: no symbol");
    struct symbol high = {.start = UINT64_MAX - 10, .name = "high"}, zero = {.name = "zero"};
    vec_push(heap, &table.symbols, high);
    vec_push(heap, &table.symbols, zero);
    symbol_table_finish(&table, SYMBOL_RULE_INNERMOST);
    struct symbol *last = symbol_table_find(&table, UINT64_MAX - 1);
    is_str(last ? symbol_table_name(&table, last) : STR(""), STR("high"), "the last address");
    ok(symbol_table_find(&table, 0) && symbol_table_find(&table, 1u << 31), "from the first one");
    return true;
}

/* Each symbol around the next one, and all of one start. A search from symbol to symbol would take
 * minutes. */
static bool check_deep(struct heap *heap, void *arg)
{
    enum { MANY = 200000 };
    (void)arg;
    struct symbol_table table;
    size_t found = 0;
    symbol_table_init(&table, heap, NULL);
    for (uint64_t i = 0; i < MANY; i++) {
        struct symbol around = {.start = i, .end = 4 * MANY - i, .name = "around"};
        struct symbol aliased = {.start = 8 * MANY, .end = 8 * MANY + 8, .name = "alias"};
        vec_push(heap, &table.symbols, around);
        vec_push(heap, &table.symbols, aliased);
    }
    symbol_table_finish(&table, SYMBOL_RULE_INNERMOST);
    for (uint64_t i = 0; i < 9 * MANY; i++)
        found += symbol_table_find(&table, i) != NULL;
    is_u64(found, 4 * MANY + 8, "symbols in symbols, 200,000 deep");
    return true;
}

int main(void)
{
    compare_rule(SYMBOL_RULE_INNERMOST, "the innermost symbol");
    compare_rule(SYMBOL_RULE_LATER, "the later symbol");
    heaps_run(check_ends, NULL);
    heaps_run(check_deep, NULL);
    return done_testing();
}
