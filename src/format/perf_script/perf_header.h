/*
 * perf_header: the line in front of a stack. Any field may be missing (perf script -F):
 *
 *      java "q"  7708/7852  [001] U      3709.089966:   10101010 cpu-clock:pppH: ...
 *      ──comm──  pid──tid   ─cpu─ misc   ────time────   ─period─ ────event───── frame or payload
 *
 * A process name may look like any other field (`7`, `12 34 56`, `123/456 [000]`), so fields are
 * found from the time backwards, and what is left over is the name.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_HEADER_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_HEADER_H

#include "core/str.h"

/* What the headers of a file so far have shown. A number in front of the processor is an id in
 * `pool 7 [000]` when ids are printed, else a part of the name. Starts zeroed with each file. */
enum perf_ids { PERF_IDS_UNKNOWN, PERF_IDS_PRINTED, PERF_IDS_MISSING };

struct perf_layout {
    enum perf_ids ids;
};

/* Parts of the line; n == 0: not printed. */
struct perf_header {
    str comm; /* without blanks around it */
    str pid;  /* digits, maybe with a sign; printed only together with a tid */
    str tid;
    str event;
    str tail; /* behind the event: a frame or what a tracepoint says */
    uint64_t period;
    bool has_period;
    bool firm;  /* nothing but a header looks like this; else it is one if a frame follows */
    bool noise; /* PERF_RECORD_MMAP and the like */
};

/* Take a header apart. False for a blank line. */
bool perf_header_parse(str line, struct perf_layout *layout, struct perf_header *header);

enum { PERF_HEADER_TAIL = 80 };

/* How the last header ended that had a period and then the event only: `          1 cycles: `. */
struct perf_header_memory {
    char tail[PERF_HEADER_TAIL]; /* from behind the period on; the event stands in it */
    size_t n, event, event_n;    /* n == 0: there was none yet */
};

/* Keep the end of `line`, which perf_header_parse() took apart, if it is like that. */
void perf_header_remember(struct perf_header_memory *memory, str line,
                          const struct perf_header *header);

/* What perf_header_parse() would find, for a line that is laid out as perf prints it, with that
 * very end. False when perf_header_parse() has to look. header->event lives as long as *memory is
 * not changed. */
bool perf_header_parse_again(str line, const struct perf_layout *layout,
                             const struct perf_header_memory *memory, struct perf_header *header);

/* `line` has a time in it, with an id or a processor in front. */
bool perf_header_is_timed(str line);

#endif
