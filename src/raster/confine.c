/*
 * confine: see confine.h. Landlock is asked for by number: the C library has no names for it. Its
 * rules add up: writing is given up first, so that fontconfig, which tells what has to be read,
 * looks for fonts without making caches.
 */
#include "raster/confine.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif
#if defined(__linux__) && defined(__has_include)
#if __has_include(<linux/landlock.h>) && __has_include(<linux/seccomp.h>)
#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/syscall.h>
#define LINUX 1
#endif
#endif
#ifndef LINUX
#define LINUX 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#if defined(__x86_64__) && defined(__LP64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

bool confine_lifetime(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO};
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
#endif
    return poll(&out, 1, 0) <= 0 || (out.revents & POLLERR) == 0;
}

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

#if LINUX
static int new_rules(uint64_t access)
{
    struct landlock_ruleset_attr rules = {.handled_access_fs = access};
    return (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0u);
}

/* Access of the kinds of these rules is denied but where they grant it. */
static void obey(int rules)
{
    if (rules < 0)
        return;
    syscall(SYS_landlock_restrict_self, rules, 0u);
    close(rules);
}

static void forbid_changes(void)
{
    obey(new_rules(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                   LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                   LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                   LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                   LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                   LANDLOCK_ACCESS_FS_MAKE_SYM));
}
#endif

#if LINUX && !SANITIZED
static void allow_reading(int rules, const char *path)
{
    struct stat info;
    struct landlock_path_beneath_attr place = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
        .parent_fd = open(path, O_PATH | O_CLOEXEC),
    };
    if (place.parent_fd < 0)
        return;
    if (fstat(place.parent_fd, &info) == 0 && S_ISDIR(info.st_mode))
        place.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &place, 0u);
    close(place.parent_fd);
}

static void allow_list(int rules, FcStrList *list)
{
    const FcChar8 *path;
    while (list && (path = FcStrListNext(list)))
        allow_reading(rules, (const char *)path);
    if (list)
        FcStrListDone(list);
}

static void forbid_reading(void)
{
    static const char *const system_places[] = {"/usr", "/lib", "/lib64", "/etc",
                                                "/opt", "/nix", "/gnu",   NULL};
    int rules = new_rules(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
    if (rules < 0)
        return;
    for (size_t i = 0; system_places[i]; i++)
        allow_reading(rules, system_places[i]);
    if (FcInit()) {
        allow_list(rules, FcConfigGetConfigFiles(NULL));
        allow_list(rules, FcConfigGetFontDirs(NULL));
        allow_list(rules, FcConfigGetCacheDirs(NULL));
    }
    obey(rules);
}
#endif

#if LINUX && !SANITIZED && defined(ARCHITECTURE)
/* What Landlock has no word for. Threads of its own a drawing may start. */
static const uint16_t denied[] = {
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_kill,
    SYS_tkill,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_kcmp,
    SYS_process_vm_readv,
    SYS_setsid,
    SYS_setpgid,
    SYS_process_vm_writev,
    SYS_io_uring_setup,
    SYS_truncate,
    SYS_fchmod,
    SYS_fchmodat,
    SYS_fchown,
    SYS_fchownat,
    SYS_utimensat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    SYS_open_by_handle_at,
    SYS_pidfd_open,
    SYS_pidfd_send_signal,
    SYS_shmget,
    SYS_shmat,
    SYS_shmctl,
    SYS_msgget,
    SYS_semget,
    SYS_mq_open,
    SYS_mount,
    SYS_umount2,
    SYS_unshare,
    SYS_setns,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_keyctl,
    SYS_add_key,
#if defined(SYS_pidfd_getfd)
    SYS_pidfd_getfd,
#endif
#if defined(SYS_process_madvise)
    SYS_process_madvise,
#endif
#if defined(SYS_fchmodat2)
    SYS_fchmodat2,
#endif
#if defined(SYS_fork)
    SYS_fork,
    SYS_vfork,
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
#endif
};

enum { DENIED = sizeof denied / sizeof denied[0] };

#define LOAD(field) \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, field))
#define JUMP(test, value, yes, no) BPF_JUMP(BPF_JMP | (test) | BPF_K, (uint32_t)(value), yes, no)
#define ANSWER(value)              BPF_STMT(BPF_RET | BPF_K, (uint32_t)(value))
#define DENY                       ANSWER(SECCOMP_RET_ERRNO | EPERM)

static void filter_calls(void)
{
    const struct sock_filter start[] = {
        LOAD(arch), JUMP(BPF_JEQ, ARCHITECTURE, 1, 0), DENY,
        LOAD(nr),   JUMP(BPF_JGE, 0x40000000, 0, 1),   DENY, /* another way in, x32 */
    };
    /* A signal to itself is how a library ends it, and limits are its own when they are of 0. The C
     * library asks clone() when there is no clone3(), whose flags no filter can see. */
    const struct sock_filter end[] = {
        JUMP(BPF_JEQ, SYS_tgkill, 0, 4),
        LOAD(args[0]),
        JUMP(BPF_JEQ, getpid(), 1, 0),
        DENY,
        ANSWER(SECCOMP_RET_ALLOW),
        JUMP(BPF_JEQ, SYS_prlimit64, 0, 4),
        LOAD(args[0]),
        JUMP(BPF_JEQ, 0, 1, 0),
        DENY,
        ANSWER(SECCOMP_RET_ALLOW),
        JUMP(BPF_JEQ, SYS_clone3, 0, 1),
        ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
        JUMP(BPF_JEQ, SYS_clone, 0, 3),
        LOAD(args[0]),
        JUMP(BPF_JSET, CLONE_THREAD, 1, 0),
        DENY,
        ANSWER(SECCOMP_RET_ALLOW),
    };
    struct sock_filter filter[2 * DENIED + 32];
    unsigned short n = 0;
    for (size_t i = 0; i < sizeof start / sizeof start[0]; i++)
        filter[n++] = start[i];
    for (size_t i = 0; i < DENIED; i++) {
        filter[n++] = (struct sock_filter)JUMP(BPF_JEQ, denied[i], 0, 1);
        filter[n++] = (struct sock_filter)DENY;
    }
    for (size_t i = 0; i < sizeof end / sizeof end[0]; i++)
        filter[n++] = end[i];
    struct sock_fprog program = {.len = n, .filter = filter};
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}
#endif

void confine_process(void)
{
    struct rlimit none = {0, 0};
    close_files();
    setrlimit(RLIMIT_CORE, &none);
#if LINUX
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    forbid_changes();
#if !SANITIZED
    forbid_reading();
#if defined(ARCHITECTURE)
    filter_calls();
#endif
#endif
#endif
}

/* statm: pages of all, resident, shared, text, 0, data and stack, 0. */
uint64_t confine_measure(void)
{
    uint64_t pages = 0;
#if LINUX
    enum { DATA = 5 };
    char text[256];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text);
    unsigned field = 0;
    for (ssize_t i = 0; i < n && field <= DATA; i++) {
        field += text[i] == ' ';
        if (field == DATA && text[i] != ' ')
            pages = pages * 10 + (uint64_t)(text[i] - '0');
    }
    if (fd >= 0)
        close(fd);
#endif
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

void confine_memory(uint64_t base, uint64_t most)
{
#if LINUX
    struct rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) != 0 || most > RLIM_INFINITY - base ||
        base + most >= limit.rlim_cur)
        return;
    limit.rlim_cur = limit.rlim_max = base + most;
    setrlimit(RLIMIT_DATA, &limit);
#else
    (void)base;
    (void)most;
#endif
}
