/* SPDX-License-Identifier: MIT */
/*
 * gate: a limit on a change, as a build server needs it.
 *
 *      total>5%        the total weight (or the cost per unit of work) grew by more than 5 %
 *      parse>5%        parse() with its callees grew by more than 5 % of the run before
 *      self:parse>5%   parse() without its callees grew by that much
 *      parse>1.2x      parse() costs more than 1.2 times as much as before
 *      class:db>2%     the same for a class of frames
 *      tag:/feed>2%    the same for a value of the label of --each-tag
 *      any>1%          the same for any function
 *      any-tag>5%      the same for any value
 *      /^db_/>5%       the same for any function that matches; also self:/^db_/, class:/./, tag:/./
 *
 * A gate fails when the interval of the change is above the limit, and passes when the interval is
 * below it. Otherwise there is too little data. A failure is corrected for the number of functions
 * and of gates that could fail by chance; a pass needs no correction (Berger 1982).
 */
#ifndef FLAMETREE_COMPARE_GATE_H
#define FLAMETREE_COMPARE_GATE_H

#include "compare/comparison.h"

enum gate_subject { GATE_TOTAL, GATE_ANY, GATE_CLASS, GATE_TAG, GATE_FUNCTION, GATE_SELF };
enum gate_result { GATE_FINE, GATE_REGRESSION, GATE_TOO_LITTLE };

/* The reason why a gate has too little data. */
enum gate_lack {
    GATE_LACK_NONE,
    GATE_LACK_DATA,
    GATE_LACK_NAME,    /* neither side has anything of that name */
    GATE_LACK_SCALE,   /* nothing says whether both sides did the same work */
    GATE_LACK_SAMPLES, /* the number of samples is not known */
    GATE_LACK_RUNS,    /* functions differ by more than counting explains */
};

struct gate {
    str text; /* as it was given */
    enum gate_subject subject;
    str name;
    double limit; /* a part of the whole, or a factor */
    bool is_factor;
    /* Set by gate_cover() when the name is a pattern, or means all: */
    const bool *covered; /* by place of the functions, classes or values; NULL: the name counts */
    /* Set by gate_judge(): */
    enum gate_result result;
    enum gate_lack lack;
    struct change change; /* the change that broke the limit, or came nearest to it; its interval is
                           * corrected unless the gate is fine */
    str what;             /* the name of the function or class, or "total" */
    size_t more;          /* how many other functions broke the limit */
    size_t moved;         /* how many functions were left out, because cost only moved */
    double confidence;    /* of the interval */
    double tests;         /* the number of tests it was corrected for */
    double effect;        /* the change, as a part of the whole */
    double scale;         /* per cent of the whole is change / scale */
    double visible; /* the smallest change that would have been seen, in the unit of the limit */
    double needed;  /* with GATE_LACK_DATA: the factor of samples or runs that would decide */
};

struct gate_options {
    double gates;       /* the number of gates that are judged together */
    bool fail_on_moved; /* cost that moved counts, too */
};

/* `text` outlives the gate. False with ERR_USAGE when it is no gate. */
bool gate_parse(struct gate *gate, str text, struct err *err);

/* False with ERR_USAGE when its name is an invalid pattern. The message names the option. */
bool gate_check_pattern(const struct gate *gate, const char *option, struct heap *heap,
                        struct err *err);

/* Before gate_judge(): find the names that a pattern matches. False with *err if the pattern is
 * invalid or takes too long. Memory is of the heap of the comparison. */
bool gate_cover(struct gate *gate, const struct comparison *comparison, struct err *err);

void gate_judge(struct gate *gate, const struct comparison *comparison,
                const struct gate_options *options);

/*
 * gates_file: gates in a file.
 *
 *      # The shop may get slower by this much.
 *      total       > 5 %
 *      class:db    > 2 %
 *      /^render_/  > 1.2x    any function that matches
 *      tag:/feed   > 5 %     a value of the label of --each-tag
 *
 * A line has the syntax of --fail-on. A comment begins with '#' at the start of a line or after a
 * blank.
 */

struct gate_list {
    struct gate *at;
    size_t n, cap;
};

/* Add the gates of a file. `text` outlives them. False with *err and its line. */
bool gates_file_read(str text, struct gate_list *gates, struct heap *heap, struct err *err);

#endif
