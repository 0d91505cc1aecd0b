/*
 * normalize_names: see normalize_names.h. What ends a name is cut off first; then one pass over the
 * rest.
 */
#include "transform/normalize_names.h"

#include "profile/tree_map.h"

enum { RUST_HASH = 16, CRATE_HASH_LEAST = 8 };

struct folding {
    str name;
    size_t at;
    char *to; /* no rule makes more than two bytes of one */
    size_t n;
    bool module; /* the name is [module] */
};

static size_t span_hex(str s, size_t at)
{
    size_t from = at;
    while (at < s.n && is_hex(s.p[at]))
        at++;
    return at - from;
}

static size_t span_digits(str s, size_t at)
{
    size_t from = at;
    while (at < s.n && is_digit(s.p[at]))
        at++;
    return at - from;
}

static bool stands(const struct folding *f, str what)
{
    return str_starts(str_skip(f->name, f->at), what);
}

static void put(struct folding *f, str text)
{
    memcpy(f->to + f->n, text.p, text.n);
    f->n += text.n;
}

/* ---- ends of names ---- */

/* Without ".NUMBER" at its end. */
static str cut_number(str s)
{
    size_t digits = 0;
    while (digits < s.n && is_digit(s.p[s.n - 1 - digits]))
        digits++;
    if (digits == 0 || digits == s.n || s.p[s.n - 1 - digits] != '.')
        return s;
    return str_head(s, s.n - 1 - digits);
}

static bool cut_part(str *s)
{
    static const str parts[] = {STR_INIT(".part"),     STR_INIT(".isra"),  STR_INIT(".constprop"),
                                STR_INIT(".cold"),     STR_INIT(".clone"), STR_INIT(".localalias"),
                                STR_INIT(".lto_priv"), STR_INIT(".llvm")};
    str head = cut_number(*s);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (head.n > parts[i].n && str_ends(head, parts[i])) {
            *s = str_head(head, head.n - parts[i].n);
            return true;
        }
    return false;
}

/* "f(int) [clone .constprop.0]" */
static bool cut_clone(str *s)
{
    size_t at = str_find_last(*s, '[');
    if (at < 2 || s->p[s->n - 1] != ']' || !str_starts(str_skip(*s, at), STR("[clone ")))
        return false;
    *s = str_trim_right(str_head(*s, at));
    return true;
}

/* "memcpy@@GLIBC_2.14"; a name of C has no '@' of its own. */
static bool cut_version(str *s)
{
    size_t at = str_find(*s, '@', 0);
    size_t version = at + 1 < s->n && s->p[at + 1] == '@' ? at + 2 : at + 1;
    if (at == 0 || version >= s->n || !is_alpha(s->p[version]))
        return false;
    for (size_t i = version; i < s->n; i++)
        if (!is_alpha(s->p[i]) && !is_digit(s->p[i]) && s->p[i] != '_' && s->p[i] != '.')
            return false;
    *s = str_head(*s, at);
    return true;
}

/* ---- inside of names; each takes what it knows at `at` ---- */

static bool take_hex(struct folding *f)
{
    size_t digits = stands(f, STR("0x")) ? span_hex(f->name, f->at + 2) : 0;
    if (digits == 0)
        return false;
    put(f, STR("0x..."));
    f->at += 2 + digits;
    return true;
}

/* "[libx.so <7f6d2>]" */
static bool take_address(struct folding *f)
{
    size_t digits = f->module && stands(f, STR("<")) ? span_hex(f->name, f->at + 1) : 0;
    if (digits == 0 || !str_equal(str_skip(f->name, f->at + 1 + digits), STR(">]")))
        return false;
    put(f, STR("<...>"));
    f->at += digits + 2;
    return true;
}

/* A class made at run time ends in "/0x00007f118400d3d0" or "/1523457748". */
static bool take_class_number(struct folding *f, bool decimal)
{
    size_t hex = stands(f, STR("/0x")) ? span_hex(f->name, f->at + 3) : 0;
    size_t digits = decimal && stands(f, STR("/")) ? span_digits(f->name, f->at + 1) : 0;
    f->at += hex > 0 ? hex + 3 : digits > 0 ? digits + 1 : 0;
    return hex + digits > 0;
}

static bool take_class(struct folding *f)
{
    static const str words[] = {STR_INIT("$$Lambda"), STR_INIT("$Proxy"), STR_INIT("Accessor")};
    if (f->at > 0 && take_class_number(f, false))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!stands(f, words[i]))
            continue;
        put(f, words[i]);
        f->at += words[i].n;
        size_t dollar = i == 0 && stands(f, STR("$")) ? 1 : 0;
        size_t digits = span_digits(f->name, f->at + dollar);
        f->at += digits > 0 ? dollar + digits : 0;
        take_class_number(f, i == 0);
        return true;
    }
    return false;
}

/* "::h0123456789abcdef" at the end of a path, "[a1b2c3d4e5f60718]" behind a crate. */
static bool take_rust(struct folding *f)
{
    str name = f->name;
    size_t end = f->at + 3 + RUST_HASH;
    if (stands(f, STR("::h")) && end <= name.n && span_hex(name, f->at + 3) == RUST_HASH &&
        (end == name.n || !is_alpha(name.p[end]))) {
        f->at = end;
        return true;
    }
    size_t digits = f->at > 0 && stands(f, STR("[")) ? span_hex(name, f->at + 1) : 0;
    if (digits < CRATE_HASH_LEAST || digits > RUST_HASH || f->at + 1 + digits >= name.n ||
        name.p[f->at + 1 + digits] != ']' || f->module)
        return false;
    f->at += digits + 2;
    return true;
}

/* "-2.31" of [libc-2.31.so], ".2.3.6" of [libkmod.so.2.3.6], " 19982" of [[JIT] tid 19982] */
static bool take_module_version(struct folding *f)
{
    char c = f->name.p[f->at];
    size_t digits = f->module && (c == '-' || c == '.' || c == ' ')
                        ? span_digits(f->name, f->at + 1)
                        : 0;
    size_t end = f->at + 1 + digits;
    if (digits == 0 || end >= f->name.n)
        return false;
    char next = f->name.p[end];
    if (next != '-' && next != '.' && next != ' ' && next != ']')
        return false;
    f->at = end;
    return true;
}

static bool take_process_number(struct folding *f)
{
    size_t digits = span_digits(f->name, f->at);
    if (digits > 0)
        put(f, STR("N"));
    f->at += digits;
    return digits > 0;
}

str fold_name(str name, bool process, struct arena *arena)
{
    str bare = frame_from_text(name).name;
    str mark = str_skip(name, bare.n);
    struct folding f = {.name = bare};
    while (!process && (cut_part(&f.name) || cut_clone(&f.name) || cut_version(&f.name)))
        continue;
    f.module = f.name.n > 2 && f.name.p[0] == '[' && f.name.p[f.name.n - 1] == ']';
    f.to = arena_alloc(arena, name.n + 1, 2, 1);
    while (f.at < f.name.n) {
        if (process ? take_process_number(&f)
                    : take_address(&f) || take_class(&f) || take_hex(&f) || take_rust(&f) ||
                          take_module_version(&f))
            continue;
        f.to[f.n++] = f.name.p[f.at++];
    }
    put(&f, mark);
    return str_equal(str_of(f.to, f.n), name) ? name : str_of(f.to, f.n);
}

/* ---- trees ---- */

struct tree_folding {
    struct tree *into;
    const struct tree *from;
    bool process_first;
    uint32_t *functions, *processes; /* by frame: the one of `into`; TREE_NONE: not met yet */
};

static uint32_t fold_frame(void *context, uint32_t node)
{
    struct tree_folding *f = context;
    uint32_t frame = f->from->frame[node];
    bool process = f->process_first && f->from->parent[node] == TREE_ROOT;
    uint32_t *known = process ? f->processes : f->functions;
    if (known[frame] == TREE_NONE) {
        struct arena scratch;
        arena_init(&scratch, f->into->heap);
        known[frame] = frames_add_copy(&f->into->frames, &f->from->frames, frame,
                                       fold_name(tree_text(f->from, node), process, &scratch));
        arena_end(&scratch);
    }
    return known[frame];
}

static uint32_t *unknown_frames(const struct tree *from)
{
    uint32_t count = frames_count(&from->frames);
    uint32_t *known = heap_alloc(from->heap, count, sizeof *known);
    memset(known, 0xff, count * sizeof *known);
    return known;
}

void normalize_names(struct tree *into, const struct tree *from, bool process_first)
{
    struct tree_folding folding = {into, from, process_first, unknown_frames(from),
                                   unknown_frames(from)};
    struct tree_mapping mapping = {.frame = fold_frame, .context = &folding};
    tree_init_like(into, from);
    tree_map(into, from, &mapping);
    heap_free(from->heap, folding.processes);
    heap_free(from->heap, folding.functions);
}
