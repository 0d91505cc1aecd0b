/*
 * label: cutting between characters, by the columns that they take.
 */
#include "picture/label.h"

#include "core/utf8.h"

enum { ROOM_LEAST = 3, DOTS = 2 };

/* How many bytes from the start take at most `room` columns, with what combines with the last. */
static size_t fitting(str name, size_t room)
{
    size_t at = 0, used = 0;
    while (at < name.n) {
        size_t next = at;
        uint32_t code = utf8_next(name, &next);
        used += code == UTF8_BAD ? 1 : utf8_columns(code);
        if (used > room)
            break;
        at = next;
    }
    return at;
}

struct label label_fit(str name, size_t room)
{
    if (room < ROOM_LEAST)
        return (struct label){str_head(name, 0), false};
    if (fitting(name, room) == name.n)
        return (struct label){name, false};
    return (struct label){str_head(name, fitting(name, room - DOTS)), true};
}
