/*
 * diagnose: what an input is that no reader could use, and what to do about it.
 */
#include "format/reading.h"

struct look {
    str start;
    const char *is, *then;
    size_t at;   /* where `start` stands */
    bool binary; /* no reader has a say, whatever lines there are in it */
};

/* First bytes that tell what a file is. */
static const struct look looks[] = {
    {STR_INIT("PERFILE2"), "a perf.data file",
     "print it as text first: perf script -i FILE | collapse", .binary = true},
    {STR_INIT("\x7f"
              "ELF"),
     "a program, not a profile of one", "record it: perf record -g PROGRAM", .binary = true},
    {STR_INIT("ustar"), "a tar archive", "take the profile out: tar -xOf FILE | ...", .at = 257,
     .binary = true},
    {STR_INIT("PK\3\4"), "a zip archive", "take the profile out: unzip -p FILE | ...",
     .binary = true},
    {STR_INIT("BZh91AY&SY"), "bzip2 data", "unpack it first: bzip2 -dc FILE | ...", .binary = true},
    {STR_INIT("\4\"M\x18"), "lz4 data", "unpack it first: lz4 -dc FILE | ...", .binary = true},
    {STR_INIT("%PDF"), "a PDF", "give the profile that it was made from", .binary = false},
    {STR_INIT("\x89PNG"), "a PNG", "give the profile that it was made from", .binary = false},
    {STR_INIT("<?xml"), "XML", "give the profile that it was made from", .binary = false},
    {STR_INIT("{"), "JSON", "give folded stacks or the text of perf script", .binary = false},
    {STR_INIT("[ perf record: "), "what perf record says",
     "print the samples: perf script | collapse", .binary = false},
    {STR_INIT("["), "JSON", "give folded stacks or the text of perf script", .binary = false},
};

static bool say(struct err *err, const char *is, const char *then)
{
    return err_set(err, ERR_INPUT, "no stack found: it looks like %s; %s", is, then);
}

/* Pictures of other programs, and ours without script. */
static bool is_svg(str head)
{
    return str_starts(head, STR("<")) && str_search(head, STR("<svg"), 0) < head.n;
}

/* Text has no control characters but those that lay it out or colour it. */
static bool is_binary(str head)
{
    for (size_t i = 0; i < head.n; i++) {
        unsigned char c = (unsigned char)head.p[i];
        if (c < 0x20 && c != 0x1b && (c < '\b' || c > '\r'))
            return true;
    }
    return false;
}

static const struct look *look_at(str head)
{
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
        if (head.n >= looks[i].at && str_starts(str_skip(head, looks[i].at), looks[i].start))
            return &looks[i];
    return NULL;
}

bool reading_is_binary(str head)
{
    const struct look *look = look_at(head);
    return look && look->binary && is_binary(head);
}

static bool diagnose_used(const struct reading *reading, str head, struct err *err)
{
    const struct reader *likely = reader_choose(head, NULL);
    if (likely && likely != reading->last)
        return err_set(err, ERR_INPUT,
                       "no stack found: it looks like %s, but was read as %s; "
                       "leave out --input-format or give --input-format %s",
                       likely->name, reading->last->name, likely->name);
    return err_set(err, ERR_INPUT,
                   "no stack found in %llu line%s of %s; record with call graphs: "
                   "perf record -g",
                   (unsigned long long)reading->profile->lines,
                   reading->profile->lines == 1 ? "" : "s", reading->last->name);
}

bool reading_diagnose(const struct reading *reading, struct err *err)
{
    str head = str_of(reading->head, reading->head_n);
    if (head.n == 0)
        return err_set(err, ERR_INPUT,
                       "the input is empty: if it comes from a pipe, look at what "
                       "the program before says");
    if (is_svg(head))
        return say(err, "an SVG without a profile in it",
                   "give the profile that it was made from, or convert it with rsvg-convert");
    const struct look *look = look_at(head);
    if (look)
        return say(err, look->is, look->then);
    if (is_binary(head))
        return say(err, "binary data", "give folded stacks or the text of perf script");
    if (reading->last)
        return diagnose_used(reading, head, err);
    return say(err, "plain text without stacks",
               "give folded stacks (a;b;c 12) or the text of perf script");
}
