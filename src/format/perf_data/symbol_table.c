/* SPDX-License-Identifier: MIT */
/*
 * symbol_table: symbols that overlap become pieces that do not. The symbols are taken from the one
 * that counts most to the one that counts least, and each gets what is left of its range:
 *
 *      counts most        ┌──┐          cells are bounded by all starts and ends, sorted;
 *      counts less     ┌─────────┐      left[] leads from a cell to the next one that is free
 *      pieces          │  │  │   │
 *
 * The paths in left[] are shortened on the way, so that only the sort takes more than linear time.
 */
#include "format/perf_data/symbol_table.h"

enum { PAGE = 4096 };

#define NO_SYMBOL UINT32_MAX

void symbol_table_init(struct symbol_table *table, struct heap *heap, symbol_demangle_fn *demangle)
{
    *table = (struct symbol_table){.heap = heap, .demangle = demangle, .text = {.heap = heap}};
    arena_init(&table->names, heap);
}

/* ---- sorting --------------------------------------------------------------------------------- */

/* Move the keys to `to`, ordered by one byte of their values. */
static void sort_by_byte(const struct sort_key *keys, size_t n, struct sort_key *to, unsigned shift)
{
    size_t at[256] = {0}, sum = 0;
    for (size_t i = 0; i < n; i++)
        at[(keys[i].value >> shift) & 255]++;
    for (size_t i = 0; i < 256; i++) {
        size_t count = at[i];
        at[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[at[(keys[i].value >> shift) & 255]++] = keys[i];
}

struct sort_key *sort_keys(struct sort_key *keys, struct sort_key *spare, size_t n)
{
    uint64_t differences = 0;
    for (size_t i = 1; i < n; i++)
        differences |= keys[i].value ^ keys[0].value;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if ((differences >> shift & 255) == 0)
            continue;
        sort_by_byte(keys, n, spare, shift);
        struct sort_key *sorted = spare;
        spare = keys;
        keys = sorted;
    }
    return keys;
}

static bool is_sorted(const struct symbol_table *table)
{
    for (size_t i = 1; i < table->symbols.n; i++)
        if (table->symbols.at[i].start < table->symbols.at[i - 1].start)
            return false;
    return true;
}

static void sort_symbols(struct symbol_table *table)
{
    size_t n = table->symbols.n;
    if (is_sorted(table))
        return;
    struct sort_key *keys = heap_alloc(table->heap, 2 * n + 1, sizeof *keys);
    struct symbol *symbols = heap_alloc(table->heap, n + 1, sizeof *symbols);
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){table->symbols.at[i].start, (uint32_t)i};
    const struct sort_key *sorted = sort_keys(keys, keys + n, n);
    for (size_t i = 0; i < n; i++)
        symbols[i] = table->symbols.at[sorted[i].id];
    heap_free(table->heap, table->symbols.at);
    heap_free(table->heap, keys);
    table->symbols.at = symbols;
    table->symbols.cap = n + 1;
}

/* ---- symbols without a size ------------------------------------------------------------------ */

static size_t find_group_end(const struct symbol_table *table, size_t from)
{
    size_t to = from + 1;
    while (to < table->symbols.n && table->symbols.at[to].start == table->symbols.at[from].start)
        to++;
    return to;
}

/* Symbols without a size do not count at a start where one has a size. */
static void drop_unsized(struct symbol_table *table)
{
    struct symbol *symbols = table->symbols.at;
    size_t kept = 0;
    for (size_t from = 0, next; from < table->symbols.n; from = next) {
        bool sized = false;
        next = find_group_end(table, from);
        for (size_t i = from; i < next; i++)
            sized |= symbols[i].end > symbols[i].start;
        for (size_t i = from; i < next; i++)
            if (!sized || symbols[i].end > symbols[i].start)
                symbols[kept++] = symbols[i];
    }
    table->symbols.n = kept;
}

uint64_t symbol_page_after(uint64_t address)
{
    uint64_t most = UINT64_MAX - 2 * PAGE;
    return address > most ? UINT64_MAX : (address + PAGE - 1) / PAGE * PAGE + PAGE;
}

static void set_ends(struct symbol_table *table)
{
    const struct symbol *next = NULL, *after = NULL; /* the symbol at the next start */
    for (size_t i = table->symbols.n; i-- > 0;) {
        struct symbol *symbol = &table->symbols.at[i];
        if (after && after->start != symbol->start)
            next = after;
        after = symbol;
        if (symbol->end > symbol->start)
            continue;
        symbol->end = next ? next->start : symbol_page_after(symbol->start);
        symbol->flags |= SYMBOL_UNSIZED;
    }
}

/* ---- several symbols at one start ------------------------------------------------------------ */

static size_t leading_underscores(str name)
{
    size_t n = 0;
    while (n < name.n && name.p[n] == '_')
        n++;
    return n;
}

/* Whether the later symbol has the better name of the two. */
static bool is_better(struct symbol_table *table, struct symbol *a, struct symbol *b)
{
    if ((a->flags ^ b->flags) & SYMBOL_WEAK)
        return a->flags & SYMBOL_WEAK;
    if ((a->flags ^ b->flags) & SYMBOL_GLOBAL)
        return b->flags & SYMBOL_GLOBAL;
    str name = symbol_table_name(table, a), other = symbol_table_name(table, b);
    size_t lines = leading_underscores(name), other_lines = leading_underscores(other);
    if (lines != other_lines)
        return other_lines < lines;
    return other.n > name.n;
}

/* Exchange the best of symbols[from, to), which have one start, with the first. */
static void choose_symbol(struct symbol_table *table, size_t from, size_t to)
{
    struct symbol *symbols = table->symbols.at;
    size_t best = from;
    for (size_t i = from + 1; i < to; i++)
        if (is_better(table, &symbols[best], &symbols[i]))
            best = i;
    struct symbol chosen = symbols[best];
    symbols[best] = symbols[from];
    symbols[from] = chosen;
    symbols[from].flags |= SYMBOL_CHOSEN;
}

/* ---- pieces ---------------------------------------------------------------------------------- */

/* The ranges, those that count most last. */
struct ranges {
    VEC(struct symbol_piece) starts; /* with their symbols */
    VEC(uint64_t) ends;
};

static void add_range(struct symbol_table *table, struct ranges *ranges, size_t symbol)
{
    struct symbol_piece start = {table->symbols.at[symbol].start, (uint32_t)symbol};
    vec_push(table->heap, &ranges->starts, start);
    vec_push(table->heap, &ranges->ends, table->symbols.at[symbol].end);
}

/* Add a range for each start whose symbols have a size (`sized`) or have none. If several symbols
 * start there, the best one is chosen now only if their ends differ. */
static void add_best_ranges(struct symbol_table *table, struct ranges *ranges, bool sized)
{
    const struct symbol *symbols = table->symbols.at;
    for (size_t from = 0, next; from < table->symbols.n; from = next) {
        next = find_group_end(table, from);
        if (!(symbols[from].flags & SYMBOL_UNSIZED) != sized)
            continue;
        for (size_t i = from + 1; i < next; i++) {
            if (symbols[i].end == symbols[from].end)
                continue;
            choose_symbol(table, from, next);
            break;
        }
        add_range(table, ranges, from);
    }
}

/* The first cell at or after `cell` that has no symbol. */
static uint32_t find_free(uint32_t *left, uint32_t cell)
{
    uint32_t free = cell;
    while (left[free] != free)
        free = left[free];
    while (left[cell] != free) {
        uint32_t next = left[cell];
        left[cell] = free;
        cell = next;
    }
    return free;
}

/* Make a cell of each different start or end, and set first[] to the cells of the starts. */
static void make_cells(struct symbol_table *table, const struct ranges *ranges, uint32_t *first)
{
    size_t n = ranges->starts.n;
    struct sort_key *keys = heap_alloc(table->heap, 4 * n + 1, sizeof *keys);
    for (size_t i = 0; i < n; i++) {
        keys[i] = (struct sort_key){ranges->starts.at[i].start, (uint32_t)i};
        keys[n + i] = (struct sort_key){ranges->ends.at[i], NO_SYMBOL};
    }
    const struct sort_key *sorted = sort_keys(keys, keys + 2 * n, 2 * n);
    vec_reserve(table->heap, &table->pieces, 2 * n);
    for (size_t i = 0; i < 2 * n; i++) {
        if (i == 0 || sorted[i].value != sorted[i - 1].value)
            table->pieces.at[table->pieces.n++] = (struct symbol_piece){sorted[i].value, NO_SYMBOL};
        if (sorted[i].id != NO_SYMBOL)
            first[sorted[i].id] = (uint32_t)(table->pieces.n - 1);
    }
    heap_free(table->heap, keys);
}

static void give_cells(struct symbol_table *table, const struct ranges *ranges,
                       const uint32_t *first)
{
    struct symbol_piece *pieces = table->pieces.at;
    uint32_t *left = heap_alloc(table->heap, table->pieces.n + 1, sizeof *left);
    for (size_t i = 0; i <= table->pieces.n; i++)
        left[i] = (uint32_t)i;
    for (size_t i = ranges->starts.n; i-- > 0;) {
        uint32_t cell = find_free(left, first[i]);
        while (cell < table->pieces.n && pieces[cell].start < ranges->ends.at[i]) {
            pieces[cell].symbol = ranges->starts.at[i].symbol;
            left[cell] = cell + 1;
            cell = find_free(left, cell + 1);
        }
    }
    heap_free(table->heap, left);
}

/* Ranges that are in order and do not overlap are pieces. */
static bool make_simple_pieces(struct symbol_table *table, const struct ranges *ranges)
{
    size_t n = ranges->starts.n;
    const struct symbol_piece *starts = ranges->starts.at;
    for (size_t i = 1; i < n; i++)
        if (starts[i].start < ranges->ends.at[i - 1])
            return false;
    vec_reserve(table->heap, &table->pieces, 2 * n);
    for (size_t i = 0; i < n; i++) {
        struct symbol_piece after = {ranges->ends.at[i], NO_SYMBOL};
        table->pieces.at[table->pieces.n++] = starts[i];
        if (i + 1 == n || starts[i + 1].start > after.start)
            table->pieces.at[table->pieces.n++] = after;
    }
    return true;
}

static void make_pieces(struct symbol_table *table, const struct ranges *ranges)
{
    if (make_simple_pieces(table, ranges))
        return;
    uint32_t *first = heap_alloc(table->heap, ranges->starts.n + 1, sizeof *first);
    make_cells(table, ranges, first);
    give_cells(table, ranges, first);
    heap_free(table->heap, first);
}

void symbol_table_finish(struct symbol_table *table, enum symbol_rule rule)
{
    struct ranges ranges = {0};
    if (table->symbols.n > NO_SYMBOL / 4)
        heap_give_up(table->heap);
    table->rule = rule;
    if (rule == SYMBOL_RULE_LATER) {
        for (size_t i = 0; i < table->symbols.n; i++)
            if (table->symbols.at[i].end > table->symbols.at[i].start)
                add_range(table, &ranges, i);
    } else {
        sort_symbols(table);
        drop_unsized(table);
        set_ends(table);
        add_best_ranges(table, &ranges, false);
        add_best_ranges(table, &ranges, true);
    }
    make_pieces(table, &ranges);
    vec_free(table->heap, &ranges.starts);
    vec_free(table->heap, &ranges.ends);
}

/* ---- lookups --------------------------------------------------------------------------------- */

struct symbol *symbol_table_find(struct symbol_table *table, uint64_t address)
{
    size_t low = 0, high = table->pieces.n; /* the piece is before `high` */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->pieces.at[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || table->pieces.at[low - 1].symbol == NO_SYMBOL)
        return NULL;
    size_t symbol = table->pieces.at[low - 1].symbol;
    if (table->rule == SYMBOL_RULE_INNERMOST && !(table->symbols.at[symbol].flags & SYMBOL_CHOSEN))
        choose_symbol(table, symbol, find_group_end(table, symbol));
    return &table->symbols.at[symbol];
}

str symbol_table_name(struct symbol_table *table, struct symbol *symbol)
{
    if (!(symbol->flags & SYMBOL_FINAL)) {
        strbuf_clear(&table->text);
        if (!table->demangle || !table->demangle(&table->text, symbol->name))
            strbuf_set(&table->text, str_from_c(symbol->name));
        if (symbol->flags & SYMBOL_PLT)
            strbuf_add(&table->text, STR("@plt"));
        str name = strbuf_str(&table->text);
        name = arena_copy(&table->names, str_limit(name, UINT32_MAX));
        symbol->name = name.p;
        symbol->n = (uint32_t)name.n;
        symbol->flags |= SYMBOL_FINAL;
    }
    return str_of(symbol->name, symbol->n);
}
