/* SPDX-License-Identifier: MIT */
/*
 * tui: the keys of the commands, and the loop.
 */
#include "tui/tui.h"

enum { WHEEL = 3 };

/* ---- moving ---- */

static void choose_node(struct tui *tui, int level, uint32_t node)
{
    tui->view.chosen = node;
    tui->view.in_callers = level < 0 && tui_is_sandwich(tui);
}

/* The widest box of the next level that is on the chosen one. */
static const struct row_box *find_widest(const struct tui *tui, int level, uint32_t parent)
{
    size_t n;
    const struct row_box *boxes = tui_boxes(tui, level, &n), *best = NULL;
    const struct tree *tree = level < 0 ? &tui->view.callers.tree : &tui->view.stage.tree;
    for (size_t i = 0; i < n; i++)
        if (tree->parent[boxes[i].node] == parent &&
            (!best || boxes[i].end - boxes[i].start > best->end - best->start))
            best = &boxes[i];
    return best;
}

/* Move away from the root, or in a sandwich from its function. */
static void move_out(struct tui *tui, int level, int step)
{
    uint32_t from = tui->view.chosen;
    if (level == 0 && step < 0) /* from the function to its callers */
        from = tui->view.callers.picture.order.first[TREE_ROOT];
    const struct row_box *box = find_widest(tui, level + step, from);
    if (box)
        choose_node(tui, level + step, box->node);
}

static void move_in(struct tui *tui, int level, int step)
{
    const struct tree *tree = &view_stage_of(&tui->view, tui->view.in_callers)->tree;
    if (level + step == 0 && tui->view.in_callers)
        choose_node(tui, 0, tui->view.zoom);
    else
        choose_node(tui, level, tree->parent[tui->view.chosen]);
}

/* Move by one level: step 1 to the next higher one, -1 to the next lower one. */
static void move_level(struct tui *tui, int step)
{
    int level;
    tui_chosen(tui, &level);
    if (level + step < tui->lowest || level + step > tui->highest)
        return;
    if (!tui_is_sandwich(tui) && level < 0 && step > 0)
        choose_node(tui, level + 1, tui_ancestor(tui, level + 1));
    else if (tui_is_sandwich(tui) ? (level >= 0 && step > 0) || (level <= 0 && step < 0) : step > 0)
        move_out(tui, level, step);
    else
        move_in(tui, level, step);
}

static void move_aside(struct tui *tui, int step)
{
    int level;
    size_t n;
    const struct row_box *chosen = tui_chosen(tui, &level), *boxes = tui_boxes(tui, level, &n);
    if (!chosen)
        return;
    size_t at = (size_t)(chosen - boxes);
    if (step < 0 ? at > 0 : at + 1 < n)
        choose_node(tui, level, boxes[step < 0 ? at - 1 : at + 1].node);
}

static void move_line(struct tui *tui, long step)
{
    struct view *view = &tui->view;
    size_t *line = view->panel == VIEW_TABLE ? &view->line : &tui->top;
    if (step < 0)
        *line -= *line < (size_t)-step ? *line : (size_t)-step;
    else
        *line += (size_t)step;
}

static void scroll_lines(struct tui *tui, int lines)
{
    tui->first += tui->view.icicle ? lines : -lines;
    tui->follow = false;
    if (tui->first > tui->highest - (int)tui->height + 1)
        tui->first = tui->highest - (int)tui->height + 1;
    if (tui->first < tui->lowest)
        tui->first = tui->lowest;
}

/* In lines of the screen: 1 is down. */
static void move_down(struct tui *tui, int step)
{
    if (tui->view.panel != VIEW_GRAPH)
        move_line(tui, step);
    else
        move_level(tui, tui->view.icicle ? step : -step);
}

/* Choose the next box that matches, or the one before; after the last box the first one follows. */
static void walk_matches(struct tui *tui, bool back)
{
    struct view *view = &tui->view;
    const struct rows *rows = &tui->above;
    size_t n = rows->boxes.n, from = 0;
    while (from < n && rows->boxes.at[from].node != view->chosen)
        from++;
    for (size_t i = 1; i <= n; i++) {
        size_t at = (from + (back ? n - i : i)) % n;
        if (view_is_match(view, rows->boxes.at[at].node)) {
            choose_node(tui, (int)rows->boxes.at[at].row, rows->boxes.at[at].node);
            return;
        }
    }
    err_set(&view->said, ERR_USAGE,
            view->pattern ? "no match is wide enough here" : "search for something first: /");
}

/* ---- the mouse ---- */

static void click_box(struct tui *tui, unsigned line, unsigned column)
{
    struct view *view = &tui->view;
    size_t n;
    if (line < 1 || line > tui->height)
        return;
    if (view->panel == VIEW_TABLE) {
        view->line = tui->top + (line > 1 ? line - 2 : 0);
        return;
    }
    int level = tui->first + (int)(view->icicle ? line - 1 : tui->height - line);
    const struct row_box *boxes = tui_boxes(tui, level, &n);
    for (size_t i = 0; i < n; i++)
        if (boxes[i].start <= column && column < boxes[i].end) {
            choose_node(tui, level, boxes[i].node);
            view_zoom(view, boxes[i].node);
            return;
        }
    if (level < 0 && level >= tui->lowest && !tui_is_sandwich(tui))
        view_zoom(view, tui_ancestor(tui, level));
}

/* ---- the search field ---- */

static void type_code(struct tui *tui, unsigned code)
{
    char bytes[4];
    size_t n = utf8_put(bytes, code);
    if (tui->typed_n + n <= sizeof tui->typed) {
        memcpy(tui->typed + tui->typed_n, bytes, n);
        tui->typed_n += n;
    }
}

static void erase_code(struct tui *tui)
{
    while (tui->typed_n > 0)
        if (((unsigned char)tui->typed[--tui->typed_n] & 0xc0) != 0x80)
            return;
}

static void type_key(struct tui *tui, unsigned key)
{
    switch (key) {
    case SCREEN_KEY_ENTER: tui->typing = false; return;
    case 27:
        tui->typing = false;
        tui->typed_n = 0;
        break;
    case SCREEN_KEY_BACKSPACE: erase_code(tui); break;
    case 21: tui->typed_n = 0; break; /* Ctrl-U */
    default:
        if (key >= SCREEN_KEY_NONE || key < 32)
            return;
        type_code(tui, key);
    }
    view_search(&tui->view, str_of(tui->typed, tui->typed_n));
}

/* ---- commands ---- */

static void toggle_panel(struct view *view, enum view_panel panel)
{
    view->panel = view->panel == panel ? VIEW_GRAPH : panel;
}

static void enter_node(struct tui *tui)
{
    struct view *view = &tui->view;
    if (view->panel == VIEW_TABLE && view->line < view->functions.n)
        view_open_sandwich(
            view, frames_get(&view->stage.tree.frames, view->functions.at[view->line].frame).name);
    else if (view->panel != VIEW_GRAPH)
        view->panel = VIEW_GRAPH;
    else if (view->in_callers)
        view_open_sandwich(view, view_name(view, true, view->chosen));
    else
        view_zoom(view, view->chosen);
}

static void open_sandwich(struct view *view)
{
    str name = view->chosen == TREE_ROOT ? STR("")
                                         : view_name(view, view->in_callers, view->chosen);
    bool same = str_equal(name, view->sandwich);
    if (name.n == 0)
        err_set(&view->said, ERR_USAGE, "choose a frame first");
    else
        view_open_sandwich(view, same ? STR("") : name);
}

static void change_order(struct view *view)
{
    if (view->panel != VIEW_TABLE) {
        view_change_order(view);
        return;
    }
    view->by = view->by == FUNCTIONS_NAME ? FUNCTIONS_SELF : view->by + 1;
    view_forget_table(view);
}

static void open_field(struct tui *tui)
{
    tui->typing = true;
    tui->typed_n = 0;
}

static void obey_letter(struct tui *tui, unsigned key)
{
    struct view *view = &tui->view;
    switch (key) {
    case 'q':
    case 3: tui->done = true; break;
    case 27: view_back(view); break;
    case '0': view_reset(view); break;
    case '/': open_field(tui); break;
    case 'n': walk_matches(tui, false); break;
    case 'N': walk_matches(tui, true); break;
    case 't': toggle_panel(view, VIEW_TABLE); break;
    case 'o': toggle_panel(view, VIEW_ORIGIN); break;
    case '?': toggle_panel(view, VIEW_HELP); break;
    case 'b': open_sandwich(view); break;
    case 'h': view_cut(view, FILTER_HIDE, false); break;
    case 'x': view_cut(view, FILTER_IGNORE, false); break;
    case 'f': view_cut(view, FILTER_FOCUS, false); break;
    case 'H': view_cut(view, FILTER_HIDE, true); break;
    case 'X': view_cut(view, FILTER_IGNORE, true); break;
    case 'F': view_cut(view, FILTER_FOCUS, true); break;
    case 'u': view_uncut(view); break;
    case 'r': view_turn(view); break;
    case 's': change_order(view); break;
    case 'm': view_fold(view); break;
    case 'i': view->icicle = !view->icicle; break;
    case 'j': move_down(tui, 1); break;
    case 'k': move_down(tui, -1); break;
    case 'l': move_aside(tui, 1); break;
    case '\t': view_change_value(view); break;
    default: break;
    }
}

static void obey_key(struct tui *tui, unsigned key, unsigned line, unsigned column)
{
    int page = tui->height > 2 ? (int)tui->height - 2 : 1;
    bool graph = tui->view.panel == VIEW_GRAPH;
    tui->follow = true;
    tui->view.said = (struct err){0};
    switch (key) {
    case SCREEN_KEY_END: tui->done = true; break;
    case SCREEN_KEY_UP: move_down(tui, -1); break;
    case SCREEN_KEY_DOWN: move_down(tui, 1); break;
    case SCREEN_KEY_LEFT: move_aside(tui, -1); break;
    case SCREEN_KEY_RIGHT: move_aside(tui, 1); break;
    case SCREEN_KEY_ENTER: enter_node(tui); break;
    case SCREEN_KEY_BACKSPACE: view_back(&tui->view); break;
    case SCREEN_KEY_CLICK: click_box(tui, line, column); break;
    case SCREEN_KEY_WHEEL_UP: graph ? scroll_lines(tui, -WHEEL) : move_line(tui, -WHEEL); break;
    case SCREEN_KEY_WHEEL_DOWN: graph ? scroll_lines(tui, WHEEL) : move_line(tui, WHEEL); break;
    case SCREEN_KEY_PAGE_UP: graph ? scroll_lines(tui, -page) : move_line(tui, -page); break;
    case SCREEN_KEY_PAGE_DOWN: graph ? scroll_lines(tui, page) : move_line(tui, page); break;
    case SCREEN_KEY_HOME: view_zoom(&tui->view, TREE_ROOT); break;
    default: obey_letter(tui, key); break;
    }
}

bool tui_run(const struct tui_input *input, struct err *err)
{
    struct tui tui = {.heap = input->heap, .follow = true};
    tui.screen.utf8 = input->terminal->utf8;
    if (!screen_open(&tui.screen, input->terminal->colors, err))
        return false;
    sink_open_memory(&tui.text, input->heap);
    view_init(&tui.view, input->heap, input->profile, input->tree, input->column, input->options);
    while (!tui.done) {
        unsigned line = 0, column = 0;
        tui_draw(&tui);
        unsigned key = screen_key(&tui.screen, &line, &column);
        if (tui.typing && key != SCREEN_KEY_END && key != SCREEN_KEY_RESIZE)
            type_key(&tui, key);
        else
            obey_key(&tui, key, line, column);
    }
    tui_draw_end(&tui);
    view_end(&tui.view);
    screen_close();
    return true;
}
