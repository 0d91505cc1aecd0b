/*
 * folded_names: a name is replaced wherever it occurs, so that a function keeps one name. One blank
 * of it becomes '_'.
 */
#include "format/folded/folded_names.h"

#include "core/num.h"
#include "profile/tree_map.h"

/* A line that begins with `name` and what follows it, ';' or a blank, would be a comment: *at is
 * where the blank is, which may be the one that follows. */
static bool makes_comment(str name, char follows, size_t *at)
{
    str text = str_trim_left(name);
    *at = name.n - text.n + 1;
    return str_starts(text, STR("# ")) || (str_equal(text, STR("#")) && follows == ' ');
}

/* Where the blank is in front of a count that ends `name`; name.n: there is none. */
static size_t count_blank(str name, bool has_parent)
{
    struct num_decimal count;
    str text = str_trim_right(name);
    size_t at = text.n;
    while (at > 0 && !is_blank(text.p[at - 1]))
        at--;
    if (at == 0 || (at == 1 && !has_parent))
        return name.n;
    bool is_count = num_parse_decimal(str_skip(text, at), &count) || count.large || count.negative;
    return is_count ? at - 1 : name.n;
}

/* The node whose name ends the line of `node`. */
static uint32_t last_of_line(const struct tree *tree, uint32_t node)
{
    return tree->frame[node] == TREE_GAP ? tree->parent[node] : node;
}

static bool ends_in_count(const struct tree *tree, uint32_t node)
{
    str name = tree_text(tree, node);
    return count_blank(name, tree->parent[node] != TREE_ROOT) < name.n;
}

/* All lines would end in two counts. */
static bool has_two_counts(const struct tree *tree)
{
    const uint64_t *weight = tree->weight[0];
    bool any = false;
    if (tree_has_sides(tree))
        return false;
    for (uint32_t i = 1; i < tree->n; i++) {
        if (weight[i] == 0)
            continue;
        if (!ends_in_count(tree, last_of_line(tree, i)))
            return false;
        any = true;
    }
    return any;
}

/* `node` is a child of the root. */
static bool looks_like_comment(const struct tree *tree, uint32_t node)
{
    size_t at;
    return makes_comment(tree_text(tree, node), tree_has_weight(tree, node) ? ' ' : ';', &at);
}

static bool has_comments(const struct tree *tree)
{
    uint32_t node = tree->last_child[TREE_ROOT];
    for (; node != TREE_NONE; node = tree->elder[node])
        if (looks_like_comment(tree, node))
            return true;
    return false;
}

/* `name` with a '_' at `at`, which may be its end. */
static str with_bar(struct arena *arena, str name, size_t at)
{
    size_t n = at < name.n ? name.n : at + 1;
    char *copy = arena_new(arena, char, n);
    memcpy(copy, name.p, name.n);
    copy[at] = '_';
    return str_of(copy, n);
}

/* names[]: by id. */
static void choose_names(const struct tree *tree, bool two_counts, str *names, struct arena *arena)
{
    for (uint32_t id = 0; id < frames_count(&tree->frames); id++) {
        names[id] = frames_text(&tree->frames, id);
        size_t at;
        if (makes_comment(names[id], ' ', &at))
            names[id] = with_bar(arena, names[id], at);
    }
    for (uint32_t i = 1; two_counts && i < tree->n; i++) {
        uint32_t node = last_of_line(tree, i);
        if (tree->weight[0][i] == 0)
            continue;
        str *name = &names[tree->frame[node]];
        size_t at = count_blank(*name, tree->parent[node] != TREE_ROOT);
        if (at < name->n)
            *name = with_bar(arena, *name, at);
    }
}

bool folded_names_replace(const struct tree *tree, struct tree *into)
{
    struct arena arena;
    bool two_counts = has_two_counts(tree);
    if (!two_counts && !has_comments(tree))
        return false;
    str *names = heap_alloc(tree->heap, frames_count(&tree->frames), sizeof *names);
    arena_init(&arena, tree->heap);
    choose_names(tree, two_counts, names, &arena);
    tree_rebuild_names(into, tree, names);
    arena_end(&arena);
    heap_free(tree->heap, names);
    return true;
}
