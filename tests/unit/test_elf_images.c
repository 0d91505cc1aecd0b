/* SPDX-License-Identifier: MIT */
/*
 * test_elf_images: the names of addresses in ELF files; which files are looked for, and files that
 * are none.
 */
#include <fcntl.h>

#include "dice.h"
#include "elf_maker.h"
#include "image_questions.h"
#include "packs.h"

#if HAVE_LIBDW

static const char build_id[] = "\x01\x23\x45\x67\x89\xab\xcd\xef\x10\x11\x12\x13\x14\x15\x16\x17"
                               "\x18\x19\x1a\x1b";
static const char other_id[] = "another build id....";
/* ---- which symbols count --------------------------------------------------------------------- */

static struct elf_maker elf;

/* A file of 256 bytes of code with one symbol, "NAME", at its start. Where the code is. */
static uint64_t make_simple(const char *name, const char *id)
{
    static const char code[256];
    elf_begin_file(&elf, EM_X86_64);
    uint64_t at = elf_add(&elf, ".text", SHT_PROGBITS, SHF_ALLOC, str_of(code, sizeof code));
    if (id)
        elf_add_build_id(&elf, id);
    struct elf_symbol symbol = {name, at, 256, STT_FUNC, STB_GLOBAL, 0, 1};
    elf_add_symbols(&elf, SHT_SYMTAB, &symbol, name ? 1 : 0);
    elf_end_file(&elf);
    return at - ELF_BASE;
}

static void check_kinds(void)
{
    static const char code[256];
    elf_begin_file(&elf, EM_X86_64);
    uint64_t at = elf_add(&elf, ".text", SHT_PROGBITS, SHF_ALLOC, str_of(code, sizeof code));
    elf_add(&elf, ".init", SHT_PROGBITS, SHF_ALLOC, str_of(code, 16));
    elf_add(&elf, ".comment", SHT_PROGBITS, 0, str_of(code, 16));
    struct elf_symbol symbols[] = {
        {"function", at, 8, STT_FUNC, STB_GLOBAL, 0, 1},
        {"data", at + 8, 8, STT_OBJECT, STB_LOCAL, 0, 1},
        {"chosen", at + 16, 8, STT_GNU_IFUNC, STB_GLOBAL, 0, 1},
        {"label", at + 24, 8, STT_NOTYPE, STB_LOCAL, 0, 1},
        {"hidden_label", at + 32, 8, STT_NOTYPE, STB_GLOBAL, STV_HIDDEN, 1},
        {"label_elsewhere", at + 40, 8, STT_NOTYPE, STB_GLOBAL, 0, 2},
        {"hidden_function", at + 48, 8, STT_FUNC, STB_GLOBAL, STV_HIDDEN, 1},
        {"absolute", at + 56, 8, STT_FUNC, STB_GLOBAL, 0, SHN_ABS},
        {"undefined", at + 64, 8, STT_FUNC, STB_GLOBAL, 0, SHN_UNDEF},
        {"not_in_memory", at + 72, 8, STT_FUNC, STB_GLOBAL, 0, 3},
        {"thread_local", at + 80, 8, STT_TLS, STB_GLOBAL, 0, 1},
        {"file.c", at + 88, 8, STT_FILE, STB_LOCAL, 0, 1},
        {"$x", at + 96, 8, STT_NOTYPE, STB_LOCAL, 0, 1},
        {"_ZN4demo3runIiEEvT_", at + 104, 8, STT_FUNC, STB_WEAK, 0, 1},
        {"outside", at + 0x100000, 8, STT_FUNC, STB_GLOBAL, 0, 1},
    };
    static const char *const wanted[] = {
        "function", "data", "chosen", "label",          "", "", "hidden_function", "", "", "",
        "",         "",     "$x",     "demo::run<int>", ""};
    elf_add_symbols(&elf, SHT_SYMTAB, symbols, sizeof symbols / sizeof symbols[0]);
    elf_end_file(&elf);
    put_file("/kinds", str_of(elf.bytes, elf.n));
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        is_name((struct question){.path = "/kinds", .offset = symbols[i].value - ELF_BASE},
                wanted[i], symbols[i].name);
    elf.bytes[offsetof(Elf64_Ehdr, e_machine)] = (char)EM_AARCH64;
    put_file("/kinds", str_of(elf.bytes, elf.n));
    is_name((struct question){.path = "/kinds", .offset = at - ELF_BASE + 96}, "",
            "$x on arm64, a mark of its assembler");
}

/* ---- which files count ----------------------------------------------------------------------- */

#define DIRECTORY "/.build-id/01/23456789abcdef101112131415161718191a1b"

static void check_places(void)
{
    static const char *const places[] = {
        "/home/.debug" DIRECTORY "/elf",     "/home/.debug" DIRECTORY "/debug",
        "/usr/lib/debug/bin/app.debug",      "/usr/lib/debug/bin/app",
        "/usr/lib/debug" DIRECTORY ".debug",
    };
    uint64_t at = make_simple("of_the_file", build_id);
    put_file("/bin/app", str_of(elf.bytes, elf.n));
    struct question app = {.path = "/bin/app", .id = build_id, .offset = at + 5};
    is_name(app, "of_the_file", "the file itself");
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        make_simple("debug", build_id);
        put_file(places[i], str_of(elf.bytes, elf.n));
        is_name(app, "debug", places[i]);
        app.id = NULL;
        is_name(app, "debug", "the same without a recorded build id");
        app.id = build_id;
        make_simple("other", other_id);
        put_file(places[i], str_of(elf.bytes, elf.n));
        is_name(app, "of_the_file", "one with another build id");
        remove_file(places[i]);
    }
    app.id = other_id;
    is_trouble(app, "the file has changed since the recording", "another build id");
    make_simple("kept", other_id);
    put_file("/home/.debug/.build-id/61/6e6f74686572206275696c642069642e2e2e2e/elf",
             str_of(elf.bytes, elf.n));
    is_name(app, "kept", "a copy in ~/.debug of a file that has changed");
    app.path = "/bin/gone (deleted)";
    is_name(app, "kept", "or of one that is gone");
    app.id = build_id;
    is_trouble(app, "the file does not exist or cannot be read", "a file that is gone");
}

static void check_debuglink(void)
{
    static const char code[256];
    elf_begin_file(&elf, EM_X86_64);
    uint64_t at = elf_add(&elf, ".text", SHT_PROGBITS, SHF_ALLOC, str_of(code, sizeof code));
    elf_add_build_id(&elf, build_id);
    elf_add(&elf, ".gnu_debuglink", SHT_PROGBITS, 0, str_of("linked\0\0crc.", 12));
    elf_end_file(&elf);
    put_file("/opt/stripped", str_of(elf.bytes, elf.n));
    struct question app = {.path = "/opt/stripped", .id = build_id, .offset = at - ELF_BASE};
    is_trouble(app, "it has no symbols", "a stripped file");
    static const char *const places[] = {"/opt/linked", "/opt/.debug/linked",
                                         "/usr/lib/debug/opt/linked", "/opt/.debug/stripped"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        make_simple("by_link", build_id);
        put_file(places[i], str_of(elf.bytes, elf.n));
        is_name(app, "by_link", places[i]);
        remove_file(places[i]);
    }
}

static void check_packed(void)
{
#if HAVE_LZMA
    static char packed[ELF_MOST];
    static const char code[256];
    make_simple("in_debugdata", NULL);
    size_t n = pack_xz(str_of(elf.bytes, elf.n), packed, sizeof packed);
    elf_begin_file(&elf, EM_X86_64);
    uint64_t at = elf_add(&elf, ".text", SHT_PROGBITS, SHF_ALLOC, str_of(code, sizeof code));
    elf_add(&elf, ".gnu_debugdata", SHT_PROGBITS, 0, str_of(packed, n));
    elf_end_file(&elf);
    put_file("/fedora", str_of(elf.bytes, elf.n));
    struct question app = {.path = "/fedora", .offset = at - ELF_BASE};
    is_name(app, "in_debugdata", ".gnu_debugdata");
    elf.bytes[elf.heads[2].sh_offset + n / 2] ^= 0x55;
    put_file("/fedora", str_of(elf.bytes, elf.n));
    is_trouble(app, "it has no symbols", "a damaged .gnu_debugdata");
#else
    skip(".gnu_debugdata", "this build has no liblzma");
#endif
}

static void check_other_files(void)
{
    char path[200], link[200];
    struct question app = {.path = "/special"};
    put_path(path, "/special");
    mkfifo(path, 0600);
    is_trouble(app, "it is not a regular file", "a pipe without a writer");
    remove(path);
    mkdir(path, 0700);
    is_trouble(app, "it is not a regular file", "a directory");
    remove(path);
    put_path(link, "/special");
    if (symlink("/dev/zero", link) != 0)
        abort();
    is_trouble(app, "it is not a regular file", "a link to a device");
    remove(path);
    put_file("/special", STR(""));
    is_trouble(app, "it is not a complete ELF file", "an empty file");
    put_file("/special", STR("#!/bin/sh\n"));
    is_trouble(app, "it is not a complete ELF file", "a script");
    struct question memory = {.path = "[heap]"};
    is_trouble(memory, "", "memory without a file");
    memory.path = "//anon";
    is_trouble(memory, "", "anonymous memory");
}

/* ---- jumps to other files -------------------------------------------------------------------- */

static void put32(char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (char)(value >> (8 * i) & 255);
}

/* A file with two imported functions, whose jumps are `code`, `size` bytes each after `head` bytes.
 * The slots are at GOT and GOT + 8. */
enum { GOT = 0x403000 };

static uint64_t make_plt(unsigned machine, const char *section, str code, uint64_t size)
{
    static const struct elf_symbol symbols[] = {
        {"strlen", 0, 0, STT_FUNC, STB_GLOBAL, 0, SHN_UNDEF},
        {"_ZN4demo4callEv", 0, 0, STT_FUNC, STB_GLOBAL, 0, SHN_UNDEF},
    };
    unsigned type = machine == EM_X86_64 ? R_X86_64_JUMP_SLOT : R_AARCH64_JUMP_SLOT;
    Elf64_Rela slots[] = {{GOT + 8, ELF64_R_INFO(2, type), 0}, {GOT, ELF64_R_INFO(1, type), 0}};
    elf_begin_file(&elf, machine);
    uint64_t at = elf_add(&elf, section, SHT_PROGBITS, SHF_ALLOC, code);
    elf_last(&elf)->sh_entsize = size;
    elf_add_symbols(&elf, SHT_DYNSYM, symbols, 2);
    bool got = strcmp(section, ".plt.got") == 0;
    elf_add(&elf, got ? ".rela.dyn" : ".rela.plt", SHT_RELA, 0,
            str_of((const char *)slots, sizeof slots));
    elf_last(&elf)->sh_link = (Elf64_Word)elf.count - 2;
    elf_last(&elf)->sh_entsize = sizeof slots[0];
    elf_end_file(&elf);
    put_file("/plt", str_of(elf.bytes, elf.n));
    return at - ELF_BASE;
}

/* The address that elf_add() gives the first section. */
enum { FIRST = ELF_BASE + 0x80 };

static void check_x86_64_plt(void)
{
    static const struct {
        const char *section, *before;
        size_t head, size, jump;
    } shapes[] = {
        {".plt", "\xff\x25", 16, 16, 0},
        {".plt", "\xff\x25", 16, 0, 0}, /* lld */
        {".plt.sec", "\xf3\x0f\x1e\xfa\xff\x25", 0, 16, 4},
        {".plt.sec", "\xf3\x0f\x1e\xfa\xf2\xff\x25", 0, 16, 5},
        {".plt.got", "\xff\x25", 0, 8, 0},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        char code[64] = {0};
        size_t step = shapes[i].size == 8 ? 8 : 16, n = shapes[i].head + 2 * step;
        for (size_t entry = 0; entry < 2; entry++) {
            size_t at = shapes[i].head + entry * step, jump = at + shapes[i].jump;
            memcpy(code + at, shapes[i].before, strlen(shapes[i].before));
            put32(code + jump + 2, (uint32_t)(GOT + 8 * entry - (FIRST + jump + 6)));
        }
        uint64_t at = make_plt(EM_X86_64, shapes[i].section, str_of(code, n), shapes[i].size);
        struct question app = {.path = "/plt", .offset = at + shapes[i].head + 2};
        is_name(app, "strlen@plt", shapes[i].section);
        app.offset += step;
        is_name(app, "demo::call@plt", "the next entry");
        app.offset = at;
        if (shapes[i].head > 0)
            is_name(app, ".plt", "the start of the table");
    }
}

static void check_arm64_plt(void)
{
    char code[32 + 2 * 24] = {0};
    uint32_t page = (uint32_t)((GOT >> 12) - (FIRST >> 12));
    for (size_t entry = 0; entry < 2; entry++) {
        char *at = code + 32 + entry * 24;
        put32(at, 0xd503245f);                                                  /* bti c */
        put32(at + 4, 0x90000010 | (page & 3) << 29 | (page >> 2) << 5);        /* adrp x16, page */
        put32(at + 8, 0xf9400211 | (uint32_t)((GOT & 4095) / 8 + entry) << 10); /* ldr x17 */
    }
    uint64_t at = make_plt(EM_AARCH64, ".plt", str_of(code, sizeof code), 24);
    is_name((struct question){.path = "/plt", .offset = at + 32}, "strlen@plt", "arm64");
    is_name((struct question){.path = "/plt", .offset = at + 56 + 20}, "demo::call@plt",
            "the next entry of arm64");
    is_name((struct question){.path = "/plt", .offset = at + 8}, ".plt", "its start");
}

/* ---- damaged files --------------------------------------------------------------------------- */

static void check_damage(void)
{
    static struct elf_maker whole;
    char code[48] = {0};
    uint64_t dice_state = 1;
    memcpy(code + 16, "\xff\x25", 2);
    put32(code + 18, (uint32_t)(GOT - (FIRST + 22)));
    uint64_t at = make_plt(EM_X86_64, ".plt", str_of(code, sizeof code), 16);
    whole = elf;
    struct question app = {.path = "/plt", .offset = at + 16};
    is_name(app, "strlen@plt", "before the damage");
    for (size_t n = 0; n < whole.n; n += 1 + n / 64) {
        put_file("/plt", str_of(whole.bytes, n));
        heaps_run(ask_images, &app);
        if (n > 0 && app.name[0] != '\0')
            break;
    }
    is_text(app.why, "it is not a complete ELF file", "a file cut anywhere");
    for (size_t i = 0; i < 4 * whole.n; i++) {
        elf = whole;
        elf.bytes[i / 4] = i % 4 == 0 ? (char)0xff : (char)dice(&dice_state);
        if (i % 4 == 3)
            elf.bytes[dice_below(&dice_state, whole.n)] = (char)dice(&dice_state);
        put_file("/plt", str_of(elf.bytes, elf.n));
        heaps_run(ask_images, &app);
    }
    ok(true, "each byte changed");
}

/* A file with holes, whose names would take 1.5 GB. */
static void check_huge(void)
{
    char path[200];
    struct elf_symbol symbol = {"named", FIRST, 16, STT_FUNC, STB_GLOBAL, 0, 1};
    elf_begin_file(&elf, EM_X86_64);
    elf_add(&elf, ".text", SHT_PROGBITS, SHF_ALLOC, STR("0123456789abcdef"));
    elf_add_symbols(&elf, SHT_SYMTAB, &symbol, 1);
    elf.heads[2].sh_size = UINT64_C(3) << 29;
    elf_end_file(&elf);
    put_file("/huge", str_of(elf.bytes, elf.n));
    put_path(path, "/huge");
    if (truncate(path, (off_t)1 << 31) != 0)
        skip("a file with holes", "the file system has none");
    else
        is_trouble((struct question){.path = "/huge", .offset = FIRST - ELF_BASE},
                   "it has no symbols", "a file with holes");
    remove(path);
}

/* ---- memory that runs out -------------------------------------------------------------------- */

static void check_faults(void)
{
    uint64_t at = make_simple("debug", build_id);
    struct question app = {.path = "/faults", .offset = at};
    put_file("/faults", str_of(elf.bytes, elf.n));
    ok(heaps_sweep(ask_images, &app), "each allocation fails in turn");
    ok(open("/dev/null", O_RDONLY) < 20, "no file stays open");
}

int main(void)
{
    make_top();
    check_kinds();
    check_places();
    check_debuglink();
    check_packed();
    check_other_files();
    check_x86_64_plt();
    check_arm64_plt();
    check_damage();
    check_huge();
    check_faults();
    remove_top();
    return done_testing();
}

#else

int main(void)
{
    make_top();
    put_file("/bin/app", STR("\x7f"
                             "ELF"));
    is_trouble((struct question){.path = "/bin/app"},
               "this build does not read ELF files (--without-libdw)", "a build without libdw");
    remove_top();
    return done_testing();
}

#endif
