/* SPDX-License-Identifier: MIT */
/*
 * elf_units: the unit of an address. Units follow one another, and libdw reads them in this order,
 * so it does not notice that later ones are not unpacked yet.
 */
#include "core/heap.h"

#if HAVE_LIBDW

#include <dwarf.h>
#include <stdlib.h>

#include "format/elf/elf_debug.h"
#include "format/perf_data/perf_record.h"

/* A smaller unit has no room for a function with an inlined one, so its ranges are left out. The
 * units of libc's assembler are that small. They have many samples and are far from the start: to
 * reach them, much would be unpacked for nothing. */
enum { UNIT_LEAST = 64 };

/* The unit before, and its first range. */
struct last_unit {
    uint64_t unit;
    size_t first;
};

static int compare_ranges(const void *a, const void *b)
{
    const struct unit_range *x = a, *y = b;
    return x->low < y->low ? -1 : x->low > y->low;
}

static void add_unit_range(struct elf_debug *debug, uint64_t low, uint64_t high, uint64_t unit)
{
    struct unit_range range = {low, high, unit};
    if (low < high)
        vec_push(debug->heap, &debug->ranges, range);
}

/* The ranges of a unit: DWARF 5, section 6.1.2. */
static void read_unit_ranges(struct elf_debug *debug, struct perf_bytes set, const char *start,
                             bool wide, struct last_unit *last)
{
    uint64_t values[2] = {0, 0};
    perf_take(&set, 2); /* version */
    uint64_t unit = wide ? perf_take64(&set) : perf_take32(&set);
    if (unit > last->unit && unit - last->unit < UNIT_LEAST)
        debug->ranges.n = last->first;
    *last = (struct last_unit){unit, debug->ranges.n};
    const char *sizes = perf_take(&set, 2); /* of an address, of a segment */
    if (!sizes || (sizes[0] != 4 && sizes[0] != 8) || sizes[1] != 0)
        return;
    size_t pair = 2 * (size_t)sizes[0], skipped = (size_t)(set.at - start) % pair;
    perf_take(&set, skipped > 0 ? pair - skipped : 0);
    while (perf_bytes_left(&set) >= pair) {
        for (size_t i = 0; i < 2; i++)
            values[i] = sizes[0] == 8 ? perf_take64(&set) : perf_take32(&set);
        if (values[0] == 0 && values[1] == 0)
            return;
        if (values[1] <= UINT64_MAX - values[0])
            add_unit_range(debug, values[0], values[0] + values[1], unit);
    }
}

/* .debug_aranges, which says where a unit is without .debug_info. */
static void read_ranges(struct elf_debug *debug, struct perf_bytes bytes)
{
    struct last_unit last = {0, 0};
    while (perf_bytes_left(&bytes) > 0) {
        const char *start = bytes.at;
        uint64_t length = perf_take32(&bytes);
        bool wide = length == UINT32_MAX;
        if (wide)
            length = perf_take64(&bytes);
        struct perf_bytes set = bytes;
        if (!perf_take(&bytes, length))
            return;
        set.end = bytes.at;
        read_unit_ranges(debug, set, start, wide, &last);
    }
}

static void sort_ranges(struct elf_debug *debug)
{
    if (debug->ranges.n > 0)
        qsort(debug->ranges.at, debug->ranges.n, sizeof debug->ranges.at[0], compare_ranges);
}

void elf_units_load(struct elf_debug *debug)
{
    GElf_Ehdr head;
    str bytes = elf_debug_section(debug, ".debug_aranges");
    bool big = gelf_getehdr(debug->file->elf, &head) && head.e_ident[EI_DATA] == ELFDATA2MSB;
    read_ranges(debug, (struct perf_bytes){bytes.p, str_at(bytes, bytes.n), .big = big});
    sort_ranges(debug);
}

/* clang writes no .debug_aranges. */
static void load_from_info(struct elf_debug *debug)
{
    Dwarf_Off unit = 0, next;
    Dwarf_Die die;
    size_t head;
    debug->loaded = true;
    elf_debug_grow(debug, debug->size);
    for (; debug->dwarf && dwarf_nextcu(debug->dwarf, unit, &next, &head, NULL, NULL, NULL) == 0;
         unit = next) {
        Dwarf_Addr base, low, high;
        ptrdiff_t at = 0;
        if (dwarf_offdie(debug->dwarf, unit + head, &die))
            while ((at = dwarf_ranges(&die, at, &base, &low, &high)) > 0)
                add_unit_range(debug, low, high, unit);
    }
    sort_ranges(debug);
}

/* Whether the unit refers to other units: libdw finds these only if they are unpacked. */
static bool refers_to_others(Dwarf_Die *unit)
{
    size_t length, count;
    Dwarf_Off ignored;
    Dwarf_Abbrev *abbrev;
    unsigned name, form;
    for (Dwarf_Off at = 0; (abbrev = dwarf_getabbrev(unit, at, &length)) != NULL; at += length) {
        if (abbrev == DWARF_END_ABBREV || dwarf_getattrcnt(abbrev, &count) != 0)
            return false;
        for (size_t i = 0; i < count; i++)
            if (dwarf_getabbrevattr(abbrev, i, &name, &form, &ignored) == 0 &&
                (form == DW_FORM_ref_addr || form == DW_FORM_ref_sig8))
                return true;
    }
    return false;
}

static bool read_unit(struct elf_debug *debug, uint64_t at, Dwarf_Die *unit)
{
    Dwarf_Off next;
    size_t head;
    return debug->dwarf && dwarf_nextcu(debug->dwarf, at, &next, &head, NULL, NULL, NULL) == 0 &&
           dwarf_offdie(debug->dwarf, at + head, unit);
}

/* The bytes of the unit at that place, whose length is at its start. */
static uint64_t unit_length(const struct elf_debug *debug, uint64_t at)
{
    struct perf_bytes head = {debug->copy.at + debug->info, debug->copy.at + debug->copy.n,
                              .big = PERF_HOST_IS_BIG};
    perf_take(&head, at);
    uint64_t length = perf_take32(&head);
    return length == UINT32_MAX ? perf_take64(&head) + 12 : length + 4;
}

/* Unpack a unit, and what it refers to. */
static bool open_unit(struct elf_debug *debug, uint64_t at, Dwarf_Die *unit)
{
    enum { LENGTH = 12 };
    if (debug->packed_info && at < debug->size) {
        elf_debug_grow(debug, at + LENGTH);
        uint64_t length = unit_length(debug, at);
        elf_debug_grow(debug, length < debug->size - at ? at + length : debug->size);
    }
    if (!read_unit(debug, at, unit))
        return false;
    if (!debug->packed_info || !refers_to_others(unit))
        return true;
    elf_debug_grow(debug, debug->size);
    return read_unit(debug, at, unit);
}

bool elf_debug_unit(struct elf_debug *debug, uint64_t address, Dwarf_Die *unit)
{
    if (debug->ranges.n == 0 && !debug->loaded)
        load_from_info(debug);
    size_t low = 0, high = debug->ranges.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (debug->ranges.at[middle].low <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && address < debug->ranges.at[low - 1].high &&
           open_unit(debug, debug->ranges.at[low - 1].unit, unit);
}

#endif
