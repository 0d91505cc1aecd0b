/*
 * label: names are cut between characters, by the columns they take.
 */
#include "picture/picture.h"
#include "tap.h"

static void check(const char *name, size_t room, const char *kept, bool cut)
{
    struct label label = label_fit(str_from_c(name), room);
    is_str(label.text, str_from_c(kept), "%s in %zu columns", name, room);
    ok(label.cut == cut, "%s in %zu columns is %s", name, room, cut ? "cut" : "whole");
}

int main(void)
{
    check("main", 2, "", false);
    check("main", 3, "m", true);
    check("main", 4, "main", false);
    check("ab", 3, "ab", false);
    check("", 9, "", false);
    check("\xc3\xa9t\xc3\xa9s", 3, "\xc3\xa9", true);
    check("\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b", 6, "\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b", false);
    check("\xe6\xbc\xa2\xe5\xad\x97\xe3\x81\x8b", 5, "\xe6\xbc\xa2", true);
    check("\xe6\xbc\xa2\xe5\xad\x97", 3, "", true);
    check("e\xcc\x81tude", 5, "e\xcc\x81tude", false);
    check("e\xcc\x81tude", 3, "e\xcc\x81", true);
    check("\xff\xfe\xfd\xfc", 3, "\xff", true);
    return done_testing();
}
