/* SPDX-License-Identifier: MIT */
/*
 * series_data: a series for programs, as JSON (doc/format.md, section 5).
 */
#include "output/markup.h"
#include "output/series_report.h"

static void put_subject(const struct series_row *row, struct sink *sink)
{
    static const char *const subjects[] = {"total", "class", "function", "self"};
    PUT(sink, LIT("{\"of\":\""), WORD(subjects[row->subject]), LIT("\",\"name\":"));
    if (row->subject == SERIES_TOTAL)
        sink_lit(sink, "null");
    else
        put_string(sink, row->name);
}

static void put_series_runs(const struct series_report *report, struct sink *sink)
{
    for (size_t r = 0; r < report->run_count; r++) {
        const struct series_run *run = &report->runs[r];
        PUT(sink, WORD(r > 0 ? ",\n" : "\n"), LIT("{\"file\":"), STRING(run->file), KEY("name"),
            STRING(run->name), KEY("commit"));
        if (run->commit.n > 0)
            put_string(sink, run->commit);
        else
            sink_lit(sink, "null");
        sink_lit(sink, ",\"date\":");
        if (run->day.n > 0)
            put_string(sink, run->day);
        else
            sink_lit(sink, "null");
        PUT(sink, KEY("total"), NUMBER(run->total), KEY("work"));
        if (run->work > 0)
            PUT(sink, NUMBER(run->work), LIT("}"));
        else
            sink_lit(sink, "null}");
    }
}

static void put_event(const struct series_report *report, const struct series_event *event,
                      struct sink *sink)
{
    PUT(sink, LIT("{\"kind\":\""), WORD(series_kind_name(event->kind)), LIT("\",\"at\":"),
        DIGITS(event->at), KEY("end"), DIGITS(event->end), LIT(",\"costs\":["));
    for (size_t i = 0; i < event->members.n; i++) {
        const struct series_member *member = &event->members.at[i];
        const struct series_change *change = series_change_of(report->rows, member);
        PUT(sink, WORD(i > 0 ? ",\n" : "\n"));
        put_subject(&report->rows[member->row], sink);
        PUT(sink, KEY("before"), NUMBER(change->before), KEY("after"), NUMBER(change->after),
            KEY("percent"), NUMBER((change->after - change->before) / report->whole * 100),
            KEY("at"), DIGITS(change->at), KEY("end"), DIGITS(change->end), KEY("p"),
            NUMBER(change->p), LIT("}"));
    }
    PUT(sink, LIT("],\"command\":"), STRING(series_command(report, event, sink->heap)), LIT("}"));
}

static void put_costs(const struct series_report *report, struct sink *sink)
{
    for (size_t r = 0; r < report->row_count; r++) {
        const struct series_row *row = &report->rows[r];
        PUT(sink, WORD(r > 0 ? ",\n" : "\n"));
        put_subject(row, sink);
        PUT(sink, KEY("judged"), BOOL(row->judged), LIT(",\"values\":["));
        for (size_t i = 0; i < report->run_count; i++)
            PUT(sink, WORD(i > 0 ? "," : ""), NUMBER(row->values[i]));
        sink_lit(sink, "]}");
    }
}

void series_write_json(const struct series_report *report, struct sink *sink)
{
    static const char *const scales[] = {"none", "work", "total"};
    PUT(sink, LIT("{\"flamediff-series\":1,\n\"normalize\":\""), WORD(scales[report->scale]),
        LIT("\",\"unit\":"), STRING(report->unit), KEY("workunit"), STRING(report->work_unit),
        KEY("whole"), NUMBER(report->whole), KEY("confidence"), NUMBER(report->confidence),
        KEY("least"), NUMBER(report->least * 100), KEY("judged"), DIGITS(report->result.judged),
        KEY("orders"), DIGITS(report->result.permutations), KEY("toofew"),
        BOOL(report->result.too_few), KEY("normal"), BOOL(report->result.normal),
        LIT(",\n\"runs\":["));
    put_series_runs(report, sink);
    sink_lit(sink, "],\n\"changes\":[");
    for (size_t i = 0; i < report->events->list.n; i++) {
        PUT(sink, WORD(i > 0 ? ",\n" : "\n"));
        put_event(report, &report->events->list.at[i], sink);
    }
    sink_lit(sink, "],\n\"costs\":[");
    put_costs(report, sink);
    sink_lit(sink, "]}\n");
}
