/* SPDX-License-Identifier: MIT */
/*
 * options: find an option by what was typed, and store its value by kind.
 */
#include "cli/options.h"

#include <stdio.h>

void name_list_add(struct name_list *list, const char *dashes, const char *name)
{
    int n = snprintf(list->text + list->n, sizeof list->text - list->n, "%s%s%s",
                     list->n > 0 ? ", " : "", dashes, name);
    if (n > 0 && list->n + (size_t)n < sizeof list->text)
        list->n += (size_t)n;
    list->text[list->n] = '\0';
}

/* ---- finding an option ---- */

/* The options that a prefix fits. */
struct option_match {
    const struct option *found; /* the last of them */
    unsigned count;
    struct name_list names;
};

static bool has_prefix(const char *name, str typed)
{
    for (size_t i = 0; i < typed.n; i++)
        if (name[i] == '\0' || to_lower(name[i]) != to_lower(typed.p[i]))
            return false;
    return true;
}

/* Only options that have all of the traits `with` and none of `without`. A full name is one match,
 * even if it is a prefix of others. */
static struct option_match match_prefix(const struct option_table *table, str typed, unsigned with,
                                        unsigned without)
{
    struct option_match match = {0};
    for (const struct option *o = table->options; o->name; o++) {
        if (!has_prefix(o->name, typed) || (o->traits & with) != with || (o->traits & without) != 0)
            continue;
        bool full = o->name[typed.n] == '\0';
        if (full)
            match = (struct option_match){0};
        match.found = o;
        match.count++;
        name_list_add(&match.names, "--", o->name);
        if (full)
            break;
    }
    return match;
}

static const struct option *find_letter(const struct option_table *table, char letter)
{
    for (const struct option *o = table->options; o->name; o++)
        if ((o->traits & OPTION_LETTER) && o->name[0] == letter)
            return o;
    return NULL;
}

static bool find_option(const struct option_table *table, str typed, const struct option **found,
                        struct err *err)
{
    struct option_match match = match_prefix(table, typed, 0, 0);
    if (match.count > 1) {
        struct option_match classic = match_prefix(table, typed, OPTION_CLASSIC, 0);
        struct option_match older = match_prefix(table, typed, 0, OPTION_LATER);
        if (classic.count == 1)
            match = classic;
        else if (older.count == 1)
            match = older;
    }
    *found = match.found;
    if (match.count == 1)
        return true;
    if (match.count > 1)
        return err_set(err, ERR_USAGE, "option --%.*s is ambiguous: %s", (int)typed.n, typed.p,
                       match.names.text);
    /* suggest the options that share the most first letters; one or two can be chance */
    for (size_t n = typed.n; n > 2 && match.count == 0; n--)
        match = match_prefix(table, str_head(typed, n), 0, 0);
    if (match.count > 0)
        return err_set(err, ERR_USAGE, "unknown option --%.40s; did you mean %s? See --help",
                       typed.p, match.names.text);
    return err_set(err, ERR_USAGE, "unknown option --%.40s; see --help", typed.p);
}

/* ---- storing a value ---- */

static bool store_option_number(const struct option *option, const char *value,
                                struct option_number *to, struct err *err)
{
    str text = str_from_c(value);
    to->given = true;
    to->percent = (option->traits & OPTION_PERCENT) && text.n > 0 && text.p[text.n - 1] == '%';
    if (to->percent)
        text.n--;
    if (!num_parse_double(text, &to->value))
        return err_set(err, ERR_USAGE, "--%s needs a number%s, not '%.60s'", option->name,
                       option->traits & OPTION_PERCENT ? " or a percentage" : "", value);
    if ((option->traits & OPTION_POSITIVE) && to->value <= 0)
        return err_set(err, ERR_USAGE, "--%s needs a number larger than 0, not '%.60s'",
                       option->name, value);
    return true;
}

/* K is 1024. */
static bool store_size(const struct option *option, const char *value, uint64_t *to,
                       struct err *err)
{
    static const char letters[] = "kmgt";
    str text = str_from_c(value);
    unsigned shift = 0;
    if (text.n > 0 && !is_digit(text.p[text.n - 1])) {
        const char *letter = strchr(letters, to_lower(text.p[text.n - 1]));
        shift = letter ? 10 * (unsigned)(letter - letters + 1) : 0;
        text.n -= letter != NULL;
    }
    if (!num_parse_u64(text, to) || *to == 0 || *to > UINT64_MAX >> shift)
        return err_set(err, ERR_USAGE,
                       "--%s needs a number of bytes, which can end in K, M, G or T (500M), "
                       "not '%.60s'",
                       option->name, value);
    *to <<= shift;
    return true;
}

static bool store_choice(const struct option *option, const char *value, unsigned *to,
                         struct err *err)
{
    struct name_list names = {0};
    for (unsigned i = 0; option->choices[i]; i++) {
        if (strcmp(option->choices[i], value) == 0) {
            *to = i;
            return true;
        }
        name_list_add(&names, "", option->choices[i]);
    }
    return err_set(err, ERR_USAGE, "--%s cannot be '%.60s'; it can be %s", option->name, value,
                   names.text);
}

struct option_parser {
    const struct option_table *table;
    struct heap *heap;
    int argc, at;
    char **argv;
    void *fields;
    struct err *err;
};

static bool store_value(struct option_parser *p, const struct option *option, const char *value)
{
    void *to = (char *)p->fields + option->offset;
    switch (option->kind) {
    case OPTION_FLAG: *(bool *)to = !(option->traits & OPTION_CLEARS); return true;
    case OPTION_TEXT: *(const char **)to = value; return true;
    case OPTION_NUMBER: return store_option_number(option, value, to, p->err);
    case OPTION_COUNT:
        return num_parse_u64(str_from_c(value), to) ||
               err_set(p->err, ERR_USAGE, "--%s needs a whole number, not '%.60s'", option->name,
                       value);
    case OPTION_SIZE: return store_size(option, value, to, p->err);
    case OPTION_CHOICE: return store_choice(option, value, to, p->err);
    case OPTION_LIST: vec_push(p->heap, &((struct option_list *)to)->values, value); return true;
    }
    return false;
}

/* ---- parsing a command line ---- */

/* -ns: each letter is an option without a value. */
static bool is_bundle(const struct option_table *table, str letters)
{
    for (size_t i = 0; i < letters.n; i++) {
        const struct option *o = find_letter(table, letters.p[i]);
        if (!o || (o->kind != OPTION_FLAG && !(o->traits & OPTION_OPTIONAL)))
            return false;
    }
    return letters.n > 0;
}

static bool parse_option(struct option_parser *p, const char *argument)
{
    bool one_dash = argument[1] != '-';
    str typed = str_from_c(argument + (one_dash ? 1 : 2));
    if (one_dash && is_bundle(p->table, typed)) {
        for (size_t i = 0; i < typed.n; i++)
            if (!store_value(p, find_letter(p->table, typed.p[i]), ""))
                return false;
        return true;
    }
    size_t equals = str_find(typed, '=', 0);
    const char *value = equals < typed.n ? typed.p + equals + 1 : NULL;
    const struct option *option = NULL;
    if (one_dash && equals == 1)
        option = find_letter(p->table, typed.p[0]);
    if (!option && !find_option(p->table, str_head(typed, equals), &option, p->err))
        return false;
    if (option->kind == OPTION_FLAG && value)
        return err_set(p->err, ERR_USAGE, "--%s takes no value", option->name);
    if (option->kind != OPTION_FLAG && !value) {
        if (option->traits & OPTION_OPTIONAL)
            value = "";
        else if (p->at < p->argc)
            value = p->argv[p->at++];
        else
            return err_set(p->err, ERR_USAGE, "--%s needs a value (%s)", option->name,
                           option->argument);
    }
    return store_value(p, option, value);
}

bool options_parse(const struct option_table *table, struct heap *heap, int argc, char **argv,
                   void *fields, struct option_result *result, struct err *err)
{
    struct option_parser parser = {table, heap, argc, 1, argv, fields, err};
    bool only_files = false;
    *result = (struct option_result){.ended_at = SIZE_MAX};
    while (parser.at < argc) {
        const char *argument = argv[parser.at++];
        if (only_files || argument[0] != '-' || argument[1] == '\0') {
            vec_push(heap, &result->files, argument);
        } else if (strcmp(argument, "--") == 0) {
            only_files = true;
            result->ended_at = result->files.n;
        } else if (!parse_option(&parser, argument)) {
            return false;
        }
    }
    return true;
}

/* ---- --help and --list-options ---- */

/* Up to NULL. */
static void put_option_texts(struct sink *sink, const char *const *texts)
{
    for (; *texts; texts++)
        sink_bytes(sink, str_from_c(*texts));
}

#define PUT(sink, ...) put_option_texts(sink, (const char *const[]){__VA_ARGS__, NULL})

static void put_option_help(struct sink *sink, const struct option *option)
{
    enum { HELP_COLUMN = 26 };
    bool optional = option->traits & OPTION_OPTIONAL;
    size_t used = 4 + strlen(option->name);
    PUT(sink, "  --", option->name);
    if (option->argument) {
        PUT(sink, optional ? "[=" : "=", option->argument, optional ? "]" : "");
        used += strlen(option->argument) + (optional ? 3 : 1);
    }
    do
        sink_byte(sink, ' ');
    while (++used < HELP_COLUMN);
    PUT(sink, option->help, "\n");
}

static bool starts_topic(const struct option_table *table, const struct option *option)
{
    return option == table->options || strcmp(option[-1].topic, option->topic) != 0;
}

static void put_topic_help(const struct option *first, struct sink *sink)
{
    PUT(sink, "\n", first->topic, ":\n");
    for (const struct option *o = first; o->name && strcmp(o->topic, first->topic) == 0; o++)
        if (!(o->traits & OPTION_HIDDEN))
            put_option_help(sink, o);
}

bool options_help(const struct option_table *table, const char *topic, struct sink *sink,
                  struct err *err)
{
    struct name_list names = {0};
    bool brief = !topic || topic[0] == '\0';
    bool all = !brief && strcmp(topic, "all") == 0;
    bool known = brief || all;
    if (known)
        PUT(sink, "usage: ", table->program, " ", table->usage, "\n", table->purpose, "\n");
    for (const struct option *o = table->options; o->name; o++) {
        if (!starts_topic(table, o))
            continue;
        bool asked = !brief && strcmp(o->topic, topic) == 0;
        known |= asked;
        if (all || asked || (brief && o == table->options))
            put_topic_help(o, sink);
        if (!brief || o != table->options)
            name_list_add(&names, "", o->topic);
    }
    if (!known)
        return err_set(err, ERR_USAGE, "no help on '%.60s'; topics are %s, all", topic, names.text);
    if (brief && names.n > 0)
        PUT(sink, "\nmore: --help=", names.text, ", --help=all\n");
    return true;
}

void options_list(const struct option_table *table, struct sink *sink)
{
    for (const struct option *o = table->options; o->name; o++) {
        const char *word;
        size_t i = 0;
        if (o->traits & OPTION_HIDDEN)
            continue;
        PUT(sink, "--", o->name, "\t");
        while ((word = o->choices     ? o->choices[i]
                       : table->offer ? table->offer(o->name, i)
                                      : NULL)) {
            PUT(sink, i++ > 0 ? "|" : "", word);
        }
        PUT(sink, i == 0 && o->argument ? o->argument : "", "\t", o->help, "\n");
    }
}

/* ---- writing a command line ---- */

static void put_given_option(const struct option *option, str value, sink_put_fn *put,
                             struct sink *sink)
{
    sink_lit(sink, " --");
    sink_bytes(sink, str_from_c(option->name));
    if (option->kind == OPTION_FLAG)
        return;
    sink_byte(sink, '=');
    put(value, sink);
}

void options_put_given(const struct option *option, const void *fields, sink_put_fn *put,
                       struct sink *sink)
{
    const void *from = (const char *)fields + option->offset;
    const struct option_list *list = from;
    char digits[NUM_ROOM];
    switch (option->kind) {
    case OPTION_FLAG:
        if (*(const bool *)from && !(option->traits & OPTION_CLEARS))
            put_given_option(option, STR(""), put, sink);
        break;
    case OPTION_TEXT:
        if (*(const char *const *)from)
            put_given_option(option, str_from_c(*(const char *const *)from), put, sink);
        break;
    case OPTION_COUNT:
    case OPTION_SIZE:
        if (*(const uint64_t *)from != 0)
            put_given_option(option, str_of(digits, num_put_u64(digits, *(const uint64_t *)from)),
                             put, sink);
        break;
    case OPTION_LIST:
        for (size_t i = 0; i < list->values.n; i++)
            put_given_option(option, str_from_c(list->values.at[i]), put, sink);
        break;
    case OPTION_NUMBER:
    case OPTION_CHOICE: break;
    }
}
