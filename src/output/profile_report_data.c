/* SPDX-License-Identifier: MIT */
/*
 * profile_report_data: the rows of a profile as JSON and CSV.
 */
#include "output/escape.h"
#include "output/markup.h"
#include "output/profile_report.h"

/* All digits of a weight. */
static void put_profile_data_weight(const struct profile_report *report, uint64_t units,
                                    struct sink *sink)
{
    if (report->factor == 1)
        sink_decimal(sink, units, report->tree->decimals);
    else
        put_number(sink, profile_report_weight(report, units));
}

static void put_profile_data_value(const struct profile_report *report,
                                   const struct profile_rows *rows, const struct profile_row *row,
                                   enum profile_column column, struct sink *sink)
{
    switch (column) {
    case PROFILE_SELF: put_profile_data_weight(report, row->self, sink); break;
    case PROFILE_SELF_PERCENT: sink_fixed(sink, profile_percent(row->self, row->whole), 6); break;
    case PROFILE_RUNNING: sink_fixed(sink, profile_percent(row->running, row->whole), 6); break;
    case PROFILE_TOTAL: put_profile_data_weight(report, row->total, sink); break;
    case PROFILE_TOTAL_PERCENT: sink_fixed(sink, profile_percent(row->total, row->whole), 6); break;
    default: sink_u64(sink, profile_report_samples(report, rows, row->total)); break;
    }
}

static const char *const kind_names[PROFILE_ROW_KINDS] = {"function", "more", "caller", "callee"};

static void put_json_row(const struct profile_report *report, const struct profile_rows *rows,
                         const struct profile_row *row, struct sink *sink)
{
    static const char *const keys[PROFILE_COLUMNS] = {"self",  "self_percent",  "running_percent",
                                                      "total", "total_percent", "samples"};
    struct frame frame = profile_report_frame(report, row);
    PUT(sink, LIT("{\"kind\":\""), WORD(kind_names[row->kind]), LIT("\""));
    if (row->kind != PROFILE_MORE)
        PUT(sink, KEY("name"), STRING(frame.name));
    if (row->kind != PROFILE_MORE && frame.module.n > 0)
        PUT(sink, KEY("module"), STRING(frame.module));
    if (row->kind != PROFILE_MORE && frame.file.n > 0)
        PUT(sink, KEY("file"), STRING(frame.file));
    if (row->kind != PROFILE_MORE && frame.line > 0)
        PUT(sink, KEY("line"), DIGITS(frame.line));
    PUT(sink, KEY("depth"), DIGITS(row->depth), KEY("count"), DIGITS(row->count));
    for (enum profile_column c = PROFILE_SELF; c < PROFILE_COLUMNS; c++) {
        if (!profile_report_has_column(report, rows, c) ||
            !profile_report_has_value(report, row, c))
            continue;
        PUT(sink, LIT(",\""), WORD(keys[c]), LIT("\":"));
        put_profile_data_value(report, rows, row, c, sink);
    }
    sink_byte(sink, '}');
}

void profile_report_write_json(const struct profile_report *report, struct sink *sink)
{
    static const char *const views[] = {"functions", "tree", "callers", "neighbors"};
    struct profile_rows rows;
    profile_rows_make(&rows, report);
    PUT(sink, LIT("{\"flametree_report\":1,\n\"view\":\""), WORD(views[report->view]),
        LIT("\",\"value\":"), STRING(profile_report_value(report)), KEY("unit"),
        STRING(profile_report_unit(report)), KEY("total"));
    put_profile_data_weight(report, rows.sum, sink);
    if (profile_report_samples_known(report))
        PUT(sink, KEY("samples"), DIGITS(report->profile->samples));
    sink_lit(sink, ",\n\"rows\":[");
    for (size_t i = 0; i < rows.list.n; i++) {
        sink_bytes(sink, i > 0 ? STR(",\n") : STR("\n"));
        put_json_row(report, &rows, &rows.list.at[i], sink);
    }
    sink_lit(sink, "]}\n");
    profile_rows_end(&rows);
}

void profile_report_write_csv(const struct profile_report *report, struct sink *sink)
{
    struct profile_rows rows;
    profile_rows_make(&rows, report);
    sink_lit(sink, "function,kind,depth,count,self,self_percent,running_percent,total,"
                   "total_percent,samples,module,file,line\n");
    for (size_t i = 0; i < rows.list.n; i++) {
        const struct profile_row *row = &rows.list.at[i];
        struct frame frame = profile_report_frame(report, row);
        bool named = row->kind != PROFILE_MORE;
        put_csv(named ? frame.name : STR(""), sink);
        PUT(sink, LIT(","), WORD(kind_names[row->kind]), LIT(","), DIGITS(row->depth), LIT(","),
            DIGITS(row->count));
        for (enum profile_column c = PROFILE_SELF; c < PROFILE_COLUMNS; c++) {
            sink_byte(sink, ',');
            if (profile_report_has_column(report, &rows, c) &&
                profile_report_has_value(report, row, c))
                put_profile_data_value(report, &rows, row, c, sink);
        }
        PUT(sink, LIT(","), VIA(put_csv, named ? frame.module : STR("")), LIT(","),
            VIA(put_csv, named ? frame.file : STR("")), LIT(","));
        if (named && frame.line > 0)
            sink_u64(sink, frame.line);
        sink_byte(sink, '\n');
    }
    profile_rows_end(&rows);
}
