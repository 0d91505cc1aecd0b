/* SPDX-License-Identifier: MIT */
/*
 * test_kallsyms: each address belongs to the line that a look at all of them finds.
 */
#include "dice.h"
#include "format/perf_data/image.h"
#include "heaps.h"
#include "tap.h"

enum { LINES_MOST = 40, SPACE = 30000, ROUNDS = 1000 };

struct trial {
    uint64_t seed;
    size_t n;
    struct {
        uint64_t address;
        bool wanted;
        char name[24]; /* as in the text */
    } lines[LINES_MOST];
    char text[LINES_MOST * 64];
};

static const char *module_of(const char *name)
{
    return name + strcspn(name, "\t");
}

/* The line with the highest address that is not above this one; the last of several. */
static const char *name_at(const struct trial *trial, uint64_t address)
{
    size_t found = LINES_MOST, next = LINES_MOST;
    for (size_t i = 0; i < trial->n; i++) {
        uint64_t start = trial->lines[i].address;
        if (!trial->lines[i].wanted)
            continue;
        if (start <= address && (found == LINES_MOST || start >= trial->lines[found].address))
            found = i;
        if (start > address && (next == LINES_MOST || start < trial->lines[next].address))
            next = i;
    }
    if (found == LINES_MOST)
        return "";
    const char *name = trial->lines[found].name;
    uint64_t page_after = (trial->lines[found].address + 4095) / 4096 * 4096 + 4096;
    bool border = next == LINES_MOST ||
                  strcmp(module_of(name), module_of(trial->lines[next].name)) != 0;
    return border && address >= page_after ? "" : name;
}

/* Lines in any order, of all forms. */
static void draw(struct trial *trial, uint64_t *dice)
{
    static const char *const modules[] = {"", "", "\t[xfs]", "\t[ext4]"};
    static const int widths[] = {16, 16, 8, 1};
    size_t n = 0, room = sizeof trial->text;
    bool sorted = dice_below(dice, 2) == 0;
    trial->n = dice_below(dice, LINES_MOST);
    for (size_t i = 0; i < trial->n; i++) {
        uint64_t before = sorted && i > 0 ? trial->lines[i - 1].address : 0;
        char type = "tTdDbBwWrRAaU"[dice_below(dice, 13)], address[20];
        trial->lines[i].address = before + dice_below(dice, sorted ? SPACE / LINES_MOST : SPACE);
        trial->lines[i].wanted = strchr("tTdDbBwW", type) != NULL;
        snprintf(trial->lines[i].name, sizeof trial->lines[i].name, "f%zu%s", i,
                 modules[dice_below(dice, 4)]);
        snprintf(address, sizeof address, dice_below(dice, 2) == 0 ? "%0*" PRIx64 : "%0*" PRIX64,
                 widths[dice_below(dice, 4)], trial->lines[i].address);
        n += (size_t)snprintf(trial->text + n, room - n, "%s %c %s%s", address, type,
                              trial->lines[i].name, dice_below(dice, 5) == 0 ? "\r\n" : "\n");
    }
}

static bool compare(struct heap *heap, void *arg)
{
    struct trial *trial = arg;
    struct kallsyms kallsyms;
    bool same = true;
    kallsyms_read(&kallsyms, heap, str_from_c(trial->text));
    for (uint64_t address = 0; address < SPACE + 9000 && same; address += 37) {
        str name = kallsyms_find(&kallsyms, address);
        const char *want = name_at(trial, address);
        same = str_equal(name, str_from_c(want));
        if (!same)
            diag("seed %" PRIu64 ", address %" PRIu64 ": %.*s, not %s", trial->seed, address,
                 (int)name.n, name.p, want);
    }
    for (size_t i = 0; i < trial->n && same; i++) {
        uint64_t address = UINT64_MAX;
        bool found = kallsyms_address(&kallsyms, str_from_c(trial->lines[i].name), &address);
        same = found == trial->lines[i].wanted &&
               address == (found ? trial->lines[i].address : UINT64_MAX);
    }
    return same;
}

/* Lines that are none, and the ends of the address space. */
static bool check_lines(struct heap *heap, void *arg)
{
    (void)arg;
    struct kallsyms kallsyms;
    static const char text[] = "\n"
                               "ffffffffffffffff T last\n"
                               "10000000000000000 T too_long\n"
                               "000000000000000g T no_digit\n"
                               "00000000000000f0 T \n"
                               "00000000000000f0 TT two\n"
                               " 0000000000000f0 T blank\n"
                               "0000000000000010 t first";
    ok(kallsyms_read(&kallsyms, heap, str_of(text, sizeof text - 1)), "there are addresses");
    is_u64(kallsyms.lines.n, 2, "lines");
    is_str(kallsyms_find(&kallsyms, 0x10), STR("first"), "the last line has no end");
    is_str(kallsyms_find(&kallsyms, 15), STR(""), "before the first symbol");
    is_str(kallsyms_find(&kallsyms, UINT64_MAX), STR(""), "after the last page");
    ok(!kallsyms_read(&kallsyms, heap, STR("0000000000000000 T hidden\n")), "hidden addresses");
    ok(!kallsyms_read(&kallsyms, heap, STR("")), "no text");
    is_str(kallsyms_find(&kallsyms, 5), STR(""), "no text: no symbol");
    return true;
}

int main(void)
{
    static struct trial trial;
    bool same = true;
    for (uint64_t seed = 1; seed <= ROUNDS && same; seed++) {
        uint64_t dice = seed;
        trial = (struct trial){.seed = seed};
        draw(&trial, &dice);
        same = heaps_run(compare, &trial);
    }
    ok(same, "%d texts", ROUNDS);
    heaps_run(check_lines, NULL);
    return done_testing();
}
