/* SPDX-License-Identifier: MIT */
/*
 * kallsyms: the symbols of the kernel as text.
 *
 *      ffffffff81354870 T copy_process
 *      ffffffffc0a31000 t xfs_iext_get    [xfs]      (after a TAB)
 *
 * There are 120,000 lines and more, and few of them are asked for. So the text stays as it is, and
 * 16 bytes are kept for each line. Symbols have no sizes: each ends where the next one starts.
 */
#include "core/simd16.h"
#include "format/perf_data/image.h"
#include "format/perf_data/perf_record.h"

/* A line has 45 bytes on average. */
enum { LINE = 40 };

/* Functions and data, weak ones too. */
static bool is_wanted_type(char type)
{
    return memchr("twdbTWDB", type, 8) != NULL;
}

static bool is_kallsyms_sorted(const struct kallsyms *kallsyms)
{
    for (size_t i = 1; i < kallsyms->lines.n; i++)
        if (kallsyms->lines.at[i].value < kallsyms->lines.at[i - 1].value)
            return false;
    return true;
}

/* Symbols of modules and of BPF programs are not in the order of their addresses. */
static void sort_lines(struct heap *heap, struct kallsyms *kallsyms)
{
    size_t n = kallsyms->lines.n;
    if (is_kallsyms_sorted(kallsyms))
        return;
    struct sort_key *spare = heap_alloc(heap, n + 1, sizeof *spare), *keys = kallsyms->lines.at;
    if (sort_keys(keys, spare, n) == spare)
        memcpy(keys, spare, n * sizeof *keys);
    heap_free(heap, spare);
}

/* The number of 8 digits, of which each byte has one, the first one lowest. */
static uint64_t join_digits(uint64_t digits)
{
    digits = (digits << 4 | digits >> 8) & UINT64_C(0x00ff00ff00ff00ff);
    digits = (digits << 8 | digits >> 16) & UINT64_C(0x0000ffff0000ffff);
    return (digits << 16 | digits >> 32) & UINT32_MAX;
}

/* 16 digits; false if they are fewer. */
static bool read_digits(const char *p, uint64_t *address)
{
    bytes16 c = simd16_load(p);
    bytes16 digit = (bytes16)(c - '0' < 10), letter = (bytes16)((c | 32) - 'a' < 6);
    bytes16 values = (c & 15) + (letter & 9);
    char bytes[16];
    memcpy(bytes, &values, sizeof bytes);
    *address = join_digits(perf_load64(bytes, false)) << 32 |
               join_digits(perf_load64(bytes + 8, false));
    return simd16_all(digit | letter);
}

/* The number of digits that the line starts with; 0: it has no address. */
static size_t take_address(str line, uint64_t *address)
{
    size_t n = 0;
    if (line.n > 16 && line.p[16] == ' ' && read_digits(line.p, address))
        return 16;
    *address = 0;
    for (; n < line.n && is_hex(line.p[n]); n++)
        *address = *address << 4 | hex_digit(line.p[n]);
    return n > 16 ? 0 : n;
}

bool kallsyms_read(struct kallsyms *kallsyms, struct heap *heap, str text)
{
    str line;
    size_t at = 0;
    uint64_t any = 0;
    *kallsyms = (struct kallsyms){.text = text};
    vec_reserve(heap, &kallsyms->lines, text.n / LINE);
    while (str_next_line(text, &at, &line)) {
        uint64_t address;
        size_t n = take_address(line, &address);
        if (n == 0 || n + 3 >= line.n || line.p[n] != ' ' || line.p[n + 2] != ' ' ||
            !is_wanted_type(line.p[n + 1]))
            continue;
        any |= address;
        struct sort_key key = {address, (uint32_t)(line.p + n + 3 - text.p)};
        vec_push(heap, &kallsyms->lines, key);
    }
    sort_lines(heap, kallsyms);
    return any != 0;
}

/* "name", or "name\t[module]" */
static str line_name(const struct kallsyms *kallsyms, size_t line)
{
    size_t at = kallsyms->lines.at[line].id;
    str name = {0};
    str_next_line(kallsyms->text, &at, &name);
    return name;
}

static str line_module(const struct kallsyms *kallsyms, size_t line)
{
    str name = line_name(kallsyms, line);
    return str_skip(name, str_find(name, '\t', 0));
}

bool kallsyms_address(const struct kallsyms *kallsyms, str name, uint64_t *address)
{
    for (size_t i = 0; i < kallsyms->lines.n; i++) {
        if (!str_equal(line_name(kallsyms, i), name))
            continue;
        *address = kallsyms->lines.at[i].value;
        return true;
    }
    return false;
}

str kallsyms_find(const struct kallsyms *kallsyms, uint64_t address)
{
    const struct sort_key *lines = kallsyms->lines.at;
    size_t low = 0, high = kallsyms->lines.n; /* the line is before `high` */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lines[middle].value <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return STR("");
    /* After the last symbol, and between two modules, there may be anything. */
    if (address >= symbol_page_after(lines[low - 1].value) &&
        (low == kallsyms->lines.n ||
         !str_equal(line_module(kallsyms, low - 1), line_module(kallsyms, low))))
        return STR("");
    return line_name(kallsyms, low - 1);
}
