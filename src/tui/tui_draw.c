/* SPDX-License-Identifier: MIT */
/*
 * tui_draw: draw the screen.
 *
 *      cpu-clock: 12.66 s, 2,520 samples                     search: Exec 45.20 %
 *      [parse         ][expr        ]
 *      [main                        ][idle ]                 the graph, or a table
 *      [all                                ]
 *      main   8.19 s, 64.64 %   postgres                     the chosen frame
 *      / search  Enter zoom  t table  ? keys  q quit
 *
 * A level is the distance of a row from the frame that is zoomed to, whose level is 0. Its callers,
 * or those of the function of a sandwich, have levels below 0.
 */
#include "output/escape.h"
#include "output/markup.h"
#include "output/profile_report.h"
#include "tui/tui.h"

static struct sink *start_text(struct tui *tui)
{
    tui->text.n = 0;
    return &tui->text;
}

static void show_text(struct tui *tui, unsigned line, enum screen_look look)
{
    screen_put(&tui->screen, line, look, sink_text(&tui->text), tui->heap);
}

/* ---- the graph ---- */

static const struct picture *picture_at(const struct tui *tui, int level)
{
    bool callers = level < 0 && tui_is_sandwich(tui);
    return callers ? &tui->view.callers.picture : &tui->view.stage.picture;
}

static unsigned line_of(const struct tui *tui, int level)
{
    unsigned up = (unsigned)(level - tui->first);
    return tui->view.icicle ? 1 + up : tui->height - up;
}

static void draw_box(struct tui *tui, int level, const struct row_box *box, bool faded)
{
    const struct view *view = &tui->view;
    const struct picture *picture = picture_at(tui, level);
    bool callers = level < 0 && tui_is_sandwich(tui);
    unsigned width = box->end - box->start;
    bool edges = tui->screen.colors == TERMINAL_PLAIN;
    enum screen_look look = SCREEN_TEXT;
    struct sink *label = start_text(tui);
    if (box->node == view->chosen && callers == view->in_callers)
        look = SCREEN_CHOSEN;
    else if (!callers && view_is_match(view, box->node))
        look = SCREEN_MATCH;
    else if (faded)
        look = SCREEN_FADED;
    if (edges)
        sink_byte(label, width == 1 ? '|' : look == SCREEN_MATCH ? '{' : '[');
    else
        sink_bytes(label, tui->screen.utf8 ? STR("\xe2\x96\x8f") : STR(" "));
    if (width > 1)
        terminal_put_label(picture, box->node, width - 1 - edges, label);
    if (width > 1 && edges)
        sink_byte(label, look == SCREEN_MATCH ? '}' : ']');
    rgb fill = look == SCREEN_MATCH ? (rgb){214, 90, 214} : picture_color(picture, box->node);
    screen_put_box(&tui->screen, line_of(tui, level), box->start, look, fill, sink_text(label));
}

static void draw_level(struct tui *tui, int level)
{
    size_t n;
    const struct row_box *boxes = tui_boxes(tui, level, &n);
    for (size_t i = 0; i < n; i++)
        draw_box(tui, level, &boxes[i], false);
    if (level < 0 && !tui_is_sandwich(tui))
        draw_box(tui, level, &(struct row_box){tui_ancestor(tui, level), 0, 0, tui->screen.columns},
                 true);
}

static void draw_graph(struct tui *tui)
{
    for (int level = tui->first; level <= tui->highest && level < tui->first + (int)tui->height;
         level++)
        draw_level(tui, level);
}

static struct profile_report report_of(const struct tui *tui)
{
    const struct picture_options *options = &tui->view.options;
    return (struct profile_report){
        .profile = tui->view.profile,
        .value = tui->view.value,
        .part = tui->view.value.p != NULL, /* the samples are those of the first value */
        .tree = &tui->view.stage.tree,
        .column = tui->view.column,
        .unit = options->unit,
        .countname = options->countname,
        .factor = options->factor,
    };
}

/* "8.19 s" */
static void put_screen_weight(const struct tui *tui, uint64_t units, struct sink *sink)
{
    struct profile_report report = report_of(tui);
    PUT(sink,
        AMOUNT(profile_report_weight(&report, units), profile_report_unit(&report), put_terminal));
}

static void put_screen_percent(const struct tui *tui, uint64_t units, struct sink *sink)
{
    PUT(sink, FIXED(profile_percent(units, view_total(&tui->view)), 2), LIT(" %"));
}

/* The text as a bar of the width of the screen. */
static void draw_bar(struct tui *tui, unsigned line)
{
    put_blanks(tui->screen.columns, &tui->text);
    tui->text.n = terminal_head(sink_text(&tui->text), tui->screen.columns);
    show_text(tui, line, SCREEN_BAR);
}

static void draw_head(struct tui *tui)
{
    const struct view *view = &tui->view;
    struct profile_report report = report_of(tui);
    struct sink *text = start_text(tui);
    report.part |= view_is_part(view);
    profile_report_put_summary(&report, view_total(view), put_terminal, text);
    if (view->cuts.n > 0)
        PUT(text, LIT("  "), COMMAS(view->cuts.n), WORD(view->cuts.n == 1 ? " cut" : " cuts"));
    if (view->reversed)
        sink_lit(text, "  from the leaves");
    if (view->folded)
        sink_lit(text, "  recursion folded");
    if (tui_is_sandwich(tui))
        PUT(text, LIT("  callers and callees of "), VIA(put_terminal, view->sandwich));
    if (view->pattern) {
        PUT(text, LIT("  search "), VIA(put_terminal, view->pattern_text), LIT(": "));
        put_screen_percent(tui, view->matched_weight, text);
    }
    draw_bar(tui, 0);
}

static void put_details(const struct tui *tui, struct sink *text)
{
    const struct view *view = &tui->view;
    const struct view_stage *stage = view_stage_of(view, view->in_callers);
    uint64_t weight = view_chosen_weight(view);
    PUT(text, VIA(put_terminal, view_name(view, view->in_callers, view->chosen)), LIT("  "));
    put_screen_weight(tui, weight, text);
    sink_lit(text, ", ");
    put_screen_percent(tui, weight, text);
    if (!view->in_callers) {
        sink_lit(text, ", self ");
        put_screen_weight(tui, stage->tree.weight[view->column][view->chosen], text);
    }
    struct frame frame = frames_get(&stage->tree.frames, stage->tree.frame[view->chosen]);
    if (view->chosen != TREE_ROOT && frame.module.n > 0)
        PUT(text, LIT("  "), VIA(put_terminal, frame.module));
    if (view->chosen != TREE_ROOT && frame.file.n > 0)
        PUT(text, LIT("  "), VIA(put_terminal, frame.file), LIT(":"), DIGITS(frame.line));
}

static void draw_foot(struct tui *tui)
{
    struct sink *text = start_text(tui);
    str said = str_from_c(tui->view.said.message);
    if (tui->view.panel == VIEW_GRAPH)
        put_details(tui, text);
    if (tui->screen.lines >= 3)
        show_text(tui, tui->screen.lines - 2, SCREEN_TEXT);
    text = start_text(tui);
    if (tui->typing)
        PUT(text, LIT("/"), VIA(put_terminal, str_of(tui->typed, tui->typed_n)), LIT("_"));
    if (said.n > 0)
        PUT(text, WORD(tui->typing ? "   " : ""), VIA(put_terminal, said));
    else if (!tui->typing)
        sink_lit(text, "q quit  ? keys  Enter zoom  Esc back  / search  t table  b callers");
    if (tui->screen.lines >= 2)
        draw_bar(tui, tui->screen.lines - 1);
}

/* ---- panels ---- */

/* The text as a line of a panel; `line` counts from its first one. */
static void put_screen_line(struct tui *tui, size_t line)
{
    if (line >= tui->top && line - tui->top < tui->height)
        show_text(tui, 1 + (unsigned)(line - tui->top), SCREEN_TEXT);
}

static void put_screen_right(str text, size_t columns, struct sink *sink)
{
    size_t used = terminal_columns(text);
    put_blanks(used < columns ? columns - used : 0, sink);
    put_terminal(text, sink);
    put_blanks(2, sink);
}

/* "  1.23 s   9.72 %" */
static void put_measured(const struct tui *tui, uint64_t units, struct sink *sink)
{
    struct sink cell;
    sink_open_memory(&cell, tui->heap);
    put_screen_weight(tui, units, &cell);
    put_screen_right(sink_text(&cell), 12, sink);
    cell.n = 0;
    put_screen_percent(tui, units, &cell);
    put_screen_right(sink_text(&cell), 8, sink);
    sink_abandon(&cell);
}

static void draw_table(struct tui *tui)
{
    struct view *view = &tui->view;
    struct sink *text = start_text(tui);
    view_make_table(view);
    put_screen_right(STR("self"), 12, text);
    put_screen_right(view->by == FUNCTIONS_SELF ? STR("v") : STR(""), 8, text);
    put_screen_right(STR("total"), 12, text);
    put_screen_right(view->by == FUNCTIONS_TOTAL ? STR("v") : STR(""), 8, text);
    sink_lit(text, "function");
    if (tui->height > 0)
        show_text(tui, 1, SCREEN_FADED);
    size_t shown = tui->height > 1 ? tui->height - 1 : 1;
    if (view->line >= view->functions.n)
        view->line = view->functions.n > 0 ? view->functions.n - 1 : 0;
    if (view->line < tui->top)
        tui->top = view->line;
    if (view->line >= tui->top + shown)
        tui->top = view->line - shown + 1;
    for (size_t i = tui->top; i < view->functions.n && i < tui->top + shown; i++) {
        const struct function_row *row = &view->functions.at[i];
        text = start_text(tui);
        put_measured(tui, row->self, text);
        put_measured(tui, row->total, text);
        put_terminal(frames_get(&view->stage.tree.frames, row->frame).name, text);
        show_text(tui, 2 + (unsigned)(i - tui->top), i == view->line ? SCREEN_CHOSEN : SCREEN_TEXT);
    }
}

static void draw_origin(struct tui *tui)
{
    const struct profile *profile = tui->view.profile;
    struct profile_report report = report_of(tui);
    size_t line = 0;
    profile_report_put_summary(&report, view_total(&tui->view), put_terminal, start_text(tui));
    put_screen_line(tui, line++);
    for (size_t i = 0; profile && i < profile->facts.n; i++) {
        PUT(start_text(tui), VIA(put_terminal, profile->facts.at[i].key), LIT(": "),
            VIA(put_terminal, profile->facts.at[i].value));
        put_screen_line(tui, line++);
    }
    for (size_t i = 0; i < tui->view.cuts.n; i++) {
        const struct view_cut *cut = &tui->view.cuts.at[i];
        PUT(start_text(tui), WORD(filter_option(cut->how)), LIT(" "),
            VIA(put_terminal, cut->pattern));
        put_screen_line(tui, line++);
    }
}

static void draw_help(struct tui *tui)
{
    static const char *const lines[] = {
        "arrows, j k l   move; h hides",
        "Enter, click    zoom to the frame",
        "Esc, Backspace  step back; 0: reset",
        "/ n N           search, next and previous match",
        "t               table of functions; s: its order; Enter: callers and callees",
        "b               callers and callees of the function",
        "x h f           remove its stacks, hide it, keep only its stacks",
        "X H F           the same for all that the search matches",
        "u               undo a cut",
        "Tab             next value, of those that --all-events reads",
        "r               merge from the leaves",
        "s               order by name or by weight",
        "m               fold recursion",
        "i               root on top or at the bottom",
        "o               where the profile comes from",
        "PgUp PgDn wheel scroll",
        "?               this text",
        "q, Ctrl-C       quit",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        sink_bytes(start_text(tui), str_from_c(lines[i]));
        put_screen_line(tui, i);
    }
}

void tui_draw(struct tui *tui)
{
    unsigned lines = tui->screen.lines;
    tui->height = lines > 3 ? lines - 3 : lines > 1 ? lines - 1 : lines;
    screen_clear();
    tui_make_rows(tui); /* also under a panel: keys and clicks find nodes by them */
    switch (tui->view.panel) {
    case VIEW_GRAPH: {
        int level;
        tui_chosen(tui, &level);
        if (tui->follow)
            tui_scroll_to(tui, level);
        draw_graph(tui);
        break;
    }
    case VIEW_TABLE: draw_table(tui); break;
    case VIEW_ORIGIN: draw_origin(tui); break;
    case VIEW_HELP: draw_help(tui); break;
    }
    if (lines > 1)
        draw_head(tui);
    draw_foot(tui);
    screen_show();
}

void tui_draw_end(struct tui *tui)
{
    sink_abandon(&tui->text);
    if (tui->above.heap)
        rows_end(&tui->above);
    if (tui->below.heap)
        rows_end(&tui->below);
}
