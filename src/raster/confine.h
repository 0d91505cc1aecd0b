/*
 * confine: what a process that draws pictures of strangers gives up before it looks at the first
 * byte.
 */
#ifndef FLAMETREE_RASTER_CONFINE_H
#define FLAMETREE_RASTER_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

/* On Linux, from now on this process is killed when the thread that started it ends; that thread
 * waits for it. Elsewhere it ends when it writes. False: nobody reads the standard output, so the
 * one that started it is gone already. */
bool confine_lifetime(void);

/* From now on, on Linux:
 *
 * - no file but the three standard streams is open; none can be written, made, removed or changed
 * - files can be read below /usr, /lib, /etc, /opt and where fontconfig looks for fonts and
 *   settings, and nowhere else
 * - there is no network, no other process can be started, stopped or looked into, no right gained
 * - no core is dumped
 *
 * What the system does not know is left out: Landlock came with Linux 5.13, and calls are filtered
 * on x86-64 and arm64. Sanitizers look into processes and read what they like: a build with them
 * keeps these rights. */
void confine_process(void);

/* How many bytes of data this process has, before confine_process(); 0 when that is not told. */
uint64_t confine_measure(void);

/* On Linux: from now on no more than `most` bytes above `base` are to be had, by any library. */
void confine_memory(uint64_t base, uint64_t most);

#endif
