/* SPDX-License-Identifier: MIT */
/*
 * cfi: find the caller of a frame by the call frame information of its file (.eh_frame,
 * .debug_frame), one row for each address that was asked for.
 */
#ifndef FLAMETREE_FORMAT_ELF_CFI_H
#define FLAMETREE_FORMAT_ELF_CFI_H

#include <elfutils/libdw.h>

#include "format/perf_data/image.h"

/* Registers as DWARF numbers them: x86-64 has 17 with the return address, arm64 32. */
enum { CFI_REGISTERS = 33 };

/* The place of a register of the caller. CFA: the canonical frame address, the caller's stack
 * pointer before the call. */
enum cfi_kind {
    CFI_MEMORY,     /* in memory at the CFA + offset */
    CFI_VALUE,      /* it is the CFA + offset */
    CFI_REGISTER,   /* it is another register + offset */
    CFI_EXPRESSION, /* of `ops` */
};

struct cfi_rule {
    unsigned char kind; /* enum cfi_kind */
    unsigned char number, from;
    uint32_t n;
    int64_t offset;
    const Dwarf_Op *ops;
};

struct cfi_row {
    bool known;  /* false: the file says nothing about the address */
    bool signal; /* the kernel made the frame, for a signal handler */
    unsigned char return_register;
    struct cfi_rule cfa;
    uint64_t same;                /* a bit for each register that keeps its value */
    const struct cfi_rule *rules; /* the other registers that are not lost */
    size_t count;
};

struct cfi_file;

/* NULL if the file that ran has none. It ends with the heap of the images. */
struct cfi_file *cfi_file_open(struct image *image);

/* The row of an address as the program headers count. The rules are in `arena`. */
struct cfi_row cfi_file_row(struct cfi_file *file, uint64_t address, unsigned registers,
                            struct arena *arena);

#endif
