/* SPDX-License-Identifier: MIT */
/*
 * bpftrace_maps: keys taken apart, and put together as stacks.
 */
#include "format/bpftrace/bpftrace.h"

/* ---- keys ---- */

static bool enters_kernel(str name)
{
    return str_starts_any(name, "entry_SYSCALL|asm_|ret_from_fork|do_syscall|__x64_sys|el0");
}

/* ADDRESS NAME+OFFSET (MODULE), of ustack(perf). */
static void take_perf_form(str *s, str *address, str *module)
{
    str rest = *s;
    size_t open = str_find_last(rest, '(');
    if (!dump_take_address(&rest, address) || str_trim(rest).n == 0)
        return;
    if (str_ends(rest, STR(")")) && open < s->n && open > 0 && s->p[open - 1] == ' ') {
        *module = str_cut(*s, open + 1, s->n - 1);
        rest = str_head(rest, rest.n - (s->n - open));
    }
    *s = str_trim(rest);
}

static unsigned limit_position(unsigned position)
{
    return position < MAP_POSITIONS ? position : MAP_POSITIONS - 1;
}

static void add_bpftrace_frame(struct bpftrace *bpf, struct bpftrace_map *map, unsigned position,
                               str line)
{
    str address = STR(""), s = str_trim(line);
    struct frame frame = {.module = STR("")};
    take_perf_form(&s, &address, &frame.module);
    if (str_starts(s, STR("0x")) || str_equal(s, STR("[unknown]"))) {
        dump_nameless_frame(&bpf->dump, STR(""), address.n > 0 ? address : str_skip(s, 2));
        return;
    }
    frame.name = dump_function_name(dump_cut_offset(s));
    map->entered[limit_position(position)] += enters_kernel(frame.name);
    dump_frame(&bpf->dump, &frame);
}

static void add_bpftrace_part(struct bpftrace *bpf, unsigned position, size_t first, bool is_stack)
{
    struct bpftrace_part part = {limit_position(position), first, bpf->dump.frames.n - first,
                                 is_stack};
    if (part.count > 0)
        vec_push(bpf->dump.builder->scratch, &bpf->parts, part);
}

/* The words of a key between stacks: "", "12, postgres", ", ". *position is that of the first. */
static void add_words(struct bpftrace *bpf, str text, unsigned *position, str comma)
{
    for (size_t at = 0;; at += comma.n, ++*position) {
        size_t end = str_search(text, comma, at), first = bpf->dump.frames.n;
        struct frame frame = {.name = str_trim(str_cut(text, at, end))};
        if (frame.name.n > 0) {
            dump_frame(&bpf->dump, &frame);
            add_bpftrace_part(bpf, *position, first, false);
        }
        at = end;
        if (at >= text.n)
            return;
    }
}

/* `key` is without the map's brackets. Lines of stacks in it begin with blanks. `comma` is ", ", or
 * "," in JSON. */
static void take_bpftrace_key(struct bpftrace *bpf, struct bpftrace_map *map, str key, str comma)
{
    unsigned position = 0;
    size_t first = bpf->dump.frames.n;
    bool in_stack = false;
    for (size_t at = 0, end; at <= key.n; at = end + 1) {
        end = str_find(key, '\n', at);
        str line = str_cut(key, at, end);
        if (dump_indent(line) > 0 && str_trim(line).n > 0 && !str_equal(line, comma)) {
            in_stack = true;
            map->keeps = true;
            add_bpftrace_frame(bpf, map, position, line);
            continue;
        }
        if (in_stack)
            add_bpftrace_part(bpf, position, first, true);
        in_stack = false;
        add_words(bpf, line, &position, comma);
        first = bpf->dump.frames.n;
    }
    if (in_stack)
        add_bpftrace_part(bpf, position, first, true);
}

/* ---- entries ---- */

uint32_t bpftrace_find_map(struct bpftrace *bpf, str name)
{
    struct bpftrace_map map = {.is_count = true};
    uint32_t place = intern_add(&bpf->names, name);
    map.name = intern_name(&bpf->names, place);
    if (place == bpf->maps.n)
        vec_push(bpf->dump.builder->scratch, &bpf->maps, map);
    return place;
}

void bpftrace_add_entry(struct bpftrace *bpf, uint32_t map, str key, str comma, int64_t value)
{
    struct bpftrace_entry entry = {.map = map, .first = bpf->parts.n, .value = value};
    take_bpftrace_key(bpf, &bpf->maps.at[map], key, comma);
    entry.count = bpf->parts.n - entry.first;
    vec_push(bpf->dump.builder->scratch, &bpf->entries, entry);
}

/* ---- to the builder ---- */

/* Each map with stacks is a value. */
static bool declare_maps(struct bpftrace *bpf)
{
    struct builder *builder = bpf->dump.builder;
    VEC(struct value_type) types = {0};
    for (uint32_t i = 0; i < bpf->maps.n; i++) {
        struct bpftrace_map *map = &bpf->maps.at[i];
        struct value_type type = {.name = map->name.n > 0 ? map->name : STR("@"),
                                  .unit = map->is_count ? STR("count") : STR("")};
        if (!map->keeps)
            continue;
        map->value = types.n;
        vec_push(builder->scratch, &types, type);
        vec_push(builder->scratch, &bpf->values, 0);
    }
    return types.n == 0 || builder_value_types(builder, types.at, types.n, 0, bpf->dump.err);
}

/* The position of the kernel's stacks in a key: the one where most functions enter the kernel, or
 * the first if none does. */
static unsigned kernel_position(const struct bpftrace_map *map)
{
    unsigned best = 0;
    for (unsigned i = 1; i < MAP_POSITIONS; i++)
        if (map->entered[i] > map->entered[best])
            best = i;
    return best;
}

/* Leaf first: the kernel's stack, the user's, and the words of the key, the last one first. */
static bool add_bpftrace_stack(struct bpftrace *bpf, const struct bpftrace_entry *entry,
                               unsigned kernel)
{
    const struct bpftrace_part *parts = bpf->parts.at + entry->first;
    bpf->stack.n = 0;
    for (unsigned pass = 0; pass < 3; pass++) {
        for (size_t i = entry->count; i-- > 0;) {
            bool is_kernel = parts[i].is_stack && parts[i].position == kernel;
            unsigned wanted = is_kernel ? 0 : parts[i].is_stack ? 1 : 2;
            if (wanted != pass)
                continue;
            vec_reserve(bpf->dump.builder->scratch, &bpf->stack, parts[i].count);
            memcpy(bpf->stack.at + bpf->stack.n, bpf->dump.frames.at + parts[i].first,
                   parts[i].count * sizeof *bpf->stack.at);
            bpf->stack.n += parts[i].count;
        }
    }
    int64_t *value = &bpf->values.at[bpf->maps.at[entry->map].value];
    *value = entry->value;
    bool done = builder_sample(bpf->dump.builder, bpf->stack.at, bpf->stack.n, bpf->values.at, NULL,
                               0, bpf->dump.err);
    *value = 0;
    return done;
}

bool bpftrace_add_stacks(struct bpftrace *bpf)
{
    struct builder *builder = bpf->dump.builder;
    if (!declare_maps(bpf))
        return false;
    for (size_t i = 0; i < bpf->entries.n; i++) {
        const struct bpftrace_entry *entry = &bpf->entries.at[i];
        const struct bpftrace_map *map = &bpf->maps.at[entry->map];
        if (!map->keeps || (map->value != builder->value && !builder->options->all_values))
            continue;
        builder->count_value = map->is_count ? map->value : SIZE_MAX;
        if (!add_bpftrace_stack(bpf, entry, kernel_position(map)))
            return false;
    }
    return true;
}
