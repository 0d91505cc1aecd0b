/* SPDX-License-Identifier: MIT */
/*
 * env: the real system of a program: its calls, clock and processors, and the abilities of the
 * terminal at standard output, from the environment:
 *
 *      NO_COLOR         not empty: no colors, see no-color.org
 *      CLICOLOR_FORCE   not empty: colors in a file or pipe, too
 *      COLORTERM        truecolor, 24bit
 *      TERM             dumb or none: no colors; *256color*, *direct*
 *      LC_ALL, LC_CTYPE, LANG    the first that is not empty names UTF-8 or not
 */
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/program.h"
#include "core/num.h"
#include "output/terminal.h"

static str read_variable(const char *name)
{
    return str_or_empty(getenv(name));
}

static enum terminal_colors find_terminal_colors(bool is_terminal)
{
    str term = read_variable("TERM"), color = read_variable("COLORTERM");
    if (read_variable("NO_COLOR").n > 0 || (!is_terminal && read_variable("CLICOLOR_FORCE").n == 0))
        return TERMINAL_PLAIN;
    if (str_is_word(color, "truecolor") || str_is_word(color, "24bit") ||
        str_contains(term, STR("direct")))
        return TERMINAL_24_BIT;
    if (str_contains(term, STR("256color")))
        return TERMINAL_256;
    return term.n == 0 || str_equal(term, STR("dumb")) ? TERMINAL_PLAIN : TERMINAL_16;
}

static bool find_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    size_t i = 0;
    while (i < 2 && read_variable(names[i]).n == 0)
        i++;
    str locale = read_variable(names[i]);
    return str_contains(locale, STR("UTF-8")) || str_contains(locale, STR("utf8"));
}

static unsigned find_terminal_columns(void)
{
    struct winsize size;
    uint64_t columns;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    if (num_parse_u64(read_variable("COLUMNS"), &columns) && columns > 0 &&
        columns <= TERMINAL_MOST)
        return (unsigned)columns;
    return TERMINAL_COLUMNS;
}

static void find_terminal(struct terminal *terminal)
{
    bool is_terminal = isatty(STDOUT_FILENO) == 1;
    *terminal = (struct terminal){
        .is_real = is_terminal,
        .columns = is_terminal ? find_terminal_columns() : TERMINAL_COLUMNS,
        .colors = find_terminal_colors(is_terminal),
        .utf8 = find_utf8(),
    };
}

static uint64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The processors that the process is bound to, where the system has that. */
static unsigned count_cpus(void)
{
#ifdef CPU_COUNT
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (unsigned)CPU_COUNT(&set);
#endif
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (unsigned)count : 1;
}

void env_init(struct env *env)
{
    *env = (struct env){
        .os = &os_posix,
        .seed = os_draw_seed(env),
        .err_is_tty = isatty(STDERR_FILENO) != 0,
        .terminal = find_terminal,
        .now_ms = monotonic_ms,
        .cpus = count_cpus,
    };
}
