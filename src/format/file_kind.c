/* SPDX-License-Identifier: MIT */
/*
 * file_kind: the table of files that no reader reads, and how to get a profile from them.
 *
 * When a reader for one of these formats is added, its entry goes.
 */
#include "format/protobuf.h"
#include "format/reader.h"

/* Bids, on the scale of the readers. */
enum {
    BID_LOOK = 1,   /* names the input only if no reader finds a stack in it */
    BID_JSON = 86,  /* more than readers of JSON */
    BID_TITLE = 96, /* more than the text of perf script */
    BID_MAGIC = 100,
};

#define TO_UTF8  "convert it first: iconv -f UTF-16 -t UTF-8 FILE | collapse"
#define SAMPLES  "print the samples instead: perf script | collapse"
#define ORIGINAL "give the profile that it was made from"
#define USABLE   "give folded stacks or the text of perf script"
#define RECORD   "record stacks with perf record -g, and print them with perf script"
#define GPERFTOOLS \
    "go tool pprof -proto BINARY FILE >x.pb.gz, or google-pprof --collapsed BINARY FILE"
#define CONVERT "convert it: "

/* ---- kinds that need a function ---- */

/* The only control characters of text are white space and escapes for color. */
bool file_kind_is_binary(str head)
{
    for (size_t i = 0; i < head.n; i++) {
        unsigned char c = (unsigned char)head.p[i];
        if (c >= 0x20)
            continue;
        if (c != 0x1b && (c < '\b' || c > '\r'))
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

/* "[  123.456789] Call Trace:" */
static bool is_kernel_log(str line)
{
    if (!str_starts(line, STR("[")))
        return false;
    str inside = str_trim_left(str_skip(line, 1));
    size_t close = str_find(inside, ']', 0), dot = str_find(inside, '.', 0);
    return dot < close && close + 1 < inside.n && inside.p[close + 1] == ' ' && dot > 0 &&
           is_digit(inside.p[dot - 1]) && is_digit(inside.p[dot + 1]);
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

/* An object, or a list: "[", then a value. */
static bool is_any_json(str head)
{
    if (str_starts(head, STR("{")))
        return true;
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

/* {"main()==>work":{"ct":3, ... */
static bool is_xhprof(str head)
{
    bool array = str_starts(head, STR("a:")); /* of PHP's serialize() */
    return (array || str_starts(head, STR("{"))) && str_contains(head, STR("==>")) &&
           str_contains(head, STR("\"ct\""));
}

/* Packets of the trace, each with the id of its sequence. */
static bool is_perfetto(str head)
{
    struct protobuf trace = protobuf_of(head), packet;
    struct protobuf_field field, part;
    unsigned packets = 0, marked = 0;
    if (!str_starts(head, STR("\n"))) /* the tag of a packet */
        return false;
    while (protobuf_next(&trace, &field)) {
        if (field.number != 1 || field.type != PROTOBUF_BYTES)
            return false;
        packet = protobuf_of(field.bytes);
        packets++;
        while (protobuf_next(&packet, &part))
            marked += part.number == 10 && part.type == PROTOBUF_VARINT;
        if (packet.damaged)
            return false;
    }
    return packets >= 2 && marked >= packets - 1;
}

/* ---- the table ---- */

static const struct file_kind kinds[] = {
    /* profiles of other programs */
    {"a CPU profile of gperftools", CONVERT GPERFTOOLS,
     STR_INIT("\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), .bid = BID_MAGIC,
     .binary = true},
    {"a CPU profile of gperftools", CONVERT GPERFTOOLS, STR_INIT("\0\0\0\0\3\0\0\0\0\0\0\0"),
     .bid = BID_MAGIC, .binary = true},
    {"a heap profile of Go as debug=1 prints it", "leave out ?debug=1", STR_INIT("heap profile: "),
     STR_INIT("@ heap/"), .bid = BID_TITLE},
    {"a heap profile of gperftools", CONVERT GPERFTOOLS, STR_INIT("heap profile: "),
     .bid = BID_TITLE},
    {"a profile of locks as Go's debug=1 or gperftools prints it",
     "Go: leave out ?debug=1; gperftools: " GPERFTOOLS, STR_INIT("--- contention"),
     .bid = BID_TITLE},
    {"a profile of locks as Go's debug=1 prints it", "leave out ?debug=1", STR_INIT("--- mutex:"),
     .bid = BID_TITLE},
    {"goroutines as debug=1 prints them", "leave out ?debug=1, or ask for ?debug=2",
     STR_INIT("goroutine profile: total "), .bid = BID_TITLE},
    {"threads as Go's debug=1 prints them", "leave out ?debug=1",
     STR_INIT("threadcreate profile: total "), .bid = BID_TITLE},
    {"the text of go tool pprof -raw", ORIGINAL, STR_INIT("PeriodType: "), STR_INIT("Samples:\n"),
     .bid = BID_TITLE},
    {"a heap profile of jemalloc", CONVERT "jeprof --collapsed BINARY FILE | flamegraph",
     STR_INIT("heap_v2/"), .bid = BID_TITLE},
    {"a MOJO file of austin", CONVERT "mojo2austin FILE out.austin", STR_INIT("MOJ"),
     .bid = BID_MAGIC, .binary = true},
    {"the data of heaptrack", CONVERT "heaptrack_print FILE -F out.folded", STR_INIT("v "),
     STR_INIT("\nX "), .bid = BID_TITLE},
    {"the log of V8 (node --prof)", "record with node --cpu-prof", STR_INIT("v8-version,"),
     .bid = BID_TITLE},
    {"a heap snapshot of V8, which has no stacks", "record with node --heap-prof",
     STR_INIT("{\"snapshot\":{"), STR_INIT("\"meta\":"), .bid = BID_JSON},
    {"a heap dump of Java, which has no stacks", "record allocations with JFR",
     STR_INIT("JAVA PROFILE "), .bid = BID_TITLE},
    {"a .nettrace file of .NET", CONVERT "dotnet-trace convert --format Speedscope FILE",
     STR_INIT("Nettrace"), .bid = BID_MAGIC, .binary = true},
    {"a trace of Perfetto", CONVERT "traceconv json FILE out.json", .matches = is_perfetto,
     .bid = BID_JSON, .binary = true},
    {"the data of uftrace", CONVERT "uftrace dump --flame-graph", STR_INIT("Ftrace!"),
     .bid = BID_MAGIC, .binary = true},
    {"a capture of sysprof", "record with perf record -g", STR_INIT("\x5e\x97\xca\xfd"),
     .bid = BID_MAGIC, .binary = true},
    {"a trace of Tracy", "record with perf record -g", STR_INIT("tlZ\4"), .bid = BID_MAGIC,
     .binary = true},
    {"a trace of Tracy", "record with perf record -g", STR_INIT("tZst"), .bid = BID_MAGIC,
     .binary = true},
    {"a dump of stackprof", CONVERT "stackprof --stackcollapse FILE | flamegraph",
     STR_INIT("\4\b{"), STR_INIT("interval"), .bid = BID_MAGIC, .binary = true},
    {"a profile of xhprof, which has no stacks", "record with excimer or with a trace of Xdebug",
     .matches = is_xhprof, .bid = BID_JSON},
    {"the counts of gprof (gmon.out), which have no stacks", "record with perf record -g",
     STR_INIT("gmon"), .bid = BID_MAGIC, .binary = true},
    {"the text of gprof, which has no stacks", "record with perf record -g",
     STR_INIT("Flat profile:"), STR_INIT("% "), .bid = BID_TITLE},
    {"the text of perf report", SAMPLES, STR_INIT("# Overhead"), STR_INIT(" "), .line = true,
     .bid = BID_LOOK},
    {"the text of perf report", SAMPLES, STR_INIT("# Samples: "), STR_INIT(" of event"),
     .line = true, .bid = BID_LOOK},
    {"the text of perf report", SAMPLES, STR_INIT("# To display the perf.data header info"),
     .line = true, .bid = BID_LOOK},
    {"the messages of perf record", "print the samples: perf script | collapse",
     STR_INIT("[ perf record: "), .bid = BID_LOOK},

    /* formats that have a better variant, or no reader yet */
    {"the text of ms_print", "give the massif.out that it was made from", STR_INIT("----"),
     STR_INIT("\nMassif arguments: "), .bid = BID_TITLE},
    {"a readable trace of Xdebug", "record with xdebug.trace_format=1", STR_INIT("TRACE START ["),
     .bid = BID_TITLE},

    /* packed files, and files that are no profiles */
    {"a program, not a profile of one", "record it: perf record -g PROGRAM",
     STR_INIT("\x7f"
              "ELF"),
     .bid = BID_MAGIC, .binary = true},
    {"a tar archive", "take the profile out: tar -xOf FILE | ...", STR_INIT("ustar"), .at = 257,
     .bid = BID_MAGIC, .binary = true},
    {"a zip archive", "take the profile out: unzip -p FILE | ...", STR_INIT("PK\3\4"),
     .bid = BID_MAGIC, .binary = true},
    {"bzip2 data", "unpack it first: bzip2 -dc FILE | ...", STR_INIT("BZh91AY&SY"),
     .bid = BID_MAGIC, .binary = true},
    {"lz4 data", "unpack it first: lz4 -dc FILE | ...", STR_INIT("\4\"M\x18"), .bid = BID_MAGIC,
     .binary = true},
    {"UTF-16", TO_UTF8, STR_INIT("\xff\xfe"), .bid = BID_MAGIC, .binary = true},
    {"UTF-16", TO_UTF8, STR_INIT("\xfe\xff"), .bid = BID_MAGIC, .binary = true},
    {"UTF-16", TO_UTF8, .matches = is_utf16, .bid = BID_LOOK},
    {"a PDF", ORIGINAL, STR_INIT("%PDF"), .bid = BID_LOOK},
    {"a PNG", ORIGINAL, STR_INIT("\x89PNG"), .bid = BID_LOOK},
    {"an SVG without a profile in it",
     "give the profile that it was made from, or convert it with rsvg-convert", STR_INIT("<"),
     STR_INIT("<svg"), .bid = BID_LOOK},
    {"XML", ORIGINAL, STR_INIT("<?xml"), .bid = BID_LOOK},

    /* lines of text */
    {"the output of bpftrace without a map of stacks",
     "count stacks in it: bpftrace -e 'profile:hz:99 { @[ustack] = count(); }'",
     STR_INIT("Attaching "), STR_INIT(" probe"), .line = true, .bid = BID_LOOK},
    {"the output of bpftrace without stacks",
     "count stacks in it: bpftrace -e 'profile:hz:99 { @[ustack] = count(); }'", STR_INIT("@"),
     STR_INIT("["), .line = true, .bid = BID_LOOK},
    {"a trace of the kernel (ftrace)", "record stacks with perf record -g", STR_INIT("# tracer: "),
     .line = true, .bid = BID_LOOK},
    {"a stack of the kernel (/proc/PID/stack)", "record many of them: perf record -g",
     STR_INIT("[<"), STR_INIT(">] "), .line = true, .bid = BID_LOOK},
    {"a stack of the kernel (/proc/PID/stack)", "record many of them: perf record -g",
     STR_INIT("[<"), STR_INIT("+0x"), .line = true, .bid = BID_LOOK},
    {"a log of the kernel (dmesg)", RECORD, .matches = is_kernel_log, .line = true,
     .bid = BID_LOOK},
    {"a trace of the kernel (trace-cmd report, ftrace)", RECORD, .matches = is_ftrace, .line = true,
     .bid = BID_LOOK},
    {"the output of a bcc tool", RECORD, .matches = is_clock, .line = true, .bid = BID_LOOK},
    {"a report of GHC without cost centres", "run the program with +RTS -p, and let it end",
     .part = STR_INIT("Time and Allocation Profiling Report"), .bid = BID_LOOK},
    {"the report of sample (macOS) without its call graph", "let sample end",
     STR_INIT("Analysis of sampling "), .line = true, .bid = BID_LOOK},
    {"the output of gdb without backtraces", "gdb -batch -p PID -ex 'thread apply all bt'",
     STR_INIT("[New LWP "), .line = true, .bid = BID_LOOK},
    {"the output of gdb without backtraces", "gdb -batch -p PID -ex 'thread apply all bt'",
     STR_INIT("GNU gdb "), .line = true, .bid = BID_LOOK},
    {"JSON", USABLE, .matches = is_any_json, .bid = BID_LOOK},
    {"binary data", USABLE, .matches = file_kind_is_binary, .bid = BID_LOOK},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

/* The best kind so far, and its bid. */
struct kind_choice {
    const struct file_kind *best;
    int bid;
    bool binary; /* the head is */
};

static bool matches_text(const struct file_kind *kind, str text)
{
    if (kind->matches)
        return kind->matches(text);
    if (kind->start.n == 0)
        return str_contains(text, kind->part);
    if (text.n <= kind->at || text.p[kind->at] != kind->start.p[0] ||
        !str_starts(str_skip(text, kind->at), kind->start))
        return false;
    return str_contains(text, kind->part);
}

/* Of kinds that bid the same, the first in the table counts. */
static void consider_kind(struct kind_choice *choice, const struct file_kind *kind, str text)
{
    int bid = kind->binary && !choice->binary ? BID_LOOK : kind->bid;
    bool better = bid > choice->bid || (bid == choice->bid && kind < choice->best);
    if (!better || !matches_text(kind, text))
        return;
    choice->best = kind;
    choice->bid = bid;
}

const struct file_kind *file_kind_find(const struct reader_head *head, int *bid)
{
    struct kind_choice choice = {.binary = head->binary};
    str bytes = head->bytes;
    for (const struct file_kind *kind = kinds; kind < kinds + KIND_COUNT; kind++)
        if (!kind->line)
            consider_kind(&choice, kind, bytes);
    for (size_t at = 0, end; at < bytes.n; at = end + 1) {
        end = str_find(bytes, '\n', at);
        str line = str_cut(bytes, at, end);
        for (const struct file_kind *kind = kinds; kind < kinds + KIND_COUNT; kind++)
            if (kind->line)
                consider_kind(&choice, kind, line);
    }
    *bid = choice.bid;
    return choice.best;
}
