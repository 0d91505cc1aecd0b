/*
 * perf_bid: counting what the first lines look like.
 */
#include "format/perf_script/perf_bid.h"

#include "core/num.h"
#include "format/perf_script/perf_frame.h"
#include "format/perf_script/perf_header.h"
#include "format/perf_script/perf_other_line.h"

enum { ENOUGH = 64 };

struct looks {
    unsigned headers, frames, others;
    bool perf_comment; /* "# captured on" and the like */
};

/* An address of at least two digits and a module, or a TAB as perf prints it. Alone, an address is
 * as wide as perf prints it: "\t   713" is a name and a count. */
static bool is_frame(str line)
{
    struct perf_frame frame;
    if (!perf_frame_split(line, &frame) || frame.address.n < 2)
        return false;
    if (frame.symbol.n == 0 && frame.module.n == 0 && !perf_frame_is_padded(line))
        return false;
    return line.p[0] == '\t' || (frame.module.n > 0 && frame.address.n >= 4);
}

/* What may stand between frames: "  file.c:12", "|12    return 1;" */
static bool is_source(str line)
{
    return line.n > 2 && ((line.p[0] == ' ' && line.p[1] == ' ' && !is_blank(line.p[2])) ||
                          (line.p[0] == '|' && is_digit(line.p[1])));
}

/* "f 12 operator: 5": an id, an event and a count behind it, or an address of data. */
static bool ends_in_count(str line, const struct perf_header *header)
{
    uint64_t count;
    return header->event.n > 0 && header->tail.n < PERF_FRAME_FLAT_END &&
           num_parse_u64(str_trim(header->tail), &count) && !perf_header_is_timed(line);
}

/* "a;b 1234 10101010" could be a name, an id and a period, "a;b          5000000" a name and an
 * address, "a;b 12 operator: 5" a name, an id and an event; they are stacks and counts. */
static bool is_folded(str line, const struct perf_header *header)
{
    bool joined = str_find(header->comm, ';', 0) < header->comm.n;
    bool torn = str_find(header->event, ';', 0) < header->event.n;
    return (joined && (header->event.n == 0 || torn)) || ends_in_count(line, header);
}

static void look(struct looks *looks, str line, struct perf_layout *layout)
{
    struct perf_header header;
    if (line.p[0] == '#' && perf_comment_kind(line) != PERF_COMMENT_HEADER) {
        looks->perf_comment |= perf_comment_is_of_perf(line);
    } else if (perf_other_is_record(line) && !perf_header_is_timed(line)) {
        looks->perf_comment = true;
    } else if (line.p[0] != '\t' && perf_header_parse(line, layout, &header) && header.firm &&
               !is_folded(line, &header)) {
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
