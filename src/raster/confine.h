/* SPDX-License-Identifier: MIT */
/*
 * confine: the rights that flamegraph-raster gives up before it reads the first byte.
 */
#ifndef FLAMETREE_RASTER_CONFINE_H
#define FLAMETREE_RASTER_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

/* From now on, no file except the standard streams is open and no core is dumped. On Linux the
 * process also cannot gain rights, and is killed when the thread that started it ends. False: that
 * thread has ended already, since the other end of standard output is closed. */
bool confine_process(void);

/* On Linux: limit data to `most` bytes in addition to the present ones. */
void confine_memory(uint64_t most);

#endif
