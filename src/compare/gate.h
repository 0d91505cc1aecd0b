/*
 * gate: a limit on a change, as a build server asks for it.
 *
 *      total>5%        the total weight (or the cost per unit of work) grew by more than 5 %
 *      parse>5%        what parse() costs with all it calls grew by more than 5 % of the run before
 *      self:parse>5%   what it costs by itself did
 *      parse>1.2x      it costs more than 1.2 times what it did
 *      class:db>2%     a class of frames did
 *      any>1%          any function did
 *
 * A gate fails when the change is larger than the limit and counts as real. It has enough data when
 * a change as large as the limit would have been called four times out of five, or when the whole
 * interval of the change is within the limit.
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
    /* What gate_judge() finds: */
    enum gate_result result;
    bool missing;         /* nothing of that name is on either side */
    struct change change; /* what broke the limit, or came nearest to it */
    str what;             /* the function, class or "total" it is of */
    size_t more;          /* functions besides it that broke the limit */
    double effect;        /* the change, as a part of the whole */
    double scale;         /* per cent of the whole is change / scale */
    double visible; /* the smallest change that would have been seen, in the limit's measure */
};

/* False with ERR_USAGE when `text`, which outlives the gate, is none. */
bool gate_parse(struct gate *gate, str text, struct err *err);

void gate_judge(struct gate *gate, const struct comparison *comparison);

#endif
