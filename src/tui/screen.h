/* SPDX-License-Identifier: MIT */
/*
 * screen: the terminal, by ncursesw. Its state is always restored: at the end, by a signal, and
 * after a crash.
 */
#ifndef FLAMETREE_TUI_SCREEN_H
#define FLAMETREE_TUI_SCREEN_H

#include "output/terminal.h"

enum screen_look {
    SCREEN_TEXT,
    SCREEN_BAR,    /* the lines at the top and the bottom */
    SCREEN_CHOSEN, /* the frame or line that commands are about */
    SCREEN_MATCH,
    SCREEN_FADED
};

struct screen {
    unsigned columns, lines;
    enum terminal_colors colors;
    bool utf8;
};

/* Open the terminal. Keys come from it even if the standard input is a pipe. False if there is
 * none, or it cannot move its cursor. */
bool screen_open(struct screen *screen, enum terminal_colors colors, struct err *err);

void screen_clear(void);

/* A line of text, cut at the right edge. Control characters become '?'. */
void screen_put(struct screen *screen, unsigned line, enum screen_look look, str text,
                struct heap *heap);

/* Text that fills a box of this color: exactly its width. */
void screen_put_box(struct screen *screen, unsigned line, unsigned column, enum screen_look look,
                    rgb fill, str text);

void screen_show(void);

enum {
    SCREEN_KEY_NONE = 0x110000, /* no key, or one without a meaning */
    SCREEN_KEY_END,             /* the terminal is gone, or a signal asks to end */
    SCREEN_KEY_RESIZE,
    SCREEN_KEY_UP,
    SCREEN_KEY_DOWN,
    SCREEN_KEY_LEFT,
    SCREEN_KEY_RIGHT,
    SCREEN_KEY_PAGE_UP,
    SCREEN_KEY_PAGE_DOWN,
    SCREEN_KEY_HOME,
    SCREEN_KEY_ENTER,
    SCREEN_KEY_BACKSPACE,
    SCREEN_KEY_CLICK,
    SCREEN_KEY_WHEEL_UP,
    SCREEN_KEY_WHEEL_DOWN
};

/* Wait for a key: a code point, or one of the above. Of a click, *line and *column. */
unsigned screen_key(struct screen *screen, unsigned *line, unsigned *column);

/* Restore the terminal. If a signal ended the wait, the process then ends by that signal. */
void screen_close(void);

#endif
