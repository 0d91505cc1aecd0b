/* SPDX-License-Identifier: MIT */
/*
 * confine: what flamegraph-raster gives up before it reads the first byte.
 */
#ifndef FLAMETREE_RASTER_CONFINE_H
#define FLAMETREE_RASTER_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

/* From now on: no file but the standard streams is open, no core is dumped, and on Linux no right
 * can be gained and the process is killed when the thread that started it ends. False: nobody reads
 * the standard output, so that thread has ended already. */
bool confine_process(void);

/* On Linux: no more than `most` bytes of data beside what the process has now. */
void confine_memory(uint64_t most);

#endif
