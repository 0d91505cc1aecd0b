/* SPDX-License-Identifier: MIT */
/*
 * screen: see screen.h.
 */
#define NCURSES_WIDECHAR 1
#include "tui/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "output/escape.h"

/* Only one screen can be open: signals end it. */
static struct {
    SCREEN *screen;
    FILE *tty;
    int fd;
    struct termios modes; /* at the start */
    char restore[256];    /* restores the terminal after a crash */
    size_t restore_n;
    volatile sig_atomic_t end;  /* the signal that asked to end */
    volatile sig_atomic_t stop; /* SIGTSTP asked to stop */
    struct sigaction old[9];
    sigset_t mask;                /* of signals, while it waits for a key */
    short pairs, pair_of[2][256]; /* by color of the text, by fill; 0: not made */
} open_screen;

/* ---- signals ---- */

static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
enum {
    ENDING = sizeof ending / sizeof ending[0],
    CRASHES = sizeof crashes / sizeof crashes[0],
    STOP = ENDING + CRASHES, /* SIGTSTP */
};

static void note_end(int number)
{
    open_screen.end = number;
}

static void note_stop(int number)
{
    (void)number;
    open_screen.stop = 1;
}

/* Only calls that a signal handler may make. */
static void restore_and_crash(int number)
{
    ssize_t written = write(open_screen.fd, open_screen.restore, open_screen.restore_n);
    (void)written;
    tcsetattr(open_screen.fd, TCSANOW, &open_screen.modes);
    signal(number, SIG_DFL);
    raise(number);
}

/* NULL: the terminal lacks it. */
static const char *find_capability(const char *name)
{
    const char *text = tigetstr(name);
    return text == (const char *)-1 ? NULL : text;
}

static void add_restoring(const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (!text || open_screen.restore_n + n > sizeof open_screen.restore)
        return;
    memcpy(open_screen.restore + open_screen.restore_n, text, n);
    open_screen.restore_n += n;
}

/* ncurses knows these only while the terminal is open. */
static void prepare_for_crash(void)
{
    static const char *const names[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
    add_restoring("\033[?1006l\033[?1000l"); /* mouse off */
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        add_restoring(find_capability(names[i]));
}

/* Before newterm(): ncurses handles SIGTSTP if it has no handler yet, and discards it while it
 * draws. */
static void watch_signals(void)
{
    struct sigaction end = {.sa_handler = note_end}, crash = {.sa_handler = restore_and_crash};
    struct sigaction stop = {.sa_handler = note_stop};
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTSTP);
    for (size_t i = 0; i < ENDING; i++)
        sigaddset(&blocked, ending[i]);
    sigprocmask(SIG_BLOCK, &blocked, &open_screen.mask);
    for (size_t i = 0; i < ENDING; i++)
        sigaction(ending[i], &end, &open_screen.old[i]);
    for (size_t i = 0; i < CRASHES; i++)
        sigaction(crashes[i], &crash, &open_screen.old[ENDING + i]);
    sigaction(SIGTSTP, &stop, &open_screen.old[STOP]);
}

/* The handlers first: a signal that was blocked comes when the mask is set. */
static void unwatch_signals(void)
{
    for (size_t i = 0; i < ENDING; i++)
        sigaction(ending[i], &open_screen.old[i], NULL);
    for (size_t i = 0; i < CRASHES; i++)
        sigaction(crashes[i], &open_screen.old[ENDING + i], NULL);
    sigaction(SIGTSTP, &open_screen.old[STOP], NULL);
    sigprocmask(SIG_SETMASK, &open_screen.mask, NULL);
}

/* ---- the terminal ---- */

/* Ask for its size again. */
static void screen_measure(struct screen *screen)
{
    screen->lines = LINES > 0 ? (unsigned)LINES : 1;
    screen->columns = COLS > 0 ? (unsigned)COLS : 1;
}

static enum terminal_colors find_screen_colors(enum terminal_colors wanted)
{
    if (wanted == TERMINAL_PLAIN || !has_colors() || start_color() == ERR)
        return TERMINAL_PLAIN;
    use_default_colors();
    return COLORS >= 256 && wanted != TERMINAL_16 ? TERMINAL_256 : TERMINAL_16;
}

bool screen_open(struct screen *screen, enum terminal_colors colors, struct err *err)
{
    open_screen.fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (open_screen.fd < 0)
        return err_set(err, ERR_USAGE, "--tui needs a terminal, and this process has none");
    tcgetattr(open_screen.fd, &open_screen.modes);
    open_screen.tty = fdopen(open_screen.fd, "r+");
    watch_signals();
    open_screen.screen = open_screen.tty ? newterm(NULL, open_screen.tty, open_screen.tty) : NULL;
    if (!open_screen.screen || !find_capability("cup")) {
        if (open_screen.screen)
            endwin();
        unwatch_signals();
        return err_set(err, ERR_USAGE,
                       "--tui cannot use this terminal: TERM is unknown, or it cannot move its "
                       "cursor; --output-format term works in any terminal");
    }
    prepare_for_crash();
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    timeout(0);
    set_escdelay(25);
    curs_set(0);
    mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
    mouseinterval(0);
    screen->colors = find_screen_colors(colors);
    screen_measure(screen);
    return true;
}

void screen_close(void)
{
    int number = open_screen.end;
    endwin();
    delscreen(open_screen.screen);
    fclose(open_screen.tty);
    unwatch_signals();
    if (number)
        raise(number);
}

void screen_clear(void)
{
    erase();
}

void screen_show(void)
{
    refresh();
}

/* ---- text ---- */

/* A pair of colors, made when it is first used. When there are no more, the terminal's own. */
static short choose_pair(const struct screen *screen, rgb fill)
{
    unsigned number = terminal_color(screen->colors, fill);
    bool dark = terminal_is_dark(screen->colors, fill);
    short *pair = &open_screen.pair_of[dark][number];
    short text = (short)(screen->colors == TERMINAL_256 ? (dark ? 231 : 16)
                                                        : (dark ? COLOR_WHITE : COLOR_BLACK));
    if (*pair == 0 && open_screen.pairs + 1 < (COLOR_PAIRS < 256 ? COLOR_PAIRS : 256)) {
        *pair = ++open_screen.pairs;
        init_pair(*pair, text, (short)number);
    }
    return *pair;
}

static attr_t attributes_of(enum screen_look look)
{
    static const attr_t looks[] = {A_NORMAL, A_REVERSE, A_REVERSE | A_BOLD, A_UNDERLINE | A_BOLD,
                                   A_DIM};
    return looks[look];
}

/* If the locale has only ASCII, other characters become one '?' for each column. */
static void add_screen_text(const struct screen *screen, str text)
{
    if (screen->utf8) {
        addnstr(text.p, (int)text.n);
        return;
    }
    for (size_t at = 0; at < text.n;) {
        uint32_t code = utf8_next(text, &at);
        for (unsigned i = code < 127 ? 1 : utf8_columns(code); i > 0; i--)
            addch(code < 127 ? (chtype)code : '?');
    }
}

static void put_text_at(const struct screen *screen, unsigned line, unsigned column,
                        attr_t attributes, str text)
{
    attrset(attributes);
    move((int)line, (int)column);
    add_screen_text(screen, text);
    attrset(A_NORMAL);
}

void screen_put(struct screen *screen, unsigned line, enum screen_look look, str text,
                struct heap *heap)
{
    struct sink sink;
    if (line >= screen->lines)
        return;
    sink_open_memory(&sink, heap);
    if (screen->columns >= 3 || terminal_columns(text) <= screen->columns)
        put_terminal_short(text, screen->columns, &sink);
    put_text_at(screen, line, 0, attributes_of(look), sink_text(&sink));
    sink_abandon(&sink);
}

void screen_put_box(struct screen *screen, unsigned line, unsigned column, enum screen_look look,
                    rgb fill, str text)
{
    attr_t attributes = attributes_of(look);
    if (line >= screen->lines)
        return;
    if (screen->colors != TERMINAL_PLAIN)
        attributes |= (attr_t)COLOR_PAIR(choose_pair(screen, fill));
    put_text_at(screen, line, column, attributes, text);
}

/* ---- keys ---- */

static unsigned mouse_key(unsigned *line, unsigned *column)
{
    MEVENT event;
    if (getmouse(&event) != OK || event.y < 0 || event.x < 0)
        return SCREEN_KEY_NONE;
    *line = (unsigned)event.y;
    *column = (unsigned)event.x;
    if (event.bstate & BUTTON4_PRESSED)
        return SCREEN_KEY_WHEEL_UP;
    if (event.bstate & BUTTON5_PRESSED)
        return SCREEN_KEY_WHEEL_DOWN;
    return event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED) ? SCREEN_KEY_CLICK : SCREEN_KEY_NONE;
}

static unsigned function_key(wint_t key, unsigned *line, unsigned *column)
{
    static const struct {
        wint_t curses;
        unsigned key;
    } keys[] = {
        {KEY_RESIZE, SCREEN_KEY_RESIZE},   {KEY_UP, SCREEN_KEY_UP},
        {KEY_DOWN, SCREEN_KEY_DOWN},       {KEY_LEFT, SCREEN_KEY_LEFT},
        {KEY_RIGHT, SCREEN_KEY_RIGHT},     {KEY_PPAGE, SCREEN_KEY_PAGE_UP},
        {KEY_NPAGE, SCREEN_KEY_PAGE_DOWN}, {KEY_HOME, SCREEN_KEY_HOME},
        {KEY_ENTER, SCREEN_KEY_ENTER},     {KEY_BACKSPACE, SCREEN_KEY_BACKSPACE},
    };
    if (key == KEY_MOUSE)
        return mouse_key(line, column);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i].curses == key)
            return keys[i].key;
    return SCREEN_KEY_NONE;
}

/* Signals that ask to end or to stop come only while this waits, so that none is lost between two
 * looks at open_screen. */
static void wait_for_input(void)
{
    fd_set input;
    FD_ZERO(&input);
    FD_SET(open_screen.fd, &input);
    pselect(open_screen.fd + 1, &input, NULL, NULL, NULL, &open_screen.mask);
}

/* Give the terminal back, stop, and draw again after SIGCONT. */
static void suspend_program(void)
{
    struct sigaction handler;
    sigset_t mask;
    open_screen.stop = 0;
    endwin();
    sigaction(SIGTSTP, &open_screen.old[STOP], &handler);
    raise(SIGTSTP);
    sigprocmask(SIG_SETMASK, &open_screen.mask, &mask); /* it stops here */
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &handler, NULL);
    clearok(curscr, TRUE);
    refresh();
    raise(SIGWINCH); /* ncurses looks whether the size changed meanwhile */
}

static bool is_terminal_gone(void)
{
    struct pollfd terminal = {.fd = open_screen.fd, .events = POLLIN};
    return poll(&terminal, 1, 0) > 0 && (terminal.revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* ERR: the terminal was closed, or a signal asks to end. */
static int wait_for_key(wint_t *key)
{
    int kind;
    while ((kind = get_wch(key)) == ERR && !open_screen.end && !is_terminal_gone()) {
        wait_for_input();
        if (open_screen.stop)
            suspend_program();
    }
    return kind;
}

unsigned screen_key(struct screen *screen, unsigned *line, unsigned *column)
{
    wint_t key;
    int kind = wait_for_key(&key);
    if (open_screen.end || kind == ERR)
        return SCREEN_KEY_END;
    screen_measure(screen);
    if (kind == KEY_CODE_YES)
        return function_key(key, line, column);
    if (key == '\r' || key == '\n')
        return SCREEN_KEY_ENTER;
    return key == 127 || key == '\b' ? SCREEN_KEY_BACKSPACE : (unsigned)key;
}
