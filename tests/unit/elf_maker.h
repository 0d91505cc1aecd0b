/* SPDX-License-Identifier: MIT */
/*
 * elf_maker: small ELF files for tests, 64 bits, one segment from the start of the file on.
 *
 *      struct elf_maker elf;
 *      elf_begin_file(&elf, EM_X86_64);
 *      uint64_t at = elf_add(&elf, ".text", SHT_PROGBITS, SHF_ALLOC, code);
 *      elf_end_file(&elf);                 elf.bytes, elf.n
 */
#ifndef FLAMETREE_TESTS_ELF_MAKER_H
#define FLAMETREE_TESTS_ELF_MAKER_H

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"

enum { ELF_MOST = 1 << 17, ELF_SECTIONS = 16, ELF_BASE = 0x400000 };

struct elf_maker {
    char bytes[ELF_MOST];
    size_t n;
    Elf64_Shdr heads[ELF_SECTIONS];
    size_t count;
    char names[1024]; /* of sections */
    size_t names_n;
};

static inline void elf_begin_file(struct elf_maker *elf, unsigned machine)
{
    Elf64_Ehdr head = {.e_type = ET_EXEC,
                       .e_machine = (Elf64_Half)machine,
                       .e_version = EV_CURRENT,
                       .e_phoff = sizeof head,
                       .e_ehsize = sizeof head,
                       .e_phentsize = sizeof(Elf64_Phdr),
                       .e_phnum = 1,
                       .e_shentsize = sizeof(Elf64_Shdr)};
    memcpy(head.e_ident, ELFMAG "\2\1\1", 7);
    *elf = (struct elf_maker){.n = sizeof head + sizeof(Elf64_Phdr), .count = 1, .names_n = 1};
    memcpy(elf->bytes, &head, sizeof head);
}

/* Its address; the offset is ELF_BASE less. */
static inline uint64_t elf_add(struct elf_maker *elf, const char *name, unsigned type,
                               uint64_t flags, str content)
{
    size_t length = strlen(name) + 1;
    elf->n = (elf->n + 15) / 16 * 16;
    if (elf->count == ELF_SECTIONS || content.n + 8192 > ELF_MOST - elf->n ||
        length > sizeof elf->names - elf->names_n)
        abort();
    Elf64_Shdr head = {.sh_name = (Elf64_Word)elf->names_n,
                       .sh_type = type,
                       .sh_flags = flags,
                       .sh_offset = elf->n,
                       .sh_size = content.n,
                       .sh_addralign = 1};
    head.sh_addr = flags & SHF_ALLOC ? ELF_BASE + elf->n : 0;
    memcpy(elf->names + elf->names_n, name, length);
    elf->names_n += length;
    if (content.n > 0)
        memcpy(elf->bytes + elf->n, content.p, content.n);
    elf->n += content.n;
    elf->heads[elf->count++] = head;
    return ELF_BASE + head.sh_offset;
}

/* The section that was added last. */
static inline Elf64_Shdr *elf_last(struct elf_maker *elf)
{
    return &elf->heads[elf->count - 1];
}

static inline void elf_add_build_id(struct elf_maker *elf, const char *id)
{
    char note[16 + 20] = {0};
    Elf64_Nhdr head = {4, 20, NT_GNU_BUILD_ID};
    memcpy(note, &head, sizeof head);
    memcpy(note + sizeof head, "GNU", 4);
    memcpy(note + 16, id, 20);
    elf_add(elf, ".note.gnu.build-id", SHT_NOTE, SHF_ALLOC, str_of(note, sizeof note));
}

struct elf_symbol {
    const char *name;
    uint64_t value, size;
    unsigned char type, bind, visibility;
    Elf64_Half section;
};

/* A table of symbols and the one of its names, which comes first. */
static inline void elf_add_symbols(struct elf_maker *elf, unsigned type,
                                   const struct elf_symbol *symbols, size_t n)
{
    Elf64_Sym table[64] = {{0}};
    char names[2048] = "";
    size_t names_n = 1;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(symbols[i].name) + 1;
        if (i + 1 == 64 || length > sizeof names - names_n)
            abort();
        table[i + 1] = (Elf64_Sym){
            (Elf64_Word)names_n,   (unsigned char)(symbols[i].bind << 4 | symbols[i].type),
            symbols[i].visibility, symbols[i].section,
            symbols[i].value,      symbols[i].size};
        memcpy(names + names_n, symbols[i].name, length);
        names_n += length;
    }
    bool dynamic = type == SHT_DYNSYM;
    elf_add(elf, dynamic ? ".dynstr" : ".strtab", SHT_STRTAB, 0, str_of(names, names_n));
    elf_add(elf, dynamic ? ".dynsym" : ".symtab", type, 0,
            str_of((const char *)table, (n + 1) * sizeof table[0]));
    elf_last(elf)->sh_link = (Elf64_Word)elf->count - 2;
    elf_last(elf)->sh_entsize = sizeof table[0];
}

static inline void elf_end_file(struct elf_maker *elf)
{
    Elf64_Ehdr *head = (Elf64_Ehdr *)(void *)elf->bytes;
    char names[sizeof elf->names + sizeof ".shstrtab"];
    memcpy(names, elf->names, elf->names_n);
    memcpy(names + elf->names_n, ".shstrtab", sizeof ".shstrtab");
    elf_add(elf, ".shstrtab", SHT_STRTAB, 0, str_of(names, elf->names_n + sizeof ".shstrtab"));
    elf->n = (elf->n + 7) / 8 * 8;
    Elf64_Phdr part = {.p_type = PT_LOAD,
                       .p_flags = PF_R | PF_X,
                       .p_vaddr = ELF_BASE,
                       .p_filesz = elf->n,
                       .p_memsz = elf->n,
                       .p_align = 4096};
    memcpy(elf->bytes + head->e_phoff, &part, sizeof part);
    head->e_shoff = elf->n;
    head->e_shnum = (Elf64_Half)elf->count;
    head->e_shstrndx = (Elf64_Half)(elf->count - 1);
    memcpy(elf->bytes + elf->n, elf->heads, elf->count * sizeof elf->heads[0]);
    elf->n += elf->count * sizeof elf->heads[0];
}

#endif
