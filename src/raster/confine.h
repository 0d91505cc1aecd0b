/*
 * confine: what a process that draws pictures of strangers gives up before it looks at the first
 * byte.
 */
#ifndef FLAMETREE_RASTER_CONFINE_H
#define FLAMETREE_RASTER_CONFINE_H

/* No file but the three standard streams stays open, none can be written, made or removed, no
 * program started, no right gained, and no core is dumped. Fonts can still be read. What the system
 * does not know is left out. */
void confine_process(void);

#endif
