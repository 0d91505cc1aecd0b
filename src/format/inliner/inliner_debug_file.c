/* SPDX-License-Identifier: MIT */
/*
 * inliner_debug_file: debug_file_find(), see inliner_dwarf.h.
 */
#include "core/str.h"

#if HAVE_LIBDW

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/inliner/inliner_dwarf.h"

/* The marks of the right file. */
struct wanted_file {
    const unsigned char *build_id;
    int build_id_size;  /* 0: the program has none, and the checksum decides */
    GElf_Word checksum; /* of the whole file, as in .gnu_debuglink */
};

static bool has_build_id(int fd, const struct wanted_file *wanted)
{
    const void *build_id;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    ssize_t size = elf ? dwelf_elf_gnu_build_id(elf, &build_id) : -1;
    bool same = size == wanted->build_id_size &&
                memcmp(build_id, wanted->build_id, (size_t)size) == 0;
    elf_end(elf);
    return same;
}

/* CRC-32 as in zlib, four bits at a time. */
static GElf_Word update_crc(GElf_Word crc, const unsigned char *bytes, size_t n)
{
    static const GElf_Word table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    for (size_t i = 0; i < n; i++) {
        crc = table[(crc ^ bytes[i]) & 15] ^ (crc >> 4);
        crc = table[(crc ^ (bytes[i] >> 4)) & 15] ^ (crc >> 4);
    }
    return crc;
}

static bool has_checksum(int fd, GElf_Word checksum)
{
    unsigned char block[16384];
    GElf_Word crc = ~(GElf_Word)0;
    ssize_t n;
    while ((n = read(fd, block, sizeof block)) != 0) {
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            crc = update_crc(crc, block, (size_t)n);
    }
    return ~crc == checksum && lseek(fd, 0, SEEK_SET) == 0;
}

/* The open file, or -1. Opening a pipe must not wait for a writer. */
static int open_if_wanted(const char *path, const struct wanted_file *wanted)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
        (wanted->build_id_size > 0 ? has_build_id(fd, wanted) : has_checksum(fd, wanted->checksum)))
        return fd;
    close(fd);
    return -1;
}

/* path = before + directory + after + link. False if that is too long. */
static bool join_path(char path[PATH_MAX], const char *before, str directory, const char *after,
                      const char *link)
{
    const str parts[] = {str_from_c(before), directory, str_from_c(after), str_from_c(link)};
    size_t n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].n >= PATH_MAX - n)
            return false;
        memcpy(path + n, parts[i].p, parts[i].n);
        n += parts[i].n;
    }
    path[n] = '\0';
    return true;
}

/* Look in the directories for `file`. */
static int find_link(const char *file, const char *link, const struct wanted_file *wanted,
                     char **found)
{
    static const struct {
        const char *before, *after;
    } places[] = {{"", ""}, {"", ".debug/"}, {"/usr/lib/debug", ""}};
    char path[PATH_MAX];
    if (file[0] != '/')
        return -1;
    str directory = str_head(str_from_c(file), str_find_last(str_from_c(file), '/') + 1);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (!join_path(path, places[i].before, directory, places[i].after, link) ||
            strcmp(path, file) == 0)
            continue;
        int fd = open_if_wanted(path, wanted);
        if (fd >= 0) {
            *found = strdup(path); /* libdw frees it; NULL is allowed */
            return fd;
        }
    }
    return -1;
}

int debug_file_find(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                    const char *file, const char *link, GElf_Word checksum, char **found)
{
    struct wanted_file wanted = {.checksum = checksum};
    char by_name[PATH_MAX], real[PATH_MAX];
    GElf_Addr at;
    int fd = dwfl_build_id_find_debuginfo(module, user, name, base, file, link, checksum, found);
    if (fd >= 0 || !file)
        return fd;
    if (link && strchr(link, '/')) /* shared by several files (dwz): libdw finds it */
        return -1;
    int size = dwfl_module_build_id(module, &wanted.build_id, &at);
    wanted.build_id_size = size > 0 ? size : 0;
    if (!link) {
        const char *slash = strrchr(file, '/');
        /* without a build id, the file cannot be checked */
        if (size <= 0 || !join_path(by_name, slash ? slash + 1 : file, STR(""), ".debug", ""))
            return -1;
        link = by_name;
    }
    fd = find_link(file, link, &wanted, found);
    if (fd < 0 && realpath(file, real) && strcmp(real, file) != 0)
        fd = find_link(real, link, &wanted, found);
    return fd;
}

#endif
