/*
 * charset: iconv, a text at a time.
 */
#include "core/charset.h"

#include <errno.h>
#include <iconv.h>
#include <strings.h>

static bool is_utf8(const char *encoding)
{
    return strcasecmp(encoding, "UTF-8") == 0 || strcasecmp(encoding, "UTF8") == 0;
}

bool charset_open(struct charset *recode, const char *encoding, struct err *err)
{
    *recode = (struct charset){NULL};
    if (is_utf8(encoding))
        return true;
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1) /* NOLINT: that is how iconv says it */
        return err_set(err, ERR_USAGE, "no encoding '%.60s' is known here; see iconv --list",
                       encoding);
    recode->converter = converter;
    return true;
}

enum { WIDEST = 4 }; /* bytes of UTF-8 that one byte can become, with room for a character */

str charset_text(struct charset *recode, struct arena *arena, str text)
{
    if (!recode->converter || text.n == 0)
        return text;
    size_t room = (text.n + 1) * WIDEST, left = text.n;
    char *start = arena_alloc(arena, text.n + 1, WIDEST, 1), *out = start;
    char *in = (char *)(uintptr_t)text.p; /* iconv does not write there */
    iconv(recode->converter, NULL, NULL, NULL, NULL);
    while (left > 0 && iconv(recode->converter, &in, &left, &out, &room) == (size_t)-1) {
        if (errno == E2BIG || left == 0 || room == 0)
            break;
        *out++ = *in++;
        room--;
        left--;
    }
    /* Where accents follow their letter, the last letter waits for one. */
    iconv(recode->converter, NULL, NULL, &out, &room);
    return str_of(start, (size_t)(out - start));
}

void charset_close(struct charset *recode)
{
    if (recode->converter)
        iconv_close(recode->converter);
    recode->converter = NULL;
}
