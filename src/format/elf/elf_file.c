/* SPDX-License-Identifier: MIT */
/*
 * elf_file: files, sections and symbol tables, by libelf.
 */
#include "core/heap.h"

#if HAVE_LIBDW

#include <elfutils/libdwelf.h>
#include <unistd.h>

#include "format/elf/elf_file.h"

/* ---- files ----------------------------------------------------------------------------------- */

static void end_file(void *of)
{
    struct elf_file *file = of;
    elf_end(file->elf);
    if (file->fd >= 0)
        close(file->fd);
}

static struct elf_file *new_file(struct heap *heap)
{
    struct elf_file *file = heap_zero(heap, 1, sizeof *file);
    file->heap = heap;
    file->fd = -1;
    file->cleanup = (struct heap_cleanup){.run = end_file, .of = file};
    heap_add_cleanup(heap, &file->cleanup);
    elf_version(EV_CURRENT);
    return file;
}

void elf_file_close(struct elf_file *file)
{
    if (!file)
        return;
    heap_remove_cleanup(file->heap, &file->cleanup);
    end_file(file);
    heap_free(file->heap, file);
}

/* libelf accepts a file without its end, where the table of sections is. */
static bool is_complete(struct elf_file *file)
{
    GElf_Ehdr head;
    if (elf_kind(file->elf) != ELF_K_ELF || !gelf_getehdr(file->elf, &head))
        return false;
    uint64_t table = (uint64_t)head.e_shnum * head.e_shentsize;
    return head.e_shoff <= file->size && table <= file->size - head.e_shoff;
}

struct elf_file *elf_file_open(struct heap *heap, const char *path, const char **why)
{
    struct elf_file *file = new_file(heap);
    file->fd = image_file_open(path, why);
    if (file->fd >= 0) {
        off_t size = lseek(file->fd, 0, SEEK_END);
        file->size = size > 0 ? (size_t)size : 0;
        file->elf = size > 0 ? elf_begin(file->fd, ELF_C_READ, NULL) : NULL;
        if (file->elf && is_complete(file))
            return file;
        *why = "it is not a complete ELF file";
    }
    elf_file_close(file);
    return NULL;
}

struct elf_file *elf_file_of_memory(struct heap *heap, char *bytes, size_t size)
{
    struct elf_file *file = new_file(heap);
    file->size = size;
    file->elf = size > 0 ? elf_memory(bytes, size) : NULL;
    if (file->elf && is_complete(file))
        return file;
    elf_file_close(file);
    return NULL;
}

struct unpacking {
    struct heap_cleanup cleanup; /* memory can run out meanwhile */
    struct source source;
};

static void end_unpacking(void *of)
{
    struct unpacking *unpacking = of;
    source_close(&unpacking->source);
}

struct elf_file *elf_file_unpack(struct heap *heap, const char *name, str packed)
{
    enum { MOST = 1 << 28 };
    struct err err = {0};
    VEC(char) bytes = {0};
    ptrdiff_t n = 1;
    struct unpacking *unpacking = heap_zero(heap, 1, sizeof *unpacking);
    source_open_memory(&unpacking->source, name, packed);
    unpacking->cleanup = (struct heap_cleanup){.run = end_unpacking, .of = unpacking};
    heap_add_cleanup(heap, &unpacking->cleanup);
    while (n > 0 && bytes.n <= MOST) {
        vec_reserve(heap, &bytes, 65536);
        n = source_read(&unpacking->source, bytes.at + bytes.n, bytes.cap - bytes.n, &err);
        bytes.n += n > 0 ? (size_t)n : 0;
    }
    heap_remove_cleanup(heap, &unpacking->cleanup);
    end_unpacking(unpacking);
    heap_free(heap, unpacking);
    return n == 0 ? elf_file_of_memory(heap, bytes.at, bytes.n) : NULL;
}

void elf_file_release(struct elf_file *file)
{
    if (file->fd < 0)
        return;
    elf_cntl(file->elf, ELF_C_FDDONE);
    close(file->fd);
    file->fd = -1;
}

str elf_file_build_id(const struct elf_file *file)
{
    const void *build_id;
    ssize_t size = dwelf_elf_gnu_build_id(file->elf, &build_id);
    return size > 0 ? str_of(build_id, (size_t)size) : STR("");
}

/* ---- sections -------------------------------------------------------------------------------- */

static const char *section_name(const struct elf_file *file, const GElf_Shdr *head)
{
    size_t names;
    const char *name = NULL;
    if (elf_getshdrstrndx(file->elf, &names) == 0)
        name = elf_strptr(file->elf, names, head->sh_name);
    return name ? name : "";
}

Elf_Scn *elf_file_section(const struct elf_file *file, unsigned type, const char *name,
                          GElf_Shdr *head)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(file->elf, section)) != NULL)
        if (gelf_getshdr(section, head) && (type == 0 || head->sh_type == type) &&
            (!name || strcmp(section_name(file, head), name) == 0))
            return section;
    return NULL;
}

/* The names of a browser with all its debug information take 300 MB. A file with holes can have a
 * section of any size. */
static bool may_read(const GElf_Shdr *head)
{
    return head->sh_type != SHT_NOBITS && head->sh_size <= UINT64_C(1) << 30 &&
           !(head->sh_flags & SHF_COMPRESSED);
}

str elf_file_bytes(Elf_Scn *section)
{
    GElf_Shdr head;
    const Elf_Data *data = NULL;
    if (section && gelf_getshdr(section, &head) && may_read(&head))
        data = elf_rawdata(section, NULL);
    return data && data->d_buf ? str_of(data->d_buf, data->d_size) : STR("");
}

Elf_Data *elf_file_table(Elf_Scn *section)
{
    GElf_Shdr head;
    bool readable = section && gelf_getshdr(section, &head) && may_read(&head);
    return readable ? elf_getdata(section, NULL) : NULL;
}

/* ---- where it is mapped ---------------------------------------------------------------------- */

void elf_layout_read(struct elf_layout *layout, const struct elf_file *file, bool stripped_code)
{
    size_t count = 0;
    GElf_Ehdr head;
    layout->segments.n = 0;
    layout->fixed = gelf_getehdr(file->elf, &head) && head.e_type == ET_EXEC;
    if (elf_getphdrnum(file->elf, &count) != 0)
        return;
    for (size_t i = 0; i < count && i < INT32_MAX; i++) {
        GElf_Phdr part;
        if (!gelf_getphdr(file->elf, (int)i, &part) || part.p_type != PT_LOAD)
            continue;
        struct elf_segment segment = {part.p_vaddr, part.p_offset,
                                      stripped_code ? part.p_memsz : part.p_filesz,
                                      part.p_flags & PF_W};
        vec_push(file->heap, &layout->segments, segment);
    }
}

bool elf_layout_offset(const struct elf_layout *layout, uint64_t address, uint64_t *offset)
{
    for (size_t i = 0; i < layout->segments.n; i++) {
        const struct elf_segment *segment = &layout->segments.at[i];
        if (address < segment->address || address - segment->address >= segment->size)
            continue;
        *offset = address - segment->address + segment->offset;
        return true;
    }
    return false;
}

bool elf_layout_address(const struct elf_layout *layout, uint64_t offset, uint64_t *address)
{
    for (size_t i = 0; i < layout->segments.n; i++) {
        const struct elf_segment *segment = &layout->segments.at[i];
        if (offset < segment->offset || offset - segment->offset >= segment->size)
            continue;
        *address = offset - segment->offset + segment->address;
        return true;
    }
    return false;
}

/* ---- symbol tables --------------------------------------------------------------------------- */

enum section_use { SECTION_ALLOCATED = 1, SECTION_NAMED_CODE = 2 };

struct symbol_source {
    Elf_Data *data;
    size_t count;
    str names; /* ends with a NUL */
    unsigned char *uses;
    uint64_t *places; /* of sections that are loaded by name; NULL: symbols have addresses */
    size_t sections;
    bool arm, arm64;
};

/* For each section, whether it is in memory and whether its name says that it is code or data. */
static void read_uses(struct symbol_source *source, const struct elf_file *file)
{
    GElf_Shdr head;
    Elf_Scn *section = NULL;
    if (elf_getshdrnum(file->elf, &source->sections) != 0)
        source->sections = 0;
    source->uses = heap_zero(file->heap, source->sections + 1, 1);
    while ((section = elf_nextscn(file->elf, section)) != NULL) {
        size_t index = elf_ndxscn(section);
        if (index >= source->sections || !gelf_getshdr(section, &head))
            continue;
        const char *name = section_name(file, &head);
        if (head.sh_flags & SHF_ALLOC)
            source->uses[index] |= SECTION_ALLOCATED;
        if (strstr(name, "text") || strstr(name, "data"))
            source->uses[index] |= SECTION_NAMED_CODE;
    }
}

#define NO_PLACE UINT64_MAX

/* The kernel loads the code sections of a module one after another, except for those that it needs
 * only at the start of the module (.init...). */
static void place_sections(struct symbol_source *source, const struct elf_file *file)
{
    GElf_Shdr head;
    Elf_Scn *section = NULL;
    uint64_t end = 0;
    source->places = heap_alloc(file->heap, source->sections + 1, sizeof *source->places);
    for (size_t i = 0; i <= source->sections; i++)
        source->places[i] = NO_PLACE;
    while ((section = elf_nextscn(file->elf, section)) != NULL) {
        size_t index = elf_ndxscn(section);
        if (index >= source->sections || !gelf_getshdr(section, &head) ||
            !(head.sh_flags & SHF_ALLOC) || !(head.sh_flags & SHF_EXECINSTR) ||
            strncmp(section_name(file, &head), ".init", 5) == 0)
            continue;
        uint64_t align = head.sh_addralign > 0 ? head.sh_addralign : 1;
        if (align > UINT32_MAX || head.sh_size > UINT32_MAX || end > UINT32_MAX)
            return;
        source->places[index] = (end + align - 1) / align * align;
        end = source->places[index] + head.sh_size;
    }
}

/* Names stay when the file is closed. */
static bool open_source(struct symbol_source *source, const struct elf_file *file, unsigned type)
{
    GElf_Shdr head;
    GElf_Ehdr elf_head;
    Elf_Scn *section = elf_file_section(file, type, NULL, &head);
    *source = (struct symbol_source){0};
    if (!section || !gelf_getehdr(file->elf, &elf_head))
        return false;
    source->data = elf_file_table(section);
    size_t size = gelf_fsize(file->elf, ELF_T_SYM, 1, EV_CURRENT);
    str names = elf_file_bytes(elf_getscn(file->elf, head.sh_link));
    if (!source->data || size == 0 || names.n == 0)
        return false;
    source->count = source->data->d_size / size;
    char *copy = heap_alloc(file->heap, names.n, 1);
    memcpy(copy, names.p, names.n);
    copy[names.n - 1] = '\0';
    source->names = str_of(copy, names.n);
    source->arm = elf_head.e_machine == EM_ARM;
    source->arm64 = elf_head.e_machine == EM_AARCH64;
    read_uses(source, file);
    if (elf_head.e_type == ET_REL)
        place_sections(source, file);
    return true;
}

/* "$a", "$d.1": where ARM's assembler changes between code and data */
static bool is_arm_mark(const char *name)
{
    return name[0] == '$' && name[1] != '\0' && strchr("adtx", name[1]) &&
           (name[2] == '\0' || name[2] == '.');
}

static bool is_wanted(const struct symbol_source *source, const GElf_Sym *symbol)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);
    unsigned visibility = GELF_ST_VISIBILITY(symbol->st_other);
    bool label = type == STT_NOTYPE && visibility != STV_HIDDEN && visibility != STV_INTERNAL;
    if (!label && type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_OBJECT)
        return false;
    if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS)
        return false;
    if (symbol->st_shndx < source->sections) {
        unsigned use = source->uses[symbol->st_shndx];
        return (use & SECTION_ALLOCATED) && (!label || (use & SECTION_NAMED_CODE));
    }
    return !label; /* more than 65,279 sections */
}

static void add_symbol(struct symbol_table *table, const struct symbol_source *source,
                       const GElf_Sym *symbol, const struct elf_layout *layout)
{
    struct symbol added = {0};
    uint64_t address = symbol->st_value;
    if (!is_wanted(source, symbol) || symbol->st_name == 0 || symbol->st_name >= source->names.n)
        return;
    added.name = source->names.p + symbol->st_name;
    if (added.name[0] == '\0' || ((source->arm || source->arm64) && is_arm_mark(added.name)))
        return;
    if (source->arm && GELF_ST_TYPE(symbol->st_info) == STT_FUNC)
        address &= ~UINT64_C(1); /* Thumb code */
    if (source->places) {
        uint64_t place = symbol->st_shndx < source->sections ? source->places[symbol->st_shndx]
                                                             : NO_PLACE;
        if (place == NO_PLACE)
            return;
        address += place;
    }
    if (!elf_layout_offset(layout, address, &added.start))
        return;
    if (__builtin_add_overflow(added.start, symbol->st_size, &added.end))
        added.end = UINT64_MAX;
    if (GELF_ST_BIND(symbol->st_info) == STB_WEAK)
        added.flags = SYMBOL_WEAK;
    else if (GELF_ST_BIND(symbol->st_info) == STB_GLOBAL)
        added.flags = SYMBOL_GLOBAL;
    vec_push(table->heap, &table->symbols, added);
}

void elf_symbols_add(struct symbol_table *table, const struct elf_file *file, unsigned type,
                     const struct elf_layout *layout)
{
    struct symbol_source source;
    if (!open_source(&source, file, type))
        return;
    for (size_t i = 1; i < source.count && i < INT32_MAX; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(source.data, (int)i, &symbol))
            add_symbol(table, &source, &symbol, layout);
    }
    heap_free(table->heap, source.uses);
    heap_free(table->heap, source.places);
}

#endif
