/* SPDX-License-Identifier: MIT */
/*
 * folded_dialect: folded stacks of profilers that need more than frames and a count: metrics,
 * times, processes and threads as frames, lines without a count.
 *
 *      # mode: full                                            austin
 *      P12;T0:34;app.py:main:3;app.py:load:7 10042,0,4096
 *
 *      1515021862000000                                        pyflame --flamechart
 *      app.py:main:3;app.py:load:7;
 *
 *      process 12:"worker [a;b]";thread (0x7f): Main;f (a.py:3) 5      py-spy
 *      tid:34;app.py:main:3;app.py:load:7 5                    Python 3.15, --collapsed
 *      elapsed 2.2471                                          Nylas's sampler: facts, then stacks
 *      granularity 0.005
 *      <0.45.0>;shop:main/0;lists:map/2                        eflame: each line counts 1
 *
 * Frames of processes and threads stay frames, and are labels as well.
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_DIALECT_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_DIALECT_H

#include "format/reader_input.h"
#include "profile/builder.h"

enum folded_dialect {
    FOLDED_PLAIN,
    FOLDED_AUSTIN,
    FOLDED_AUSTIN1, /* "Thread 7f1a;func (file);L12;...": a line is a frame of its own */
    FOLDED_CHART,
    FOLDED_PYTHON, /* py-spy, Python 3.15 */
    FOLDED_NYLAS,
    FOLDED_EFLAME,
};

/* The dialect that all lines of the head are in. */
enum folded_dialect folded_dialect_find(str head);

/* Read an input in another dialect than FOLDED_PLAIN. */
bool folded_dialect_read(enum folded_dialect dialect, struct builder *builder,
                         struct reader_input *input, struct err *err);

#endif
