/*
 * lean: see lean.h. One pass over the tokens copies what stays; style sheets gather on the way and
 * go in front of the last end tag, where they count as much as at the top.
 */
#include "raster/lean.h"

#include "raster/markup.h"
#include "raster/style.h"

struct work {
    struct lean *lean;
    struct heap *heap;
    str svg;
    size_t at, depth;
    bool without_background, with_groups;
    VEC(bool) groups;                   /* each <g> that is open: it is kept */
    size_t kept_groups;                 /* of them */
    size_t texts;                       /* <text> that are open: blanks count in them */
    struct style_text out, css, styles; /* styles: elements that stay as they are */
    struct style_scope scope;
    size_t last_close; /* in `out`: where the last end tag stands */
};

/* The token at work->at; moves behind it. */
static bool take(struct work *work, struct markup_token *token)
{
    if (work->at >= work->svg.n)
        return false;
    *token = markup_next(work->svg, work->at);
    work->at += token->raw.n;
    if (token->kind == MARKUP_OPEN && ++work->depth > work->lean->deepest)
        work->lean->deepest = work->depth;
    if (token->kind == MARKUP_CLOSE && work->depth > 0)
        work->depth--;
    return true;
}

/* What stands in the element that was just opened, its end tag not included; moves behind it. */
static str take_content(struct work *work, str name)
{
    size_t from = work->at, depth = 1;
    struct markup_token token;
    while (take(work, &token)) {
        if (!str_equal(token.name, name))
            continue;
        if (token.kind == MARKUP_OPEN)
            depth++;
        else if (token.kind == MARKUP_CLOSE && --depth == 0)
            return str_cut(work->svg, from, work->at - token.raw.n);
    }
    return str_cut(work->svg, from, work->svg.n);
}

static bool is_named(const struct markup_token *token, const char *const *names)
{
    for (; *names; names++)
        if (str_equal(token->name, str_from_c(*names)))
            return true;
    return false;
}

/* The text of the element called "title", whatever prefix its id has. */
static void note_title(struct work *work, const struct markup_token *token)
{
    str id = markup_attribute(token->attributes, STR("id"));
    if (work->lean->title.n > 0 || !str_ends(id, STR("title")) || str_ends(id, STR("subtitle")))
        return;
    work->lean->title = str_cut(work->svg, work->at, str_find(work->svg, '<', work->at));
}

static void note_words(struct work *work, const struct markup_token *token)
{
    str classes = markup_attribute(token->attributes, STR("class"));
    str id = markup_attribute(token->attributes, STR("id"));
    if (id.p)
        intern_add(&work->scope.ids, id);
    while (classes.n > 0) {
        size_t blank = 0;
        while (blank < classes.n && (unsigned char)classes.p[blank] > ' ')
            blank++;
        if (blank > 0)
            intern_add(&work->scope.classes, str_head(classes, blank));
        classes = str_skip(classes, blank < classes.n ? blank + 1 : blank);
    }
}

static void keep(struct work *work, const struct markup_token *token)
{
    style_put(&work->out, work->heap, token->raw);
}

static bool is_white(str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] > ' ')
            return false;
    return true;
}

/* <text ...></text>: most frames are too narrow for a label. */
static bool skip_if_blank(struct work *work)
{
    size_t from = work->at, depth = work->depth;
    struct markup_token token;
    if (!take(work, &token))
        return false;
    if (token.kind == MARKUP_TEXT && is_white(token.raw) && !take(work, &token))
        return false;
    if (token.kind == MARKUP_CLOSE)
        return true;
    work->at = from;
    work->depth = depth;
    return false;
}

/* Ours, and that of flamegraph.pl and inferno. */
static bool is_background(const struct markup_token *token)
{
    str fill = markup_attribute(token->attributes, STR("fill"));
    return str_equal(token->name, STR("rect")) &&
           (str_ends(markup_attribute(token->attributes, STR("id")), STR("background")) ||
            str_equal(fill, STR("url(#background)")));
}

static void take_style(struct work *work, const struct markup_token *token)
{
    str content = take_content(work, token->name);
    str start = STR("<![CDATA["), css = content;
    size_t cdata = str_search(content, start, 0);
    if (cdata < content.n && is_white(str_head(content, cdata))) {
        css = str_skip(content, cdata + start.n);
        css = str_head(css, str_search(css, STR("]]>"), 0));
    } else if (str_find(content, '&', 0) < content.n) {
        style_put(&work->styles, work->heap, token->raw);
        style_put(&work->styles, work->heap, content);
        style_put(&work->styles, work->heap, STR("</style>"));
        return;
    }
    style_put(&work->css, work->heap, css);
    style_put(&work->css, work->heap, STR("\n"));
}

/* <g> around the parts of each frame holds titles together, and there are none. */
static bool open_group(struct work *work, const struct markup_token *token)
{
    bool kept = work->with_groups || work->kept_groups == 0 || !is_white(token->attributes);
    vec_push(work->heap, &work->groups, kept);
    work->kept_groups += kept;
    return kept;
}

/* An element that draws or holds what draws. */
static void take_element(struct work *work, const struct markup_token *token)
{
    if (work->without_background && is_background(token)) {
        if (token->kind == MARKUP_OPEN)
            take_content(work, token->name);
        return;
    }
    if (str_equal(token->name, STR("text"))) {
        if (token->kind == MARKUP_EMPTY || skip_if_blank(work))
            return;
        note_title(work, token);
        work->texts++;
    }
    if (token->kind == MARKUP_OPEN && str_equal(token->name, STR("g")) && !open_group(work, token))
        return;
    work->lean->elements++;
    note_words(work, token);
    keep(work, token);
}

static void take_end(struct work *work, const struct markup_token *token)
{
    if (str_equal(token->name, STR("g")) && work->groups.n > 0) {
        if (!work->groups.at[--work->groups.n])
            return;
        work->kept_groups--;
    }
    if (str_equal(token->name, STR("text")) && work->texts > 0)
        work->texts--;
    work->last_close = work->out.bytes.n;
    keep(work, token);
}

static void take_token(struct work *work, const struct markup_token *token)
{
    static const char *const unseen[] = {"title",    "desc",          "script",
                                         "metadata", "foreignObject", NULL};
    if (token->kind == MARKUP_OPEN && str_equal(token->name, STR("style"))) {
        take_style(work, token);
    } else if (token->kind == MARKUP_OPEN || token->kind == MARKUP_EMPTY) {
        if (!is_named(token, unseen))
            take_element(work, token);
        else if (token->kind == MARKUP_OPEN)
            take_content(work, token->name);
    } else if (token->kind == MARKUP_CLOSE) {
        take_end(work, token);
    } else if (token->kind != MARKUP_TEXT || work->texts > 0 || !is_white(token->raw)) {
        keep(work, token);
    }
}

static struct style_demands put_styles(struct work *work, struct style_text *to)
{
    struct style_text css = {0};
    struct style_demands demands = style_filter(str_of(work->css.bytes.at, work->css.bytes.n),
                                                &work->scope, work->heap, &css);
    style_put(to, work->heap, str_of(work->styles.bytes.at, work->styles.bytes.n));
    if (work->styles.bytes.n > 0)
        demands.groups = demands.place = true; /* who knows */
    if (css.bytes.n > 0) {
        style_put(to, work->heap, STR("<style><![CDATA["));
        style_put(to, work->heap, str_of(css.bytes.at, css.bytes.n));
        style_put(to, work->heap, STR("]]></style>"));
    }
    vec_free(work->heap, &css.bytes);
    return demands;
}

/* In front of the last end tag. */
static void insert_styles(struct work *work, const struct style_text *styles)
{
    size_t at = work->last_close, n = styles->bytes.n;
    vec_reserve(work->heap, &work->out.bytes, n + 1);
    char *bytes = work->out.bytes.at;
    memmove(bytes + at + n, bytes + at, work->out.bytes.n - at);
    if (n > 0)
        memcpy(bytes + at, styles->bytes.at, n);
    work->out.bytes.n += n;
}

static void work_end(struct work *work)
{
    vec_free(work->heap, &work->groups);
    vec_free(work->heap, &work->out.bytes);
    vec_free(work->heap, &work->css.bytes);
    vec_free(work->heap, &work->styles.bytes);
    intern_end(&work->scope.classes);
    intern_end(&work->scope.ids);
}

/* What its style sheet asks for; when that is not there, *lean is of no use. */
static struct style_demands make(struct lean *lean, struct arena *arena, str svg, uint64_t seed,
                                 bool without_background, bool with_groups)
{
    struct work work = {.lean = lean, .heap = arena->heap, .svg = svg};
    struct style_text styles = {0};
    struct markup_token token;
    *lean = (struct lean){.svg = svg, .title = STR("")};
    work.without_background = without_background;
    work.with_groups = with_groups;
    intern_init(&work.scope.classes, arena->heap, seed);
    intern_init(&work.scope.ids, arena->heap, seed);
    while (take(&work, &token))
        take_token(&work, &token);
    work.scope.document = str_of(work.out.bytes.at, work.out.bytes.n);
    struct style_demands demands = put_styles(&work, &styles);
    insert_styles(&work, &styles);
    if (!demands.place && (with_groups || !demands.groups))
        lean->svg = arena_copy(arena, str_of(work.out.bytes.at, work.out.bytes.n));
    vec_free(arena->heap, &styles.bytes);
    work_end(&work);
    return demands;
}

void lean_make(struct lean *lean, struct arena *arena, str svg, uint64_t seed,
               bool without_background)
{
    struct style_demands demands = make(lean, arena, svg, seed, without_background, false);
    if (demands.groups && !demands.place)
        make(lean, arena, svg, seed, without_background, true);
}
