/*
 * reader: choose the reader of an input, and run it.
 */
#include "format/reader.h"

struct reading_job {
    struct reading *reading;
    struct reader_input input;
    struct parallel *parallel;
    struct err *err;
};

static void close_reader(struct reading *reading)
{
    if (reading->reader && reading->reader->close && reading->builder.state)
        reading->reader->close(&reading->builder);
    reading->builder.state = NULL;
    reading->reader = NULL;
}

static bool choose_reader(struct reading *reading, str head, struct err *err)
{
    struct err tie = {0};
    const struct reader *reader = reading->format;
    str start = str_head(head, head.n < sizeof reading->head ? head.n : sizeof reading->head);
    memcpy(reading->head, start.p, start.n);
    reading->head_n = start.n;
    if (!reader && !reading_is_binary(start))
        reader = reader_choose(head, &tie);
    if (!reader && tie.code != ERR_NONE) {
        *err = tie;
        return false;
    }
    reading->last = reader;
    if (!reader)
        return reading_diagnose(reading, err);
    if (reader != reading->reader)
        close_reader(reading);
    reading->reader = reader;
    return true;
}

static void show_reading_progress(void *context, uint64_t bytes)
{
    struct reading *reading = context;
    if (reading->progress)
        reading->progress(reading->progress_context, reading->bytes + bytes,
                          reading->profile->samples);
}

static bool run_reader(void *arg)
{
    struct reading_job *job = arg;
    struct reading *reading = job->reading;
    struct reader_input *input = &job->input;
    const struct source *source = input->source;
    reader_input_skip_mark(input);
    str head = reader_input_peek(input, READER_HEAD);
    if (input->failed || head.n == 0)
        return !input->failed; /* an empty input has no samples */
    if (!choose_reader(reading, head, job->err))
        return false;
    /* only the size of a plain file is known */
    if (!source_can_seek(source) || source->size == 0 || source->size >= reading->parallel.after)
        job->parallel = parallel_open(&reading->parallel, reading->reader, &reading->builder,
                                      input);
    input->parallel = job->parallel;
    return reading->reader->read(&reading->builder, input, job->err) && !input->failed;
}

bool reading_add(struct reading *reading, struct source *source, struct err *err)
{
    struct heap *heap = reading->profile->heap;
    struct reading_job job = {.reading = reading, .err = err};
    job.input = (struct reader_input){
        .heap = heap,
        .source = source,
        .err = err,
        .block = reading->block,
        .line_most = reading->line_most,
        .progress = show_reading_progress,
        .progress_context = reading,
    };
    if (!reading->builder.heap)
        builder_init(&reading->builder, reading->profile, reading->options);
    builder_start(&reading->builder, source->name);
    /* if memory runs out, wait for the threads before that failure is passed on */
    bool done = heap_guard(heap, run_reader, &job, err);
    bool usable = done || err->code != ERR_MEMORY;
    if (job.parallel)
        done &= parallel_end(job.parallel, usable, err);
    if (usable) {
        builder_flush(&reading->builder);
        reading->profile->lines += job.input.lines;
    }
    reading->bytes += job.input.bytes;
    if (err->code == ERR_MEMORY) /* it is not an error of this file */
        return false;
    reader_input_end(&job.input);
    return done || err_in_file(err, source->name, 0);
}

void reading_finish(struct reading *reading)
{
    close_reader(reading);
    if (reading->builder.heap)
        builder_end(&reading->builder);
    reading->builder.heap = NULL;
}

/* ---- registry ---- */

const struct reader *const readers[] = {
    &reader_perf,         &reader_folded,     &reader_svg,      &reader_pprof,
    &reader_v8_profile,   &reader_speedscope, &reader_trace,    &reader_callgrind,
    &reader_firefox,      &reader_jvm,        &reader_gdb,      &reader_eu_stack,
    &reader_faulthandler, &reader_go,         &reader_bpftrace, &reader_dtrace,
    &reader_systemtap,    &reader_otlp,
};

const size_t reader_count = sizeof readers / sizeof readers[0];

const struct reader *reader_find(str name)
{
    for (size_t i = 0; i < reader_count; i++)
        if (str_equal(str_from_c(readers[i]->name), name))
            return readers[i];
    return NULL;
}

const struct reader *reader_choose(str head, struct err *err)
{
    const struct reader *best = NULL, *second = NULL;
    int highest = 0;
    for (size_t i = 0; i < reader_count && highest < READER_CERTAIN; i++) {
        int bid = readers[i]->bid(head);
        if (bid > highest) {
            best = readers[i];
            second = NULL;
            highest = bid;
        } else if (bid == highest && bid > 0) {
            second = readers[i];
        }
    }
    if (!second)
        return best;
    err_set(err, ERR_INPUT, "it could be %s or %s: say which with --input-format", best->name,
            second->name);
    return NULL;
}

/* ---- diagnose ---- */

#define TO_UTF8 "convert it first: iconv -f UTF-16 -t UTF-8 FILE | collapse"

/* A kind of file that is no profile. */
struct file_kind {
    str start;
    const char *name, *advice;
    size_t at;   /* offset of `start` */
    bool binary; /* no reader may bid, even if some lines look like a profile */
};

static const struct file_kind file_kinds[] = {
    {STR_INIT("PERFILE2"), "a perf.data file",
     "print it as text first: perf script -i FILE | collapse", .binary = true},
    {STR_INIT("\x7f"
              "ELF"),
     "a program, not a profile of one", "record it: perf record -g PROGRAM", .binary = true},
    {STR_INIT("ustar"), "a tar archive", "take the profile out: tar -xOf FILE | ...", .at = 257,
     .binary = true},
    {STR_INIT("PK\3\4"), "a zip archive", "take the profile out: unzip -p FILE | ...",
     .binary = true},
    {STR_INIT("BZh91AY&SY"), "bzip2 data", "unpack it first: bzip2 -dc FILE | ...", .binary = true},
    {STR_INIT("\4\"M\x18"), "lz4 data", "unpack it first: lz4 -dc FILE | ...", .binary = true},
    {STR_INIT("%PDF"), "a PDF", "give the profile that it was made from", .binary = false},
    {STR_INIT("\x89PNG"), "a PNG", "give the profile that it was made from", .binary = false},
    {STR_INIT("<?xml"), "XML", "give the profile that it was made from", .binary = false},
    {STR_INIT("{"), "JSON", "give folded stacks or the text of perf script", .binary = false},
    {STR_INIT("goroutine profile: total "), "goroutines as debug=1 prints them",
     "leave debug=1 out, or ask for debug=2", .binary = false},
    {STR_INIT("[ perf record: "), "the messages of perf record",
     "print the samples: perf script | collapse", .binary = false},
    {STR_INIT("\xff\xfe"), "UTF-16", TO_UTF8, .binary = true},
    {STR_INIT("\xfe\xff"), "UTF-16", TO_UTF8, .binary = true},
};

/* A kind of text, by the start of a line and a part of it. */
static const struct {
    str start, part;
    const char *name, *advice;
} text_kinds[] = {
    {STR_INIT("@"), STR_INIT("["), "the output of bpftrace",
     "record with perf record -g, or fold it with stackcollapse-bpftrace.pl"},
    {STR_INIT("Attaching "), STR_INIT(" probe"), "the output of bpftrace",
     "record with perf record -g, or fold it with stackcollapse-bpftrace.pl"},
    {STR_INIT("# Overhead"), STR_INIT(" "), "the text of perf report",
     "print the samples instead: perf script | collapse"},
    {STR_INIT("# Samples: "), STR_INIT(" of event"), "the text of perf report",
     "print the samples instead: perf script | collapse"},
    {STR_INIT("# To display the perf.data header info"), STR_INIT(""), "the text of perf report",
     "print the samples instead: perf script | collapse"},
    {STR_INIT("# tracer: "), STR_INIT(""), "a trace of the kernel (ftrace)",
     "record stacks with perf record -g"},
    {STR_INIT("[<"), STR_INIT(">] "), "a stack of the kernel (/proc/PID/stack)",
     "record many of them: perf record -g"},
    {STR_INIT("[<"), STR_INIT("+0x"), "a stack of the kernel (/proc/PID/stack)",
     "record many of them: perf record -g"},
};

/* "[  123.456789] Call Trace:" */
static bool is_kernel_log(str line)
{
    str inside = str_trim_left(str_skip(line, line.n > 0));
    size_t close = str_find(inside, ']', 0), dot = str_find(inside, '.', 0);
    return str_starts(line, STR("[")) && dot < close && close + 1 < inside.n &&
           inside.p[close + 1] == ' ' && dot > 0 && is_digit(inside.p[dot - 1]) &&
           is_digit(inside.p[dot + 1]);
}

/* "bash-1234  [000]  1234.567890: sched_switch: ...": name and id are one word. */
static bool is_ftrace(str line)
{
    line = str_trim_left(line);
    size_t cpu = str_search(line, STR(" ["), 0), at = str_trim_right(str_head(line, cpu)).n;
    size_t digits = at;
    if (cpu == line.n || str_find(line, '.', cpu) == line.n || str_find(line, ':', cpu) == line.n)
        return false;
    while (digits > 0 && is_digit(line.p[digits - 1]))
        digits--;
    return digits < at && digits > 1 && line.p[digits - 1] == '-' && !is_blank(line.p[digits - 2]);
}

/* "[00:00:00] Top 10 stacks" */
static bool is_clock(str line)
{
    return line.n > 10 && line.p[0] == '[' && line.p[3] == ':' && line.p[6] == ':' &&
           line.p[9] == ']' && is_digit(line.p[1]);
}

/* A list: "[", then a value. */
static bool is_json(str head)
{
    str rest = str_skip(head, head.n > 0);
    while (rest.n > 0 && (is_blank(rest.p[0]) || rest.p[0] == '\n' || rest.p[0] == '\r'))
        rest = str_skip(rest, 1);
    if (!str_starts(head, STR("[")) || rest.n == 0)
        return str_equal(str_trim(head), STR("["));
    size_t end = 0;
    while (end < rest.n && (is_digit(rest.p[end]) || (end > 0 && rest.p[end] == '.')))
        end++;
    return strchr("{[]\"-", rest.p[0]) != NULL ||
           (end > 0 && end < rest.n &&
            (rest.p[end] == ',' || rest.p[end] == ' ' || rest.p[end] == '\n'));
}

/* NULL if the line is of no known kind. */
static const char *find_line_kind(str line, const char **advice)
{
    for (size_t i = 0; i < sizeof text_kinds / sizeof text_kinds[0]; i++) {
        if (str_starts(line, text_kinds[i].start) && str_contains(line, text_kinds[i].part)) {
            *advice = text_kinds[i].advice;
            return text_kinds[i].name;
        }
    }
    *advice = "record stacks with perf record -g, and print them with perf script";
    if (is_kernel_log(line))
        return "a log of the kernel (dmesg)";
    if (is_ftrace(line))
        return "a trace of the kernel (trace-cmd report, ftrace)";
    return is_clock(line) ? "the output of a bcc tool" : NULL;
}

/* The kind of one of the first lines; NULL if there is none. */
static const char *find_text_kind(str head, const char **advice)
{
    enum { LINES = 40 };
    const char *kind = NULL;
    for (size_t at = 0, n = 0, end; at < head.n && n < LINES && !kind; at = end + 1, n++) {
        end = str_find(head, '\n', at);
        kind = find_line_kind(str_cut(head, at, end), advice);
    }
    return kind;
}

/* The only control characters of text are white space and escapes for color. */
static bool has_control_characters(str head)
{
    for (size_t i = 0; i < head.n; i++) {
        unsigned char c = (unsigned char)head.p[i];
        if (c < 0x20 && c != 0x1b && (c < '\b' || c > '\r'))
            return true;
    }
    return false;
}

/* Every other byte is NUL: UTF-16 without a byte order mark. */
static bool is_utf16(str head)
{
    size_t n = head.n < 64 ? head.n & ~(size_t)1 : 64, low = 0, high = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        low += head.p[i] == '\0' && head.p[i + 1] != '\0';
        high += head.p[i] != '\0' && head.p[i + 1] == '\0';
    }
    return n >= 8 && (low * 2 == n || high * 2 == n);
}

static const struct file_kind *find_file_kind(str head)
{
    const struct file_kind *end = file_kinds + sizeof file_kinds / sizeof file_kinds[0];
    for (const struct file_kind *kind = file_kinds; kind < end; kind++)
        if (head.n >= kind->at && str_starts(str_skip(head, kind->at), kind->start))
            return kind;
    return NULL;
}

bool reading_is_binary(str head)
{
    const struct file_kind *kind = find_file_kind(head);
    return kind && kind->binary && has_control_characters(head);
}

/* A reader found no stack. */
static bool diagnose_reader(const struct reading *reading, str head, struct err *err)
{
    const struct reader *likely = reader_choose(head, NULL);
    if (likely && likely != reading->last)
        return err_set(err, ERR_INPUT,
                       "no stack found: it looks like %s, but was read as %s; "
                       "leave out --input-format or give --input-format %s",
                       likely->name, reading->last->name, likely->name);
    return err_set(err, ERR_INPUT,
                   "no stack found in %llu line%s of %s; record with call graphs: "
                   "perf record -g",
                   (unsigned long long)reading->profile->lines,
                   reading->profile->lines == 1 ? "" : "s", reading->last->name);
}

bool reading_diagnose(const struct reading *reading, struct err *err)
{
    str head = str_of(reading->head, reading->head_n);
    const struct file_kind *kind = find_file_kind(head);
    const char *name = "plain text without stacks", *text, *text_advice;
    const char *advice = "give folded stacks (a;b;c 12) or the text of perf script";
    if (head.n == 0)
        return err_set(err, ERR_INPUT,
                       "the input is empty: if it comes from a pipe, look at the messages of "
                       "the program before");
    bool is_svg = str_starts(head, STR("<")) && str_contains(head, STR("<svg"));
    if (reading->profile->left_out_as)
        return err_set(err, ERR_INPUT, "all samples are %s: --idle keeps them",
                       reading->profile->left_out_as);
    if (!is_svg && reading->last && reading->last->gap_lines == 0)
        return err_set(err, ERR_INPUT, "the %s profile has no samples", reading->last->name);
    if (is_svg) {
        name = "an SVG without a profile in it";
        advice = "give the profile that it was made from, or convert it with rsvg-convert";
    } else if (kind) {
        name = kind->name;
        advice = kind->advice;
    } else if (is_utf16(head)) {
        name = "UTF-16";
        advice = TO_UTF8;
    } else if ((text = find_text_kind(head, &text_advice))) {
        name = text;
        advice = text_advice;
    } else if (is_json(head)) {
        name = "JSON";
        advice = "give folded stacks or the text of perf script";
    } else if (has_control_characters(head)) {
        name = "binary data";
        advice = "give folded stacks or the text of perf script";
    } else if (reading->last) {
        return diagnose_reader(reading, head, err);
    }
    return err_set(err, ERR_INPUT, "no stack found: it looks like %s; %s", name, advice);
}
