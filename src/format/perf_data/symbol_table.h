/* SPDX-License-Identifier: MIT */
/*
 * symbol_table: the symbol that an address belongs to.
 *
 *      symbols, in any order ──► symbol_table_finish() ──► pieces, sorted: address, symbol
 *
 * Symbols may overlap, and several may have one start. Each piece belongs to one of them, so that a
 * binary search finds it. Only names that an address asks for are demangled.
 */
#ifndef FLAMETREE_FORMAT_PERF_DATA_SYMBOL_TABLE_H
#define FLAMETREE_FORMAT_PERF_DATA_SYMBOL_TABLE_H

#include "core/heap.h"

enum symbol_flag {
    SYMBOL_GLOBAL = 1,
    SYMBOL_WEAK = 2,
    SYMBOL_PLT = 4,     /* a jump to the function of that name */
    SYMBOL_FINAL = 8,   /* the name is as it is shown, with its length in `n` */
    SYMBOL_CHOSEN = 16, /* the choice among those with its start is final */
    SYMBOL_UNSIZED = 32 /* the file gives no size: it may be a label in a function */
};

struct symbol {
    uint64_t start, end; /* start == end: up to the next symbol */
    const char *name;    /* with a NUL, or SYMBOL_FINAL */
    uint32_t n;
    unsigned flags; /* enum symbol_flag */
};

/* The rule for an address that is in several symbols. */
enum symbol_rule {
    /* the one with a size; then that with the last start; of one start, the better name */
    SYMBOL_RULE_INNERMOST,
    SYMBOL_RULE_LATER /* the one that was added later */
};

struct symbol_piece {
    uint64_t start;
    uint32_t symbol; /* index; UINT32_MAX: none */
};

/* Append the demangled name; false if `mangled` is not mangled. */
typedef bool symbol_demangle_fn(struct strbuf *out, const char *mangled);

struct symbol_table {
    struct heap *heap;
    symbol_demangle_fn *demangle; /* NULL: names are shown as they are */
    VEC(struct symbol) symbols;

    /* private */
    enum symbol_rule rule;
    VEC(struct symbol_piece) pieces;
    struct arena names;
    struct strbuf text;
};

void symbol_table_init(struct symbol_table *table, struct heap *heap, symbol_demangle_fn *demangle);

/* Call it after the last symbol, and before the first address. */
void symbol_table_finish(struct symbol_table *table, enum symbol_rule rule);

/* NULL: no symbol. */
struct symbol *symbol_table_find(struct symbol_table *table, uint64_t address);

/* The name as it is shown, valid as long as the heap. */
str symbol_table_name(struct symbol_table *table, struct symbol *symbol);

/* Where a symbol ends that has no size and no symbol after it. */
uint64_t symbol_page_after(uint64_t address);

struct sort_key {
    uint64_t value;
    uint32_t id;
};

/* Equal values keep their order. Returns `keys` or `spare`, which has room for as many. The 183,827
 * symbols of node 20 take 5 ms, and with qsort() 18 ms. */
struct sort_key *sort_keys(struct sort_key *keys, struct sort_key *spare, size_t n);

#endif
