/* SPDX-License-Identifier: MIT */
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
#ifndef FLAMETREE_COMPARE_GATES_FILE_H
#define FLAMETREE_COMPARE_GATES_FILE_H

#include "compare/gate.h"

struct gate_list {
    struct gate *at;
    size_t n, cap;
};

/* Add the gates of a file. `text` outlives them. False with *err and its line. */
bool gates_file_read(str text, struct gate_list *gates, struct heap *heap, struct err *err);

#endif
