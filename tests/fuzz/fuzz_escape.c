/* SPDX-License-Identifier: MIT */
/*
 * Any text through each escaper: what comes out is text of its format and nothing more.
 */
#include "fuzzing.h"
#include "json_check.h"
#include "output/escape.h"
#include "xml_check.h"

static str text_of(void (*put)(str, struct sink *), str text, struct sink *sink)
{
    sink->n = 0;
    put(text, sink);
    return sink_text(sink);
}

static void put_xml(str text, struct sink *sink)
{
    sink_lit(sink, "<a b=\"");
    sink_xml(sink, text);
    sink_lit(sink, "\" c='");
    sink_xml(sink, text);
    sink_lit(sink, "'>");
    sink_xml(sink, text);
    sink_lit(sink, "</a>");
}

static void put_json(str text, struct sink *sink)
{
    sink_lit(sink, "\"");
    sink_json(sink, text);
    sink_lit(sink, "\"");
}

static void put_row(str text, struct sink *sink)
{
    put_csv(text, sink);
    sink_lit(sink, ",");
    put_csv(text, sink);
    sink_lit(sink, "\n");
}

static void check_terminal(str shown)
{
    for (size_t at = 0; at < shown.n;) {
        uint32_t code = utf8_next(shown, &at);
        if (code == UTF8_BAD || utf8_steers(code))
            fuzz_wrong("it steers a terminal", shown);
    }
}

static void check_markdown(str shown)
{
    struct xml xml = {.text = shown};
    if (!xml_check_characters(&xml))
        fuzz_wrong(xml.why, shown);
    check_terminal(shown);
    for (size_t i = 0; i < shown.n; i++)
        if (strchr("|`\\*_[]~<>\"'\n", shown.p[i]) && shown.p[i] != '\0')
            fuzz_wrong("Markdown with a meaning", shown);
    if (str_contains(shown, STR("://")) || str_contains(shown, STR("www.")))
        fuzz_wrong("a link in Markdown", shown);
}

static bool check_all(struct heap *heap, void *arg)
{
    const str *text = arg;
    struct sink sink;
    size_t at = 0;
    sink_open_memory(&sink, heap);
    str shown = text_of(put_xml, *text, &sink);
    const char *why = xml_check(shown, &at);
    if (why)
        fuzz_wrong(why, shown);
    shown = text_of(put_json, *text, &sink);
    if (!json_check(shown))
        fuzz_wrong("no JSON", shown);
    for (size_t i = 0; i < shown.n; i++)
        if (strchr("<>&'", shown.p[i]))
            fuzz_wrong("JSON that is markup", shown);
    check_terminal(shown);
    shown = text_of(put_row, *text, &sink);
    if (!csv_check(shown) || (shown.p[0] == '"' && strchr("=+-@\t\r", shown.p[1])))
        fuzz_wrong("no CSV, or a formula", shown);
    check_terminal(text_of(put_terminal, *text, &sink));
    check_markdown(text_of(put_markdown, *text, &sink));
    for (size_t room = 3; room < 24; room += 4) {
        sink.n = 0;
        size_t used = put_terminal_short(*text, room, &sink);
        shown = sink_text(&sink);
        check_terminal(shown);
        if (used > room || used != terminal_columns(shown))
            fuzz_wrong("more columns than there are", shown);
    }
    sink_abandon(&sink);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = str_of((const char *)data, size);
    if (size > 0)
        heaps_run(check_all, &text);
    return 0;
}
