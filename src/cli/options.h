/* SPDX-License-Identifier: MIT */
/*
 * options: one typed table per program. The parser, --help, --list-options (for the completions)
 * and the test of the man pages all read this table.
 *
 * Options are spelled as the Perl tools accept them (Getopt::Long): one dash or two, any case, any
 * unambiguous prefix, --name=value or --name value, before or after file names. "--" ends the
 * options, and "-" alone is a file. A prefix that fits several options means the only one that the
 * Perl tools have (OPTION_CLASSIC), or else the only one without OPTION_LATER.
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
    OPTION_SIZE,   /* uint64_t: bytes: 500000, 512K, 100M, 2G */
    OPTION_CHOICE, /* unsigned: the index in `choices` */
    OPTION_LIST,   /* struct option_list: may be repeated */
};

struct option_number {
    double value;
    bool percent; /* a % followed, which OPTION_PERCENT allows */
    bool given;
};

struct option_list {
    VEC(const char *) values;
};

enum option_trait {
    OPTION_CLASSIC = 1,   /* the Perl tool has it under this name */
    OPTION_PERCENT = 2,   /* N% is allowed */
    OPTION_POSITIVE = 4,  /* the number must be larger than 0 */
    OPTION_LETTER = 8,    /* -x: the first letter is enough; letters can be bundled */
    OPTION_HIDDEN = 16,   /* an older spelling: not in --help */
    OPTION_OPTIONAL = 32, /* the value may be missing: then "" */
    OPTION_LATER = 64,    /* a newer option: a prefix means an older one if only one fits */
    OPTION_CLEARS = 128,  /* a flag that makes its field false */
};

struct option {
    const char *name;
    enum option_kind kind;
    unsigned traits;
    size_t offset;              /* of the field in the program's options */
    const char *argument;       /* the value in --help: "PX" */
    const char *help;           /* one line, no full stop */
    const char *topic;          /* its heading in --help */
    const char *const *choices; /* OPTION_CHOICE: the values; of other kinds words for
                                   completion; ends with NULL */
};

struct option_table {
    const char *program;
    const char *usage;            /* follows the name */
    const char *purpose;          /* a sentence or two */
    const struct option *options; /* grouped by topic; the last name is NULL */

    /* For completion: the i-th word that fits an option without `choices`; NULL after the last.
     * Other words may fit too. The function may be NULL. */
    const char *(*offer)(const char *option, size_t i);
};

struct option_result {
    VEC(const char *) files; /* in the order given */
    size_t ended_at;         /* how many come before "--"; SIZE_MAX without it */
};

/* Store the values in `fields`, which holds the defaults, and list the file names. False:
 * ERR_USAGE. */
bool options_parse(const struct option_table *table, struct heap *heap, int argc, char **argv,
                   void *fields, struct option_result *result, struct err *err);

/* --help. Topic NULL or "": the usage, the first topic and the names of the others; "all": all
 * topics. False if there is no such topic: *err lists the topics. */
bool options_help(const struct option_table *table, const char *topic, struct sink *sink,
                  struct err *err);

/* --list-options: one line per option: --name TAB value TAB help. */
void options_list(const struct option_table *table, struct sink *sink);

/* Write an option as it was given, for a command line: " --name=value", a list once for each value.
 * `put` writes a value as one word. Writes nothing for a default that is 0 or NULL. */
void options_put_given(const struct option *option, const void *fields, sink_put_fn *put,
                       struct sink *sink);

/* A list of names for a message: "svg, png". Names that do not fit are left out. */
struct name_list {
    char text[400];
    size_t n;
};

void name_list_add(struct name_list *list, const char *dashes, const char *name);

/* One row of a table: the option is stored in `field` of `type`. */
#define OPTION(type, field, kind, traits, name, argument, help, topic, choices)   \
    {                                                                             \
        name, kind, traits, offsetof(type, field), argument, help, topic, choices \
    }

/* The options that every program has. */
struct option_common {
    const char *help; /* NULL: not given; else the topic, maybe "" */
    bool version, list_options;
    bool quiet, verbose, strict;
    uint64_t max_memory; /* bytes; 0: no limit */
};

/* clang-format off */
#define OPTIONS_COMMON(type, field)                                                               \
    OPTION(type, field.max_memory, OPTION_SIZE, 0, "max-memory", "SIZE",                          \
           "stop when more memory is needed: 500M, 2G", "limits", NULL),                          \
    OPTION(type, field.quiet, OPTION_FLAG, 0, "quiet", NULL,                                      \
           "no warnings and no progress, only errors", "messages", NULL),                         \
    OPTION(type, field.verbose, OPTION_FLAG, 0, "verbose", NULL,                                  \
           "say what was read, kept and left out", "messages", NULL),                             \
    OPTION(type, field.strict, OPTION_FLAG, 0, "strict", NULL,                                    \
           "fail if an input line cannot be used", "messages", NULL),                             \
    OPTION(type, field.help, OPTION_TEXT, OPTION_CLASSIC | OPTION_OPTIONAL | OPTION_LETTER,       \
           "help", "TOPIC", "show this text; --help=all shows everything", "messages", NULL),     \
    OPTION(type, field.version, OPTION_FLAG, 0, "version", NULL, "print the version",             \
           "messages", NULL),                                                                     \
    OPTION(type, field.list_options, OPTION_FLAG, 0, "list-options", NULL,                        \
           "print the options for shell completion", "messages", NULL)
/* clang-format on */

#endif
