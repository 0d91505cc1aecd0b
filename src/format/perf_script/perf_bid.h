/*
 * perf_bid: whether bytes look like the text of perf script.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_BID_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_BID_H

#include "core/str.h"

/* As struct reader's bid. */
int perf_bid(str head);

#endif
