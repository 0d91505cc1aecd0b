/* SPDX-License-Identifier: MIT */
/*
 * test_kernel_files: the names of addresses in the kernel and its modules, from vmlinux and from
 * the files of modules, where there is no kallsyms.
 */
#include <fcntl.h>

#include "elf_maker.h"
#include "image_questions.h"
#include "packs.h"

#if HAVE_LIBDW

static const char build_id[] = "the kernel's id.....", other_id[] = "another build id....";
static struct elf_maker elf;

enum { CODE = 256 };
static const char code[CODE];

/* A kernel with `_text` and `do_fork`, which comes CODE / 2 later. Its address. */
static uint64_t make_kernel(const char *path, const char *id, const char *name)
{
    elf_begin_file(&elf, EM_X86_64);
    uint64_t at = elf_add(&elf, ".text", SHT_PROGBITS, SHF_ALLOC, str_of(code, CODE));
    elf_add_build_id(&elf, id);
    struct elf_symbol symbols[] = {{"_text", at, 0, STT_NOTYPE, STB_GLOBAL, 0, 1},
                                   {name, at + CODE / 2, CODE / 4, STT_FUNC, STB_GLOBAL, 0, 1}};
    elf_add_symbols(&elf, SHT_SYMTAB, symbols, 2);
    elf_end_file(&elf);
    put_file(path, str_of(elf.bytes, elf.n));
    return at;
}

/* A relocatable module with code in four sections, one of which goes away. */
static str make_module(void)
{
    static const struct elf_symbol symbols[] = {
        {"at_first", 16, 16, STT_FUNC, STB_GLOBAL, 0, 1},
        {"start_alone", 16, 16, STT_FUNC, STB_GLOBAL, 0, 2},
        {"in_second", 16, 16, STT_FUNC, STB_GLOBAL, 0, 3},
        {"data", 16, 16, STT_OBJECT, STB_GLOBAL, 0, 4},
    };
    const uint64_t executable = SHF_ALLOC | SHF_EXECINSTR;
    elf_begin_file(&elf, EM_X86_64);
    ((Elf64_Ehdr *)(void *)elf.bytes)->e_type = ET_REL;
    elf_add(&elf, ".text", SHT_PROGBITS, executable, str_of(code, 100));
    elf_add(&elf, ".init.text", SHT_PROGBITS, executable, str_of(code, 100));
    elf_add(&elf, ".exit.text", SHT_PROGBITS, executable, str_of(code, 100));
    elf_last(&elf)->sh_addralign = 64;
    elf_add(&elf, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, str_of(code, 100));
    elf_add_symbols(&elf, SHT_SYMTAB, symbols, 4);
    elf_end_file(&elf);
    return str_of(elf.bytes, elf.n);
}

struct kernel_question {
    const char *id; /* of the kernel */
    uint64_t offset, moved;
    const char *module; /* NULL: the kernel */
    char name[200], why[100];
};

enum { START = 0x1000000 };

static uint64_t text_at; /* of make_kernel() */

static bool ask_kernel(struct heap *heap, void *arg)
{
    struct kernel_question *question = arg;
    struct images_options options = {.symfs = str_from_c(top), .files = files()};
    size_t at = 0;
    str path;
    const char *why = "";
    char home[200];
    put_path(home, "/home");
    options.home = str_from_c(home);
    struct images *images = images_open(heap, &options);
    images_set_release(images, STR("6.1.0-demo"));
    struct image_key key = {.path = STR("[kernel.kallsyms]"),
                            .build_id = (const uint8_t *)question->id,
                            .build_id_size = question->id ? 20 : 0};
    uint64_t address = text_at + question->moved + question->offset;
    struct image *image = images_kernel(images, &key, STR("_text"), text_at + question->moved);
    if (question->module) {
        struct image_key module = {.path = str_from_c(question->module)};
        image = images_module(images, START, &module);
        address = START + question->offset;
    }
    struct image_symbol symbol = image_symbol(image, address);
    snprintf(question->name, sizeof question->name, "%.*s (%.*s)", (int)symbol.name.n,
             symbol.name.n > 0 ? symbol.name.p : "", (int)symbol.module.n, symbol.module.p);
    images_trouble(images, &at, &path, &why);
    snprintf(question->why, sizeof question->why, "%s", why);
    return true;
}

static void is_kernel_name(struct kernel_question question, const char *want, const char *what)
{
    heaps_run(ask_kernel, &question);
    is_text(question.name, want, "%s", what);
}

static void check_kernel(void)
{
    static const char *const places[] = {
        "/boot/vmlinux-6.1.0-demo",
        "/usr/lib/debug/boot/vmlinux-6.1.0-demo",
        "/lib/modules/6.1.0-demo/build/vmlinux",
        "/lib/modules/6.1.0-demo/vmlinux",
        "/usr/lib/debug/lib/modules/6.1.0-demo/vmlinux",
        "/usr/lib/debug/boot/vmlinux-6.1.0-demo.debug",
        "/usr/lib/debug/.build-id/74/6865206b65726e656c27732069642e2e2e2e2e.debug",
        "/home/.debug/.build-id/74/6865206b65726e656c27732069642e2e2e2e2e/elf",
    };
    struct kernel_question question = {.id = build_id, .offset = CODE / 2 + 1};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        text_at = make_kernel(places[i], other_id, "do_fork");
        is_kernel_name(question, " ([kernel.kallsyms])", "another kernel");
        make_kernel(places[i], build_id, "do_fork");
        is_kernel_name(question, "do_fork ([kernel.kallsyms])", places[i]);
        remove_file(places[i]);
    }
    make_kernel(places[0], build_id, "do_fork");
    question.moved = 0x200000;
    is_kernel_name(question, "do_fork ([kernel.kallsyms])", "the kernel was elsewhere");
    question.id = NULL;
    is_kernel_name(question, "do_fork ([kernel.kallsyms])", "without a build id");
    question.offset = CODE;
    is_kernel_name(question, " ([kernel.kallsyms])", "after the last symbol");
}

static const char *ending(const char *pack)
{
    return strcmp(pack, "gzip") == 0 ? "gz" : strcmp(pack, "zstd") == 0 ? "zst" : "xz";
}

static void check_modules(void)
{
    static const char name[] = "/lib/modules/6.1.0-demo/kernel/fs/a-b.ko";
    struct kernel_question question = {.id = build_id, .module = name, .offset = 20};
    is_kernel_name(question, " ([a_b])", "a module without a file");
    put_file(name, make_module());
    is_kernel_name(question, "at_first ([a_b])", "the code of a module");
    question.offset = 128 + 20; /* .exit.text is aligned to 64 */
    is_kernel_name(question, "in_second ([a_b])", "in another section");
    question.offset = 64 + 20;
    is_kernel_name(question, " ([a_b])", "between the two");
    remove_file(name);
    for (size_t i = 0; packs[i].name; i++) {
        char path[100], packed[8192];
        snprintf(path, sizeof path, "%s.%s", name, ending(packs[i].name));
        question.module = path;
        question.offset = 20;
        put_file(path, str_of(packed, packs[i].pack(make_module(), packed, sizeof packed)));
        is_kernel_name(question, "at_first ([a_b])", path);
        put_file(path, STR("this is not packed"));
        is_kernel_name(question, " ([a_b])", "a module that cannot be unpacked");
        remove_file(path);
    }
}

/* Memory runs out while files of the kernel and of modules are read. */
static void check_faults(void)
{
    static const char name[] = "/lib/modules/6.1.0-demo/kernel/fs/a.ko";
    struct kernel_question question = {.id = build_id, .offset = CODE / 2 + 1};
    text_at = make_kernel("/boot/vmlinux-6.1.0-demo", build_id, "do_fork");
    ok(heaps_sweep(ask_kernel, &question), "vmlinux: each allocation fails in turn");
    is_text(question.name, "do_fork ([kernel.kallsyms])", "vmlinux: then none does");
    question.module = name;
    question.offset = 20;
    put_file(name, make_module());
    ok(heaps_sweep(ask_kernel, &question), "a module: each allocation fails in turn");
    is_text(question.name, "at_first ([a])", "a module: then none does");
    for (size_t i = 0; packs[i].name; i++) {
        char path[100], packed[8192];
        snprintf(path, sizeof path, "%s.%s", name, ending(packs[i].name));
        put_file(path, str_of(packed, packs[i].pack(make_module(), packed, sizeof packed)));
        question.module = path;
        ok(heaps_sweep(ask_kernel, &question), "%s: each allocation fails in turn", path);
    }
    ok(open("/dev/null", O_RDONLY) < 20, "no file stays open");
}

int main(void)
{
    make_top();
    check_kernel();
    check_modules();
    check_faults();
    remove_top();
    return done_testing();
}

#else

int main(void)
{
    skip("files of the kernel", "this build has no libdw");
    return done_testing();
}

#endif
