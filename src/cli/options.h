/*
 * options: one typed table per program. It gives the parser, --help, --list-options for the
 * completions, and the test that compares man pages with it.
 *
 * Spelling is that of Getopt::Long, as the Perl tools take it: one dash or two, any case, any
 * prefix that is not ambiguous, --name=value or --name value, before or after file names; "--"
 * ends options; "-" alone is a file. Among several options that a prefix fits, those of the Perl
 * tools (`classic`) win when they are only one, then those that are not `later`.
 */
#ifndef FLAMETREE_CLI_OPTIONS_H
#define FLAMETREE_CLI_OPTIONS_H

#include "core/heap.h"
#include "core/sink.h"

enum option_kind {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char *, points into argv */
    OPTION_NUMBER, /* struct option_number */
    OPTION_COUNT,  /* uint64_t */
    OPTION_SIZE,   /* uint64_t: bytes, as 500000, 512K, 100M, 2G */
    OPTION_CHOICE, /* unsigned: the place in `choices` */
    OPTION_LIST,   /* struct option_list: may be given again and again */
};

struct option_number {
    double value;
    bool percent; /* was followed by % (allowed with OPTION_PERCENT) */
    bool given;
};

struct option_list {
    VEC(const char *) values;
};

enum option_trait {
    OPTION_CLASSIC = 1,   /* the Perl tool has it under this name */
    OPTION_PERCENT = 2,   /* N% is allowed */
    OPTION_POSITIVE = 4,  /* a number must be larger than 0 */
    OPTION_LETTER = 8,    /* -x: the first letter alone means it, and letters may be bundled */
    OPTION_HIDDEN = 16,   /* an older spelling: not in --help */
    OPTION_OPTIONAL = 32, /* the value may be left out: then "" */
    OPTION_LATER = 64, /* a newer option: where a prefix fits only one older one, that is meant */
};

struct option {
    const char *name;
    enum option_kind kind;
    unsigned traits;
    size_t offset;              /* of the field in the program's options */
    const char *argument;       /* what help calls the value: "PX" */
    const char *help;           /* one line, no full stop */
    const char *topic;          /* the heading it stands under */
    const char *const *choices; /* OPTION_CHOICE: ends with NULL */
};

struct option_table {
    const char *program;
    const char *usage;            /* what stands behind the name */
    const char *purpose;          /* a sentence or two */
    const struct option *options; /* ends with a NULL name; topics stand together */

    /* For completions: the i-th word that fits a text option, others fit as well or are checked
     * elsewhere; NULL after the last. The function itself may be NULL. */
    const char *(*offer)(const char *option, size_t i);
};

struct option_result {
    VEC(const char *) files; /* in the order given */
    size_t ended_at;         /* how many of them stand before "--"; SIZE_MAX without one */
};

/* Fill `fields` (which holds the defaults) and the file names. False: ERR_USAGE. */
bool options_parse(const struct option_table *table, struct heap *heap, int argc, char **argv,
                   void *fields, struct option_result *result, struct err *err);

/* --help: topic NULL or "": usage, the first topic and the names of the others; "all": every
 * topic. False when there is no such topic; *err lists them. */
bool options_help(const struct option_table *table, const char *topic, struct sink *sink,
                  struct err *err);

/* --list-options: a line each: --name TAB value TAB help. */
void options_list(const struct option_table *table, struct sink *sink);

/* Options that every program has: three that ask, two that say how loud it is, and what it may
 * take. */
struct option_common {
    const char *help; /* NULL: not asked for; else the topic, maybe "" */
    bool version, list_options;
    bool quiet, verbose, strict;
    uint64_t max_memory; /* bytes; 0: no limit */
};

#define OPTIONS_COMMON(type, field)                                                 \
    {"max-memory",                                                                  \
     OPTION_SIZE,                                                                   \
     0,                                                                             \
     offsetof(type, field.max_memory),                                              \
     "SIZE",                                                                        \
     "stop when more memory is needed: 500M, 2G",                                   \
     "limits",                                                                      \
     NULL},                                                                         \
        {"quiet",    OPTION_FLAG,                                                   \
         0,          offsetof(type, field.quiet),                                   \
         NULL,       "no warnings and no progress, errors only",                    \
         "messages", NULL},                                                         \
        {"verbose",  OPTION_FLAG,                                                   \
         0,          offsetof(type, field.verbose),                                 \
         NULL,       "say what was read, kept and left out",                        \
         "messages", NULL},                                                         \
        {"strict",   OPTION_FLAG,                                                   \
         0,          offsetof(type, field.strict),                                  \
         NULL,       "an input line that cannot be used is an error",               \
         "messages", NULL},                                                         \
        {"help",                                                                    \
         OPTION_TEXT,                                                               \
         OPTION_CLASSIC | OPTION_OPTIONAL | OPTION_LETTER,                          \
         offsetof(type, field.help),                                                \
         "TOPIC",                                                                   \
         "this text; --help=all for everything",                                    \
         "messages",                                                                \
         NULL},                                                                     \
        {"version", OPTION_FLAG,         0,          offsetof(type, field.version), \
         NULL,      "print the version", "messages", NULL},                         \
    {                                                                               \
        "list-options", OPTION_FLAG, 0, offsetof(type, field.list_options), NULL,   \
            "print the options for a completion script", "messages", NULL           \
    }

#endif
