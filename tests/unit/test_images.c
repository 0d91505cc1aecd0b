/* SPDX-License-Identifier: MIT */
/*
 * test_images: the names of addresses in perf maps and in the kernel.
 */
#include "image_questions.h"

/* ---- perf maps ------------------------------------------------------------------------------- */

static void check_perf_maps(void)
{
    struct question map = {.pid = 1234567, .offset = 0x7fda90603110};
    is_trouble(map, "the file does not exist or cannot be read", "no perf map");
    put_file("/tmp/perf-1234567.map", STR("7fda90603000 20 first\n"
                                          "7fda90603100 40 stale code\r\n"
                                          "no line\n"
                                          "7fda90603100 8 again;x y\n"
                                          "0x7fda90603200 0x10 with prefix\n"
                                          "7fda90603300 0 empty\n"
                                          "ffffffffffffff00 ffff last\n"
                                          "7fda90603400 10"));
    is_name(map, "stale code", "the line that is left of it");
    map.offset = 0x7fda90603107;
    is_name(map, "again;x y", "the later line");
    map.offset = 0x7fda9060320f;
    is_name(map, "with prefix", "addresses with 0x");
    map.offset = 0x7fda90603300;
    is_name(map, "", "a line of no bytes");
    map.offset = UINT64_MAX - 1;
    is_name(map, "last", "up to the last address");
    map.offset = 0x7fda90603400;
    is_name(map, "", "a line without a name");
    heaps_run(ask_images, &map);
    is_text(map.module, "/tmp/perf-1234567.map", "its module");
    char path[200];
    put_path(path, "/tmp/perf-1234567.map");
    if (geteuid() == 0 && chown(path, 12345, 12345) == 0)
        is_trouble(map, "it belongs to another user", "a perf map of another user");
    else
        skip("a perf map of another user", "only root can make one");
}

/* ---- the kernel ------------------------------------------------------------------------------ */

static const char kallsyms[] = "0000000000000000 D per_cpu\n"
                               "ffffffff81000000 T _stext\n"
                               "ffffffff81000000 T _text\n"
                               "ffffffff81001000 t old_name\n"
                               "ffffffff81001000 W new_name\n"
                               "ffffffff81001100 r constant\n"
                               "no line\n"
                               "ffffffff81002000 T last_one\n"
                               "ffffffffc0001000 t xfs_read\t[xfs]\n"
                               "ffffffffc0002000 t xfs_last\t[xfs]\n"
                               "ffffffffc0100000 t ext4_read\t[ext4]\n";

struct kernel_question {
    uint64_t reference_address; /* of _text when it was recorded; 0: unknown */
    uint64_t address;
    const char *module; /* NULL: the kernel itself */
    bool hidden, absent;
    bool ranges; /* of eBPF programs */
    char answer[200];
};

static bool ask_kernel(struct heap *heap, void *arg)
{
    struct kernel_question *question = arg;
    char path[200];
    put_path(path, question->absent ? "/absent" : question->hidden ? "/hidden" : "/kallsyms");
    struct images_options options = {.kallsyms = str_from_c(path)};
    struct images *images = images_open(heap, &options);
    struct image_key key = {.path = STR("[kernel.kallsyms]_text")};
    struct image *image = images_kernel(images, &key, STR("_text"), question->reference_address);
    if (question->module) {
        key.path = str_from_c(question->module);
        image = images_module(images, UINT64_C(0xffffffffc0001000), &key);
    }
    if (question->ranges) {
        images_ksymbol(images, UINT64_C(0xffffffffa0000000), 64, STR("bpf_prog_old"), false);
        images_ksymbol(images, UINT64_C(0xffffffffa0000020), 64, STR("bpf_prog_new"), false);
        images_ksymbol(images, UINT64_C(0xffffffffa0001000), 64, STR("bpf_prog_gone"), false);
        images_ksymbol(images, UINT64_C(0xffffffffa0001000), 64, STR("bpf_prog_gone"), true);
    }
    struct image_symbol symbol = image_symbol(image, question->address);
    size_t at = 0;
    str of;
    const char *why = "";
    images_trouble(images, &at, &of, &why);
    snprintf(question->answer, sizeof question->answer, "%.*s (%.*s)%s%s", (int)symbol.name.n,
             symbol.name.n > 0 ? symbol.name.p : "", (int)symbol.module.n, symbol.module.p,
             why[0] ? ": " : "", why);
    return true;
}

static void check_kernel(void)
{
    static const struct {
        struct kernel_question question;
        const char *answer;
    } list[] = {
        {{.address = 0xffffffff81000fff}, "_text ([kernel.kallsyms])"},
        {{.address = 0xffffffff81001000}, "new_name ([kernel.kallsyms])"},
        {{.address = 0xffffffff81001fff}, "new_name ([kernel.kallsyms])"},
        {{.address = 0xffffffff81002fff}, "last_one ([kernel.kallsyms])"},
        {{.address = 0xffffffff81005000}, " ([kernel.kallsyms])"},
        {{.address = 0xffffffffc0001800}, "xfs_read ([xfs])"},
        {{.address = 0xffffffffc0002800, .module = "[xfs]"}, "xfs_last ([xfs])"},
        {{.address = 0xffffffffc0004000, .module = "[xfs]"}, " ([xfs])"},
        {{.address = 0xffffffff81001000, .module = "[xfs]"}, " ([xfs])"},
        {{.address = 0xffffffffc0001800, .module = "/lib/modules/6.1.0-1/snd-hda-intel.ko.xz"},
         "xfs_read ([snd_hda_intel])"},
        /* after another start of the machine */
        {{.address = 0xffffffff91001080, .reference_address = 0xffffffff91000000},
         "new_name ([kernel.kallsyms])"},
        {{.address = 0xffffffffc0001800,
          .reference_address = 0xffffffff91000000,
          .module = "[xfs]"},
         " ([xfs])"},
        {{.address = 0xffffffff81001000, .hidden = true},
         " ([kernel.kallsyms]): its addresses are hidden (see kernel.kptr_restrict)"},
        {{.address = 0xffffffff81001000, .absent = true},
         " ([kernel.kallsyms]): the file does not exist or cannot be read"},
        {{.address = 0xffffffffa0000010, .ranges = true}, " ([kernel.kallsyms])"},
        {{.address = 0xffffffffa0000050, .ranges = true}, "bpf_prog_new (bpf_prog_new)"},
        {{.address = 0xffffffffa0001000, .ranges = true}, " ([kernel.kallsyms])"},
    };
    put_file("/kallsyms", str_of(kallsyms, sizeof kallsyms - 1));
    put_file("/hidden", STR("0000000000000000 T _text\n0000000000000000 T new_name\n"));
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        struct kernel_question question = list[i].question;
        heaps_run(ask_kernel, &question);
        is_text(question.answer, list[i].answer, "%" PRIx64, question.address);
    }
}

static void check_faults(void)
{
    struct kernel_question question = {.address = 0xffffffff81001000};
    ok(heaps_sweep(ask_kernel, &question), "kallsyms: each allocation fails in turn");
    struct question map = {.pid = 1234568, .offset = 0x1000};
    put_file("/tmp/perf-1234568.map", STR("1000 10 made\n"));
    ok(heaps_sweep(ask_images, &map), "a perf map: each allocation fails in turn");
    is_text(map.name, "made", "then none does");
}

int main(void)
{
    make_top();
    check_perf_maps();
    check_kernel();
    check_faults();
    remove_top();
    return done_testing();
}
