/*
 * gate: a limit on a change, as a build server needs it.
 *
 *      total>5%        the total weight (or the cost per unit of work) grew by more than 5 %
 *      parse>5%        parse() with its callees grew by more than 5 % of the run before
 *      self:parse>5%   parse() without its callees grew by that much
 *      parse>1.2x      parse() costs more than 1.2 times as much as before
 *      class:db>2%     the same for a class of frames
 *      any>1%          the same for any function
 *
 * A gate fails when the change is larger than the limit and counts as real. There is enough data
 * when a change of the size of the limit would have counted as real four times out of five, or when
 * the whole interval of the change is within the limit.
 */
#ifndef FLAMETREE_COMPARE_GATE_H
#define FLAMETREE_COMPARE_GATE_H

#include "compare/comparison.h"

enum gate_subject { GATE_TOTAL, GATE_ANY, GATE_CLASS, GATE_FUNCTION, GATE_SELF };
enum gate_result { GATE_FINE, GATE_REGRESSION, GATE_TOO_LITTLE };

struct gate {
    str text; /* as it was given */
    enum gate_subject subject;
    str name;
    double limit; /* a part of the whole, or a factor */
    bool is_factor;
    /* Set by gate_judge(): */
    enum gate_result result;
    bool missing;         /* neither side has anything of that name */
    struct change change; /* the change that broke the limit, or came nearest to it */
    str what;             /* the name of the function or class, or "total" */
    size_t more;          /* how many other functions broke the limit */
    double effect;        /* the change, as a part of the whole */
    double scale;         /* per cent of the whole is change / scale */
    double visible; /* the smallest change that would have been seen, in the unit of the limit */
};

/* `text` outlives the gate. False with ERR_USAGE when it is no gate. */
bool gate_parse(struct gate *gate, str text, struct err *err);

void gate_judge(struct gate *gate, const struct comparison *comparison);

#endif
