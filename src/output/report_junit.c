/*
 * report_junit: the gates as JUnit XML. A gate is a test case; a regression is a failure, too
 * little data an error, so that neither passes.
 */
#include "output/report.h"

static void count(const struct report *report, size_t counts[3])
{
    for (size_t i = 0; i < report->gate_count; i++)
        counts[report->gates[i].result]++;
}

static void put_text(str text, struct sink *sink)
{
    sink_xml(sink, text);
}

static void put_case(const struct report *report, const struct gate *gate, struct sink *sink)
{
    str sentence = report_gate_sentence(gate, report->comparison->set->heap);
    static const str kinds[] = {STR_INIT(""), STR_INIT("failure"), STR_INIT("error")};
    str kind = kinds[gate->result];
    sink_lit(sink, "    <testcase classname=\"flamediff\" name=\"");
    sink_xml(sink, gate->text);
    sink_lit(sink, "\">\n      <");
    sink_bytes(sink, kind.n > 0 ? kind : STR("system-out"));
    if (kind.n > 0) {
        sink_lit(sink, " type=\"");
        sink_bytes(sink, str_from_c(report_gate_result(gate)));
        sink_lit(sink, "\" message=\"");
        sink_xml(sink, sentence);
        sink_byte(sink, '"');
    }
    sink_byte(sink, '>');
    sink_xml(sink, sentence);
    sink_lit(sink, "</");
    sink_bytes(sink, kind.n > 0 ? kind : STR("system-out"));
    sink_lit(sink, ">\n    </testcase>\n");
}

void report_write_junit(const struct report *report, struct sink *sink)
{
    size_t counts[3] = {0, 0, 0};
    count(report, counts);
    sink_lit(sink, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                   "  <testsuite name=\"flamediff\" tests=\"");
    sink_u64(sink, report->gate_count);
    sink_lit(sink, "\" failures=\"");
    sink_u64(sink, counts[GATE_REGRESSION]);
    sink_lit(sink, "\" errors=\"");
    sink_u64(sink, counts[GATE_TOO_LITTLE]);
    sink_lit(sink, "\">\n    <properties>\n      <property name=\"scale\" value=\"");
    report_put_normalization(report, put_text, sink);
    sink_lit(sink, "\"/>\n    </properties>\n");
    for (size_t i = 0; i < report->gate_count; i++)
        put_case(report, &report->gates[i], sink);
    sink_lit(sink, "  </testsuite>\n</testsuites>\n");
}
