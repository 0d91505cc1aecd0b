/*
 * perf_other_line: a name of a thread can make a header look like any of these lines, so a line
 * that has the fields of a header is a header.
 */
#include "format/perf_script/perf_other_line.h"

#include "format/perf_script/perf_header.h"

enum { COMM_MOST = 15 }; /* bytes of a thread's name in Linux */

/* perf begins its comments with a hash and a blank. A thread's name that begins so is believed only
 * when the rest of the line is a header, and the name is no longer than Linux allows: a command
 * line ("# cmdline : ...") can hold what looks like the fields of one. */
enum perf_comment perf_comment_kind(str line)
{
    struct perf_layout layout = {PERF_IDS_UNKNOWN};
    struct perf_header header;
    if (line.n == 1 || !perf_header_parse(line, &layout, &header) || header.noise)
        return PERF_COMMENT;
    if (line.p[1] == ' ' && (header.tid.n == 0 || header.comm.n > COMM_MOST))
        return PERF_COMMENT;
    if (header.firm)
        return PERF_COMMENT_HEADER;
    return line.p[1] == ' ' ? PERF_COMMENT : PERF_COMMENT_MAYBE;
}

bool perf_comment_is_of_perf(str line)
{
    static const str starts[] = {STR_INIT("# captured on"), STR_INIT("# perf version"),
                                 STR_INIT("# cmdline :"), STR_INIT("# header version")};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(line, starts[i]))
            return true;
    return false;
}

void perf_comment_add_fact(struct profile *profile, str line)
{
    static const struct {
        str label, key;
    } facts[] = {{STR_INIT("# hostname"), STR_INIT("host")},
                 {STR_INIT("# captured on"), STR_INIT("captured")},
                 {STR_INIT("# os release"), STR_INIT("kernel")},
                 {STR_INIT("# arch"), STR_INIT("arch")},
                 {STR_INIT("# cpudesc"), STR_INIT("cpu")},
                 {STR_INIT("# cmdline"), STR_INIT("command")},
                 {STR_INIT("# sample duration"), STR_INIT("duration")}};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (!str_starts(line, facts[i].label))
            continue;
        str value = str_trim_left(str_skip(line, facts[i].label.n));
        if (str_starts(value, STR(":")))
            profile_add_fact(profile, facts[i].key, str_trim(str_skip(value, 1)));
    }
}

bool perf_other_is_source(str line)
{
    struct perf_layout layout = {PERF_IDS_UNKNOWN};
    struct perf_header header;
    return line.n > 2 && line.p[0] == ' ' && line.p[1] == ' ' && !is_blank(line.p[2]) &&
           !(perf_header_parse(line, &layout, &header) && header.firm);
}

bool perf_other_is_record(str line)
{
    return str_starts(line, STR("[ perf record: "));
}

bool perf_other_is_known(str line)
{
    bool source_code = line.p[0] == '|' && line.n > 1 && is_digit(line.p[1]); /* -F +srccode */
    if (source_code || perf_other_is_record(line) || str_starts(line, STR(" insn: ")) ||
        str_starts(line, STR(" ilen: ")) || str_starts(line, STR(" 0x"))) /* +insn, +brstack */
        return !perf_header_is_timed(line);
    return str_trim(line).n == 0;
}
