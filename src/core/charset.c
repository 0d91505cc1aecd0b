/* SPDX-License-Identifier: MIT */
/*
 * charset: Latin-1 is converted here, all other encodings by iconv.
 */
#include <errno.h>
#include <iconv.h>
#include <strings.h>

#include "core/heap.h"
#include "core/str.h"

enum { WIDEST = 4 }; /* bytes of UTF-8 for a byte of text, with room for one more character */

bool charset_open(struct charset *charset, const char *encoding, struct err *err)
{
    *charset = (struct charset){.latin1 = strcasecmp(encoding, "LATIN1") == 0 ||
                                          strcasecmp(encoding, "ISO-8859-1") == 0};
    if (charset->latin1 || strcasecmp(encoding, "UTF-8") == 0 || strcasecmp(encoding, "UTF8") == 0)
        return true;
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1) /* NOLINT: iconv reports errors this way */
        return err_set(err, ERR_USAGE, "no encoding '%.60s' is known here; see iconv --list",
                       encoding);
    charset->converter = converter;
    return true;
}

static size_t put_latin1(str text, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char byte = (unsigned char)text.p[i];
        if (byte >= 0x80)
            out[n++] = (char)(0xc0 | byte >> 6);
        out[n++] = (char)(byte < 0x80 ? byte : 0x80 | (byte & 0x3f));
    }
    return n;
}

str charset_text(const struct charset *charset, struct arena *arena, str text)
{
    size_t room = (text.n + 1) * WIDEST, left = text.n;
    char *start = arena_alloc(arena, text.n + 1, WIDEST, 1), *out = start;
    char *in = (char *)(uintptr_t)text.p; /* iconv does not write to it */
    if (charset->latin1)
        return str_of(start, put_latin1(text, start));
    iconv(charset->converter, NULL, NULL, NULL, NULL);
    while (left > 0 && iconv(charset->converter, &in, &left, &out, &room) == (size_t)-1) {
        if (errno == E2BIG || left == 0 || room == 0)
            break;
        *out++ = *in++;
        left--;
        room--;
    }
    /* In encodings with accents after their letter, the converter still holds the last letter. */
    iconv(charset->converter, NULL, NULL, &out, &room);
    return str_of(start, (size_t)(out - start));
}

void charset_close(struct charset *charset)
{
    if (charset->converter)
        iconv_close(charset->converter);
    charset->converter = NULL;
}
