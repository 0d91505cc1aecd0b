/*
 * perf_bid: counting what the first lines look like.
 */
#include "read/perf_bid.h"

#include "read/perf_frame.h"
#include "read/perf_header.h"

enum { ENOUGH = 64 };

struct looks {
    unsigned headers, frames, others;
    bool perf_comment; /* "# captured on" and the like */
};

static bool is_perf_comment(str line)
{
    static const str starts[] = {STR_INIT("# captured on"), STR_INIT("# perf version"),
                                 STR_INIT("# cmdline :"), STR_INIT("# header version")};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(line, starts[i]))
            return true;
    return false;
}

/* An address of at least two digits and a module, or a TAB as perf prints it. */
static bool is_frame(str line)
{
    struct perf_frame frame;
    if (!perf_frame_split(line, &frame) || frame.address.n < 2)
        return false;
    return line.p[0] == '\t' || (frame.module.n > 0 && frame.address.n >= 4);
}

/* What may stand between frames: "  file.c:12", "|12    return 1;" */
static bool is_source(str line)
{
    return line.n > 2 && ((line.p[0] == ' ' && line.p[1] == ' ' && !is_blank(line.p[2])) ||
                          (line.p[0] == '|' && is_digit(line.p[1])));
}

/* "a;b 1234 10101010" could be a name, an id and a period, "a;b          5000000" a name and an
 * address; they are stacks and counts. */
static bool is_folded(const struct perf_header *header)
{
    return header->event.n == 0 && str_find(header->comm, ';', 0) < header->comm.n;
}

static void look(struct looks *looks, str line, struct perf_layout *layout)
{
    struct perf_header header;
    if (line.p[0] == '#') {
        looks->perf_comment |= is_perf_comment(line);
    } else if (line.p[0] != '\t' && perf_header_parse(line, layout, &header) && header.firm &&
               !is_folded(&header)) {
        looks->headers++;
    } else if (is_frame(line)) {
        looks->frames++;
    } else if (looks->headers + looks->frames == 0 || !is_source(line)) {
        looks->others++;
    }
}

int perf_bid(str head)
{
    struct looks looks = {.headers = 0};
    struct perf_layout layout = {PERF_IDS_UNKNOWN};
    size_t at = 0;
    while (at < head.n && looks.headers + looks.frames + looks.others < ENOUGH) {
        size_t end = str_find(head, '\n', at);
        if (end == head.n && looks.headers + looks.frames + looks.others > 0)
            break; /* cut short */
        str line = str_trim_right(str_cut(head, at, end));
        at = end + 1;
        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n > 0)
            look(&looks, line, &layout);
    }
    unsigned good = looks.headers + looks.frames;
    if (good == 0)
        return looks.perf_comment && looks.others == 0 ? 60 : 0;
    /* a NUL comes of damage, or of data that is no text at all: then only headers tell */
    bool damaged = memchr(head.p, '\0', head.n) != NULL;
    if (good < looks.others || (damaged && looks.headers == 0))
        return 0;
    if (damaged)
        return 30;
    return looks.headers > 0 || looks.perf_comment ? 95 : 75;
}
