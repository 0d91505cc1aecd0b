/* SPDX-License-Identifier: MIT */
/*
 * Any bytes through the unpackers, whole and in pieces of 1 and 7 bytes: the same comes out; or all
 * fail, after more or less of it. And packed and unpacked again, which gives them back.
 */
#include "fuzzing.h"

#include "../unit/packs.h"
#include "core/source.h"

enum { MOST = 1 << 20, PACK_ROOM = 1 << 16 };

struct trickle {
    str left;
    size_t piece;
};

static ptrdiff_t trickle_read(void *context, char *to, size_t room, struct err *err)
{
    struct trickle *trickle = context;
    size_t n = trickle->left.n < room ? trickle->left.n : room;
    (void)err;
    if (n > trickle->piece)
        n = trickle->piece;
    memcpy(to, trickle->left.p, n);
    trickle->left = str_skip(trickle->left, n);
    return (ptrdiff_t)n;
}

/* What comes out, up to MOST bytes, to `to`. False: it failed. */
static bool unpack(str text, size_t piece, size_t room, struct caught *to)
{
    struct trickle trickle = {text, piece};
    struct source source;
    struct err err = {0};
    ptrdiff_t n = 1;
    char *block = malloc(room);
    if (!block)
        abort();
    source_open_callback(&source, "packed", trickle_read, &trickle);
    while (n > 0 && to->n < MOST) {
        size_t most = MOST - to->n;
        n = source_read(&source, block, room < most ? room : most, &err);
        if (n > 0)
            caught_write(to, str_of(block, (size_t)n), NULL);
    }
    if (n < 0 && (err.code == ERR_NONE || err.message[0] == '\0'))
        fuzz_wrong("a failure that does not say why", text);
    if (n >= 0 && err.code != ERR_NONE)
        fuzz_wrong("an error that is none", text);
    source_close(&source);
    free(block);
    return n >= 0;
}

static void check_piece(str text, size_t piece, bool done, str whole)
{
    struct caught pieces = {0};
    bool too = unpack(text, piece, 4096, &pieces);
    str out = caught_text(&pieces);
    if (done != too && whole.n < MOST && out.n < MOST)
        fuzz_wrong("fails only in pieces, or only as a whole", text);
    if (done && too)
        fuzz_same("pieces unpack differently", whole, out);
    else if (!str_starts(whole, out) && !str_starts(out, whole))
        fuzz_same("pieces unpack differently before they fail", whole, out);
    caught_free(&pieces);
}

static void check_pieces(str text)
{
    struct caught whole = {0};
    bool done = unpack(text, SIZE_MAX, 65536, &whole);
    check_piece(text, 1, done, caught_text(&whole));
    check_piece(text, 7, done, caught_text(&whole));
    caught_free(&whole);
}

static void check_again(str text, const struct embedded_writer *pack)
{
    static char packed[PACK_ROOM];
    size_t n = pack->pack(text, packed, sizeof packed);
    struct caught out = {0};
    if (n == 0)
        return;
    bool twice = false;
    for (const struct codec *inner = codecs; inner->name; inner++)
        twice |= str_starts(text, inner->magic);
    if (unpack(str_of(packed, n), 7, 4096, &out) == twice)
        fuzz_wrong(twice ? "packed twice, and not refused" : "what was packed cannot be unpacked",
                   text);
    if (!twice)
        fuzz_same(pack->name, text, caught_text(&out));
    caught_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = fuzz_text(data, size);
    check_pieces(text);
    /* xz takes a large dictionary for the smallest text: not for all of them */
    for (const struct embedded_writer *pack = packs; pack->name; pack++)
        if (strcmp(pack->name, "xz") != 0 || size % 64 == 0)
            check_again(text, pack);
    return 0;
}
