/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the names of functions, a line each, for all that reads something out of names:
 * palettes, labels, symbols, --fold-names, messages.
 */
#include "core/str.h"
#include "format/perf_script/perf_symbol.h"
#include "fuzzing.h"
#include "picture/color.h"
#include "picture/picture.h"
#include "transform/renames.h"

static void check_palettes(str name)
{
    struct frame frame = frame_from_text(name);
    struct shade shade = shade_of(name, SHADE_NAME, 0), hashed = shade_of(name, SHADE_HASH, 0);
    for (int i = 0; i < 3; i++)
        if (!(shade.v[i] >= 0 && shade.v[i] <= 1 && hashed.v[i] >= 0 && hashed.v[i] <= 1))
            fuzz_wrong("a shade that is none", name);
    for (size_t i = 0; i < palette_count; i++) {
        const struct palette *palette = &palettes[i];
        palette_color(palette, &frame, &shade);
        if (palette_group(palette, &frame).n == 0)
            fuzz_wrong("a frame without group", name);
    }
}

static double width_of_label(const struct label *label)
{
    return label_width(label->head) + label_width(str_from_c(label->dots)) +
           label_width(label->tail);
}

static void check_label(struct heap *heap, str name)
{
    str plain = frame_from_text(name).name;
    if (plain.p != name.p || plain.n > name.n)
        fuzz_wrong("a mark was not at the end", name);
    struct strbuf text = {.heap = heap};
    for (size_t columns = 0; columns < 12; columns++) {
        struct label_room room = {columns, .59 * (double)columns};
        struct label cut = label_cut(plain, room), shortened = label_shorten(plain, room, &text);
        if (!str_starts(plain, cut.head) || (cut.dots[0] && cut.head.n == plain.n))
            fuzz_wrong("a label that is not the start", name);
        if (utf8_text_columns(cut.head) + strlen(cut.dots) > columns)
            fuzz_wrong("a label without room", name);
        if (width_of_label(&cut) > room.em + 1e-9 || width_of_label(&shortened) > room.em + 1e-9)
            fuzz_wrong("a label wider than its room", name);
    }
    strbuf_end(&text);
}

static void check_symbol(struct heap *heap, str name)
{
    struct strbuf out = {.heap = heap};
    if (perf_symbol_name_length(name) > name.n)
        fuzz_wrong("a name longer than the symbol", name);
    for (size_t at = 0, next; at < name.n; at = next + 1) {
        next = perf_symbol_arrow(name, at);
        if (next < at || next > name.n)
            fuzz_wrong("an arrow outside", name);
    }
    for (int java = 0; java < 2; java++) {
        strbuf_clear(&out);
        perf_symbol_add(&out, name, java);
        if (str_find(strbuf_str(&out), ';', 0) < out.bytes.n)
            fuzz_wrong("a separator in a name", strbuf_str(&out));
    }
    strbuf_end(&out);
}

/* Not twice the same as once: "[a.so <1f>.0]" without its version is "[a.so <1f>]". */
static void check_fold(struct name_rules *rules, str name)
{
    struct arena arena;
    struct err err = {0};
    str once = name;
    arena_init(&arena, rules->heap);
    if (!name_rules_rename(rules, &once, &arena, &err))
        fuzz_wrong("a name that takes too long", name);
    if (once.n > 0 && str_find(name, ';', 0) == name.n && str_find(once, ';', 0) < once.n)
        fuzz_wrong("a separator out of nothing", once);
    arena_end(&arena);
}

static void check_text(struct heap *heap, str name)
{
    char *copy = heap_alloc(heap, name.n, 1);
    memcpy(copy, name.p, name.n);
    utf8_disarm(copy, name.n);
    for (size_t at = 0; at < name.n;)
        if (utf8_steers(utf8_next(str_of(copy, name.n), &at)))
            fuzz_wrong("it still steers a terminal", str_of(copy, name.n));
    heap_free(heap, copy);
}

static bool work(struct heap *heap, void *arg)
{
    const str *names = arg;
    struct name_rules rules[RENAME_HEX + 1];
    struct err err = {0};
    for (int set = 0; set <= RENAME_HEX; set++) {
        rules[set] = (struct name_rules){.heap = heap};
        if (!rename_add_rules(&rules[set], (enum rename_set)set, &err))
            fuzz_wrong("a rule that is none", STR(""));
    }
    for (size_t at = 0; at < names->n;) {
        size_t end = str_find(*names, '\n', at);
        str name = str_cut(*names, at, end);
        check_palettes(name);
        check_label(heap, name);
        check_symbol(heap, name);
        for (int set = 0; set <= RENAME_HEX; set++)
            check_fold(&rules[set], name);
        check_text(heap, name);
        at = end + 1;
    }
    for (int set = 0; set <= RENAME_HEX; set++)
        name_rules_end(&rules[set]);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str names = fuzz_text(data, size);
    if (!heaps_run(work, &names))
        abort();
    return 0;
}
