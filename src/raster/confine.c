/*
 * confine: see confine.h. Landlock is asked for by number: the C library has no names for it.
 */
#include "raster/confine.h"

#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__linux__) && defined(__has_include)
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#define LANDLOCK 1
#endif
#endif
#ifndef LANDLOCK
#define LANDLOCK 0
#endif

static void close_files(void)
{
    long most = sysconf(_SC_OPEN_MAX);
#if defined(SYS_close_range)
    if (syscall(SYS_close_range, 3u, ~0u, 0u) == 0)
        return;
#endif
    for (int fd = 3; fd < most && fd < 65536; fd++)
        close(fd);
}

#if LANDLOCK
/* Access of these kinds is handled and granted nowhere. */
static void forbid_changes(void)
{
    struct landlock_ruleset_attr rules = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                             LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                             LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                             LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                             LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                             LANDLOCK_ACCESS_FS_MAKE_SYM,
    };
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    long fd = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0u);
    if (fd < 0)
        return; /* Linux before 5.13, or built without it */
    syscall(SYS_landlock_restrict_self, (int)fd, 0u);
    close((int)fd);
}
#else
static void forbid_changes(void)
{
}
#endif

void confine_process(void)
{
    struct rlimit none = {0, 0};
    close_files();
    setrlimit(RLIMIT_CORE, &none);
    forbid_changes();
}
