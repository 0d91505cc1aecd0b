/* SPDX-License-Identifier: MIT */
/*
 * elf_debug: the file for libdw.
 *
 *      file      .debug_abbrev .debug_info .debug_line .debug_loclists ...    packed
 *      copy      .debug_abbrev ... .debug_info                                unpacked so far
 *
 * .debug_info is at the end of the copy, where it can grow. elf_units.c knows how far libdw needs
 * it.
 */
#include "core/heap.h"

#if HAVE_LIBDW

#include <dwarf.h>

#include "core/source.h"
#include "format/elf/elf_debug.h"
#include "format/perf_data/perf_record.h"

/* The sections of the copy. */
static const char *const copied[] = {
    ".debug_abbrev",     ".debug_addr",
    ".debug_line_str",   ".debug_ranges",
    ".debug_rnglists",   ".debug_str",
    ".debug_types",      ".debug_str_offsets",
    ".gnu_debugaltlink", ".debug_line" /* with_lines */,
    ".debug_info",
};

enum { COPIED = sizeof copied / sizeof copied[0], LINES = COPIED - 2, INFO = COPIED - 1 };

static void end_libdw(struct elf_debug *debug)
{
    dwarf_end(debug->dwarf);
    elf_end(debug->elf);
    debug->dwarf = NULL;
    debug->elf = NULL;
}

static void end_codec(struct elf_debug *debug)
{
    if (debug->state)
        debug->codec->close(debug->state);
    heap_free(debug->heap, debug->state);
    debug->state = NULL;
}

static void end_debug(void *of)
{
    struct elf_debug *debug = of;
    end_libdw(debug);
    end_codec(debug);
}

bool elf_debug_is_in(const struct elf_file *file)
{
    GElf_Shdr head;
    return (elf_file_section(file, 0, ".debug_info", &head) && head.sh_type != SHT_NOBITS) ||
           elf_file_section(file, 0, ".zdebug_info", &head);
}

/* ---- unpacking ------------------------------------------------------------------------------- */

enum { COPY_MOST = 1 << 30, RATIO_MOST = 1100 };

static const struct codec *find_section_codec(unsigned type)
{
    enum { ZSTD = 2 }; /* ELFCOMPRESS_ZSTD of newer <elf.h> */
    const struct codec *codec = &codec_zlib;
    if (type == ZSTD)
        for (codec = codecs; strcmp(codec->name, "zstd") != 0;)
            codec++;
    return (type == ELFCOMPRESS_ZLIB || type == ZSTD) && codec->size > 0 ? codec : NULL;
}

/* Begin with a section, whose unpacked size is *size. zlib packs 1032 to 1 at best. */
static bool start_section(struct elf_debug *debug, Elf_Scn *section, uint64_t *size)
{
    GElf_Chdr head;
    const Elf_Data *data = elf_rawdata(section, NULL);
    size_t skipped = gelf_getclass(debug->file->elf) == ELFCLASS64 ? sizeof(Elf64_Chdr)
                                                                   : sizeof(Elf32_Chdr);
    if (!data || !gelf_getchdr(section, &head) || data->d_size <= skipped ||
        data->d_size > COPY_MOST)
        return false;
    debug->packed = str_skip(str_of(data->d_buf, data->d_size), skipped);
    debug->codec = find_section_codec(head.ch_type);
    *size = head.ch_size;
    if (!debug->codec || *size > COPY_MOST - debug->copy.n || *size / RATIO_MOST > debug->packed.n)
        return false;
    void *state = heap_zero(debug->heap, 1, debug->codec->size);
    if (!debug->codec->open(state))
        heap_fail(debug->heap, debug->codec->size);
    debug->state = state;
    return true;
}

/* Append `n` bytes of the section to the copy; false if it is damaged. */
static bool unpack_section(struct elf_debug *debug, uint64_t n)
{
    enum codec_result result = CODEC_MORE;
    vec_reserve(debug->heap, &debug->copy, (size_t)n);
    char *at = debug->copy.at + debug->copy.n;
    size_t room = (size_t)n, before = SIZE_MAX;
    while (room > 0 && result == CODEC_MORE && before != room + debug->packed.n) {
        before = room + debug->packed.n;
        result = debug->codec->step(debug->state, &debug->packed, &at, &room);
        if (result == CODEC_ENDED && debug->packed.n > 0 && debug->codec->restart(debug->state))
            result = CODEC_MORE;
    }
    if (result == CODEC_NO_MEMORY)
        heap_fail(debug->heap, (size_t)n);
    debug->copy.n += (size_t)n - room;
    return room == 0;
}

/* Whether .debug_info is compressed (SHF_COMPRESSED), in a file with the byte order of this
 * machine. */
static bool is_packed(const struct elf_file *file)
{
    GElf_Ehdr head;
    GElf_Shdr section;
    return gelf_getehdr(file->elf, &head) &&
           head.e_ident[EI_DATA] == (PERF_HOST_IS_BIG ? ELFDATA2MSB : ELFDATA2LSB) &&
           elf_file_section(file, 0, ".debug_info", &section) && section.sh_type != SHT_NOBITS &&
           (section.sh_flags & SHF_COMPRESSED);
}

/* ---- the copy -------------------------------------------------------------------------------- */

static void pad_copy(struct elf_debug *debug)
{
    while (debug->copy.n % 16 != 0)
        vec_push(debug->heap, &debug->copy, 0);
}

static void append_section(struct elf_debug *debug, str bytes)
{
    vec_reserve(debug->heap, &debug->copy, bytes.n);
    memcpy(debug->copy.at + debug->copy.n, bytes.p, bytes.n);
    debug->copy.n += bytes.n;
}

/* Append the bytes of a section, and fill its head. .debug_info is left to elf_debug_grow(). */
static bool copy_section(struct elf_debug *debug, size_t i, Elf64_Shdr *to)
{
    GElf_Shdr head;
    Elf_Scn *section = elf_file_section(debug->file, 0, copied[i], &head);
    uint64_t size;
    str bytes;
    pad_copy(debug);
    to->sh_offset = debug->copy.n;
    to->sh_type = SHT_PROGBITS;
    to->sh_addralign = 1;
    if (!section || head.sh_type == SHT_NOBITS) {
        to->sh_type = SHT_NULL;
    } else if (!(head.sh_flags & SHF_COMPRESSED)) {
        bytes = elf_file_bytes(section);
        if (bytes.n > COPY_MOST - debug->copy.n)
            return false;
        append_section(debug, bytes);
    } else if (!start_section(debug, section, &size)) {
        return false;
    } else if (i == INFO) {
        debug->info = debug->copy.n;
        debug->size = size;
    } else {
        bool good = unpack_section(debug, size);
        end_codec(debug);
        if (!good)
            return false;
    }
    to->sh_size = debug->copy.n - to->sh_offset;
    return true;
}

/* The sections, and one with their names. */
static bool make_copy(struct elf_debug *debug, bool with_lines)
{
    Elf64_Shdr heads[COPIED + 2] = {{0}};
    GElf_Ehdr from;
    if (!gelf_getehdr(debug->file->elf, &from))
        return false;
    Elf64_Ehdr head = {
        .e_type = from.e_type,
        .e_machine = from.e_machine,
        .e_version = EV_CURRENT,
        .e_ehsize = sizeof head,
        .e_shoff = sizeof head,
        .e_shentsize = sizeof heads[0],
        .e_shnum = COPIED + 2,
        .e_shstrndx = COPIED + 1,
    };
    memcpy(head.e_ident, from.e_ident, EI_NIDENT);
    head.e_ident[EI_CLASS] = ELFCLASS64; /* units say how long their addresses are */
    append_section(debug, str_of((const char *)&head, sizeof head));
    append_section(debug, str_of((const char *)heads, sizeof heads));
    Elf64_Shdr *names = &heads[COPIED + 1];
    names->sh_type = SHT_STRTAB;
    names->sh_offset = debug->copy.n;
    append_section(debug, str_of("", 1));
    for (size_t i = 0; i < COPIED; i++) {
        heads[i + 1].sh_name = (Elf64_Word)(debug->copy.n - names->sh_offset);
        append_section(debug, str_of(copied[i], strlen(copied[i]) + 1));
    }
    names->sh_size = debug->copy.n - names->sh_offset;
    for (size_t i = 0; i < COPIED; i++)
        if ((i != LINES || with_lines) && !copy_section(debug, i, &heads[i + 1]))
            return false;
    memcpy(debug->copy.at + sizeof head, heads, sizeof heads);
    return true;
}

void elf_debug_grow(struct elf_debug *debug, uint64_t end)
{
    uint64_t have = debug->copy.n - debug->info, want = have + have / 4;
    if (!debug->packed_info || !debug->state || end <= have)
        return;
    end_libdw(debug);
    debug->version++;
    want = want > end ? want : end;
    want = want < debug->size ? want : debug->size;
    debug->packed_info = unpack_section(debug, want - have) && want < debug->size;
    if (!debug->packed_info)
        end_codec(debug);
    Elf64_Xword size = debug->copy.n - debug->info;
    memcpy(debug->copy.at + sizeof(Elf64_Ehdr) + (INFO + 1) * sizeof(Elf64_Shdr) +
               offsetof(Elf64_Shdr, sh_size),
           &size, sizeof size);
    debug->elf = elf_memory(debug->copy.at, debug->copy.n);
    debug->dwarf = debug->elf ? dwarf_begin_elf(debug->elf, DWARF_C_READ, NULL) : NULL;
}

str elf_debug_section(struct elf_debug *debug, const char *name)
{
    GElf_Shdr head;
    uint64_t size;
    Elf_Scn *section = elf_file_section(debug->file, 0, name, &head);
    debug->copy.n = 0;
    if (section && !(head.sh_flags & SHF_COMPRESSED))
        return elf_file_bytes(section);
    if (section && start_section(debug, section, &size))
        unpack_section(debug, size);
    end_codec(debug);
    return str_of(debug->copy.at, debug->copy.n);
}

/* The debug information of a browser takes gigabytes, of which little is needed. If another program
 * cuts the file short meanwhile, this one ends. */
static void map_file(struct elf_file *file)
{
    Elf *mapped = elf_begin(file->fd, ELF_C_READ_MMAP_PRIVATE, NULL);
    if (!mapped)
        return;
    elf_end(file->elf);
    file->elf = mapped;
}

struct elf_debug *elf_debug_open(struct elf_file *file, bool with_lines)
{
    enum { FIRST = 65536 };
    struct heap *heap = file->heap;
    struct elf_debug *debug = heap_zero(heap, 1, sizeof *debug);
    debug->heap = heap;
    debug->file = file;
    debug->cleanup = (struct heap_cleanup){.run = end_debug, .of = debug};
    heap_add_cleanup(heap, &debug->cleanup);
    map_file(file);
    elf_units_load(debug);
    debug->copy.n = 0;
    bool packed = is_packed(file);
    debug->packed_info = packed && make_copy(debug, with_lines);
    if (debug->packed_info)
        elf_debug_grow(debug, FIRST);
    else
        vec_free(heap, &debug->copy);
    if (!packed)
        debug->dwarf = dwarf_begin_elf(file->elf, DWARF_C_READ, NULL);
    elf_file_release(file);
    return debug;
}

#endif
