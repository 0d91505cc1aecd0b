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
    char ascii[] = "a;", text[2 * WIDEST], *in = ascii, *out = text;
    size_t left = 2, room = sizeof text;
    *charset = (struct charset){.latin1 = strcasecmp(encoding, "LATIN1") == 0 ||
                                          strcasecmp(encoding, "ISO-8859-1") == 0};
    if (charset->latin1 || strcasecmp(encoding, "UTF-8") == 0 || strcasecmp(encoding, "UTF8") == 0)
        return true;
    /* To iconv, "" is the encoding of the locale. */
    iconv_t converter = encoding[0] ? iconv_open("UTF-8", encoding) : (iconv_t)-1; /* NOLINT */
    if (converter == (iconv_t)-1) /* NOLINT: iconv reports errors this way */
        return err_set(err, ERR_USAGE, "no encoding '%.60s' is known here; see iconv --list",
                       encoding);
    charset->converter = converter;
    iconv(converter, &in, &left, &out, &room);
    return str_equal(str_of(text, (size_t)(out - text)), STR("a;")) ||
           err_set(err, ERR_USAGE, "convert text in %.20s first: iconv -f %.20s -t UTF-8 FILE",
                   encoding, encoding);
}

str charset_text(const struct charset *charset, struct arena *arena, str text)
{
    size_t room = (text.n + 1) * WIDEST, left = text.n;
    char *start = arena_alloc(arena, text.n + 1, WIDEST, 1), *out = start;
    char *in = (char *)(uintptr_t)text.p; /* iconv does not write to it */
    if (charset->latin1) {
        for (size_t i = 0; i < text.n; i++)
            out += utf8_put(out, (unsigned char)text.p[i]);
        return str_of(start, (size_t)(out - start));
    }
    iconv(charset->converter, NULL, NULL, NULL, NULL);
    while (iconv(charset->converter, &in, &left, &out, &room) == (size_t)-1 && errno != E2BIG &&
           left > 0 && room > 0) {
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
}
