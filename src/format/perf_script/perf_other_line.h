/*
 * perf_other_line: lines of perf script that are neither headers nor frames. Most lines that begin
 * with '#' are comments of perf itself:
 *
 *      # ========
 *      # hostname : demo
 *
 * but a thread may have such a name, and then the line is the header of a sample:
 *
 *      #irc 100/101 [000] 1.000001:    5 cycles:
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_OTHER_LINE_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_OTHER_LINE_H

#include "profile/profile.h"

enum perf_comment {
    PERF_COMMENT,
    PERF_COMMENT_MAYBE, /* a header if a frame follows, else a comment */
    PERF_COMMENT_HEADER,
};

/* `line` begins with '#'. */
enum perf_comment perf_comment_kind(str line);

/* perf writes such a comment at the start of its text, and nobody else does. */
bool perf_comment_is_of_perf(str line);

/* Keep the facts about the recording that a comment holds. */
void perf_comment_add_fact(struct profile *profile, str line);

/* File and line of the frame before, which -F +srcline prints. */
bool perf_other_is_source(str line);

/* perf record printed it on the terminal. */
bool perf_other_is_record(str line);

/* It is of a known kind and says nothing about the stack. */
bool perf_other_is_known(str line);

#endif
