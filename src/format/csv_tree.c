/* SPDX-License-Identifier: MIT */
/*
 * csv_tree: call trees as tables, with one line for each function and its depth.
 *
 *      VTune           Function Stack,CPU Time:Self,Module      vtune -report top-down -format csv
 *                      Total,0,[Unknown]
 *                       main,0.25,shop.exe                      a blank for each level, seconds
 *
 *      Visual Studio   Level,Function Name,Number of Calls,...  the export of its call tree
 *                      0,"shop.exe",0,100.00,...                level 0 is the process
 *                      1,"Shop.fill(int)","2,893",54.37,...
 */
#include "core/num.h"
#include "format/dump.h"
#include "format/indented.h"

enum { COLUMNS = 64 };

struct csv_column {
    size_t at;
    unsigned power; /* its numbers count in 10^-power */
};

struct csv_tree {
    struct dump dump;
    struct indented tree;
    char separator;
    size_t depth_at, name_at, module_at;
    struct value_type types[INDENTED_VALUES];
    struct csv_column values[INDENTED_VALUES];
    size_t value_count;
    struct strbuf name;
    str fields[COLUMNS]; /* of the current line, without their quotes */
    size_t field_count;
};

/* The field ends at the next separator that is not between quotes. */
static str take_csv_field(str *rest, char separator)
{
    bool quoted = false;
    size_t n = 0;
    while (n < rest->n && (quoted || rest->p[n] != separator))
        quoted ^= rest->p[n++] == '"';
    str field = str_head(*rest, n);
    *rest = str_skip(*rest, n + (n < rest->n));
    str text = str_trim_left(field); /* VTune indents before the quote */
    bool whole = text.n >= 2 && text.p[0] == '"' && text.p[text.n - 1] == '"';
    return whole ? str_cut(text, 1, text.n - 1) : field;
}

static void split_fields(struct csv_tree *csv, str line)
{
    csv->field_count = 0;
    while (line.n > 0 && csv->field_count < COLUMNS)
        csv->fields[csv->field_count++] = take_csv_field(&line, csv->separator);
}

static str get_field(const struct csv_tree *csv, size_t at)
{
    return at < csv->field_count ? csv->fields[at] : STR("");
}

static size_t find_csv_column(const struct csv_tree *csv, str name)
{
    size_t at = 0;
    while (at < csv->field_count && !str_equal(csv->fields[at], name))
        at++;
    return at < csv->field_count ? at : SIZE_MAX;
}

static void add_value(struct csv_tree *csv, size_t at, str name, str unit, unsigned power)
{
    if (at == SIZE_MAX || csv->value_count == INDENTED_VALUES)
        return;
    csv->types[csv->value_count] = (struct value_type){.name = name, .unit = unit};
    csv->values[csv->value_count++] = (struct csv_column){at, power};
}

static bool check_csv_columns(struct csv_tree *csv)
{
    if (csv->name_at == SIZE_MAX || csv->value_count == 0)
        return err_set(csv->dump.err, ERR_INPUT, "line %llu: no column has weights of functions",
                       (unsigned long long)csv->dump.line);
    return builder_value_types(csv->dump.builder, csv->types, csv->value_count, 0, csv->dump.err);
}

/* Between quotes a quote is doubled. */
static str unquote_name(struct csv_tree *csv, str name)
{
    struct strbuf *text = &csv->name;
    if (!str_contains(name, STR("\"\"")))
        return name;
    strbuf_clear(text);
    for (size_t i = 0; i < name.n; i++) {
        strbuf_add(text, str_cut(name, i, i + 1));
        i += str_starts(str_skip(name, i), STR("\"\""));
    }
    return strbuf_str(text);
}

static bool add_line(struct csv_tree *csv, struct indented_line *line, const struct frame *frame)
{
    line->position = csv->dump.line;
    for (size_t i = 0; i < csv->value_count; i++)
        line->values[i] = builder_parse_weight(csv->dump.builder, get_field(csv, csv->values[i].at),
                                               csv->values[i].power, csv->dump.line);
    line->frame = frame ? builder_frame(csv->dump.builder, frame) : INDENTED_NO_FRAME;
    return indented_add(&csv->tree, line);
}

static bool read_csv_lines(struct builder *builder, struct reader_input *input, struct err *err,
                           dump_line_fn *take)
{
    struct csv_tree csv = {.tree = {.builder = builder, .err = err}, .name.heap = builder->scratch};
    dump_init(&csv.dump, builder, err);
    return dump_read(&csv.dump, input, take) && indented_finish(&csv.tree);
}

/* ---- VTune ---- */

static bool start_vtune(struct csv_tree *csv, str header)
{
    static const str mark = STR_INIT("Function Stack");
    size_t after = str_search(header, mark, 0) + mark.n;
    after += after < header.n && header.p[after] == '"';
    csv->separator = after < header.n ? header.p[after] : ','; /* -csv-delimiter */
    split_fields(csv, header);
    csv->name_at = find_csv_column(csv, mark);
    csv->module_at = find_csv_column(csv, STR("Module"));
    for (size_t i = 0; i < csv->field_count; i++) {
        str name = csv->fields[i];
        if (!str_ends(name, STR(":Self")))
            continue;
        name = str_head(name, name.n - STR(":Self").n);
        bool time = str_contains(name, STR("Time"));
        name = intern_text(&csv->dump.texts, name);
        add_value(csv, i, name, time ? STR("nanoseconds") : STR("count"), time ? 9 : 0);
    }
    return check_csv_columns(csv);
}

static bool take_vtune_line(struct dump *dump, str line)
{
    struct csv_tree *csv = (struct csv_tree *)dump;
    struct indented_line function = {.depth = 0};
    if (csv->separator == '\0')
        return !str_contains(line, STR("Function Stack")) || start_vtune(csv, line);
    if (str_trim(line).n == 0)
        return true;
    split_fields(csv, line);
    str name = get_field(csv, csv->name_at);
    function.depth = dump_indent(name);
    if (function.depth == 0) /* blanks before the quote */
        function.depth = dump_indent(line);
    if (str_trim(name).n == 0) {
        dump_skip(dump, "a line without a function");
        return true;
    }
    struct frame frame = {.name = unquote_name(csv, str_trim(name)),
                          .module = get_field(csv, csv->module_at)};
    if (frame.module.n > 0 && !dump->builder->options->no_modules) {
        strbuf_set(&dump->name, frame.module);
        strbuf_add(&dump->name, STR("`"));
        strbuf_add(&dump->name, frame.name);
        frame.name = strbuf_str(&dump->name);
    }
    return add_line(csv, &function, &frame);
}

static bool vtune_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    return read_csv_lines(builder, input, err, take_vtune_line);
}

static int vtune_bid(str head)
{
    str line = str_head(head, str_find(head, '\n', 0));
    bool starts = str_starts(line, STR("Function Stack")) ||
                  str_starts(line, STR("\"Function Stack\""));
    return starts && str_contains(line, STR(":Self")) ? DUMP_BID : 0;
}

const struct reader reader_vtune = {
    .name = "vtune",
    .help = "top-down trees of VTune as a table (csv)",
    .needs = "Function Stack",
    .bid = vtune_bid,
    .read = vtune_read,
};

/* ---- Visual Studio ---- */

static bool start_visual_studio(struct csv_tree *csv, str header)
{
    csv->separator = ',';
    split_fields(csv, header);
    csv->depth_at = find_csv_column(csv, STR("Level"));
    csv->name_at = find_csv_column(csv, STR("Function Name"));
    csv->module_at = find_csv_column(csv, STR("Module Name"));
    add_value(csv, find_csv_column(csv, STR("Exclusive Samples")), STR("samples"), STR("count"), 0);
    add_value(csv, find_csv_column(csv, STR("Exclusive Bytes")), STR("bytes"), STR("bytes"), 0);
    add_value(csv, find_csv_column(csv, STR("Number of Calls")), STR("calls"), STR("count"), 0);
    add_value(csv, find_csv_column(csv, STR("Elapsed Exclusive Time %")), STR("time"),
              STR("hundredths of a percent"), 2);
    return check_csv_columns(csv);
}

static bool take_visual_studio_line(struct dump *dump, str line)
{
    struct csv_tree *csv = (struct csv_tree *)dump;
    struct indented_line function = {.depth = 0};
    if (csv->separator == '\0')
        return !str_starts(line, STR("Level,")) || start_visual_studio(csv, line);
    if (str_trim(line).n == 0)
        return true;
    split_fields(csv, line);
    if (!num_parse_u64(get_field(csv, csv->depth_at), &function.depth)) {
        dump_skip(dump, "a line without a level");
        return true;
    }
    struct frame frame = {.name = unquote_name(csv, str_trim(get_field(csv, csv->name_at))),
                          .module = get_field(csv, csv->module_at)};
    return add_line(csv, &function, function.depth > 0 ? &frame : NULL);
}

static bool visual_studio_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    return read_csv_lines(builder, input, err, take_visual_studio_line);
}

static int visual_studio_bid(str head)
{
    return str_starts(head, STR("Level,Function Name,")) ? DUMP_BID : 0;
}

const struct reader reader_visual_studio = {
    .name = "visual-studio",
    .help = "call trees of Visual Studio as a table (csv)",
    .needs = "Level,Function Name,",
    .bid = visual_studio_bid,
    .read = visual_studio_read,
};
