/*
 * options: finding an option by what was typed, and storing its value by kind.
 */
#include "cli/options.h"

#include <stdio.h>

enum { NAMES_ROOM = 400 };

static bool same_start(const char *name, str typed)
{
    for (size_t i = 0; i < typed.n; i++)
        if (name[i] == '\0' || to_lower(name[i]) != to_lower(typed.p[i]))
            return false;
    return true;
}

/* What typed text may mean: how many options, and the one it is if it is clear. */
struct match {
    const struct option *found;
    unsigned count;
    char names[NAMES_ROOM]; /* "--help, --hash" */
    size_t names_n;
};

static void add_name(struct match *match, const struct option *option)
{
    int n = snprintf(match->names + match->names_n, sizeof match->names - match->names_n, "%s--%s",
                     match->names_n > 0 ? ", " : "", option->name);
    if (n > 0 && match->names_n + (size_t)n < sizeof match->names)
        match->names_n += (size_t)n;
}

/* Among the options that have all of the traits `with` and none of `without`. */
static struct match find_prefix(const struct option_table *table, str typed, unsigned with,
                                unsigned without)
{
    struct match match = {0};
    for (const struct option *o = table->options; o->name; o++) {
        if (!same_start(o->name, typed) || (o->traits & with) != with || (o->traits & without) != 0)
            continue;
        if (o->name[typed.n] == '\0') {
            match = (struct match){.found = o, .count = 1};
            add_name(&match, o);
            return match;
        }
        match.found = o;
        match.count++;
        add_name(&match, o);
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

/* What a mistyped name may have been meant to be: those that share its first letters. */
static void suggest(const struct option_table *table, str typed, struct match *match)
{
    for (size_t n = typed.n; n > 0 && match->count == 0; n--)
        *match = find_prefix(table, str_head(typed, n), 0, 0);
}

static bool find_option(const struct option_table *table, str typed, const struct option **found,
                        struct err *err)
{
    struct match match = find_prefix(table, typed, 0, 0);
    if (match.count > 1) {
        struct match classic = find_prefix(table, typed, OPTION_CLASSIC, 0);
        struct match older = find_prefix(table, typed, 0, OPTION_LATER);
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
                       match.names);
    suggest(table, typed, &match);
    if (match.count > 0)
        return err_set(err, ERR_USAGE, "unknown option --%.40s; did you mean %s? See --help",
                       typed.p, match.names);
    return err_set(err, ERR_USAGE, "unknown option --%.40s; see --help", typed.p);
}

static bool store_number(const struct option *option, const char *value, struct option_number *to,
                         struct err *err)
{
    str text = str_from_c(value);
    to->given = true;
    to->percent = (option->traits & OPTION_PERCENT) && text.n > 0 && text.p[text.n - 1] == '%';
    if (to->percent)
        text.n--;
    if (!num_parse_double(text, &to->value))
        return err_set(err, ERR_USAGE, "--%s wants a number%s, not '%.60s'", option->name,
                       option->traits & OPTION_PERCENT ? " or a percentage" : "", value);
    if ((option->traits & OPTION_POSITIVE) && to->value <= 0)
        return err_set(err, ERR_USAGE, "--%s wants a number larger than 0, not '%.60s'",
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
                       "--%s wants a number of bytes, or one with K, M, G or T behind it (500M), "
                       "not '%.60s'",
                       option->name, value);
    *to <<= shift;
    return true;
}

static bool store_choice(const struct option *option, const char *value, unsigned *to,
                         struct err *err)
{
    char names[NAMES_ROOM];
    size_t n = 0;
    for (unsigned i = 0; option->choices[i]; i++) {
        if (strcmp(option->choices[i], value) == 0) {
            *to = i;
            return true;
        }
        int more = snprintf(names + n, sizeof names - n, "%s%s", n > 0 ? ", " : "",
                            option->choices[i]);
        if (more > 0 && n + (size_t)more < sizeof names)
            n += (size_t)more;
    }
    return err_set(err, ERR_USAGE, "--%s knows no '%.60s'; it can be %s", option->name, value,
                   names);
}

static bool store(const struct option *option, const char *value, struct heap *heap, void *fields,
                  struct err *err)
{
    void *to = (char *)fields + option->offset;
    switch (option->kind) {
    case OPTION_FLAG: *(bool *)to = true; return true;
    case OPTION_TEXT: *(const char **)to = value; return true;
    case OPTION_NUMBER: return store_number(option, value, to, err);
    case OPTION_COUNT:
        return num_parse_u64(str_from_c(value), to) ||
               err_set(err, ERR_USAGE, "--%s wants a whole number, not '%.60s'", option->name,
                       value);
    case OPTION_SIZE: return store_size(option, value, to, err);
    case OPTION_CHOICE: return store_choice(option, value, to, err);
    case OPTION_LIST: vec_push(heap, &((struct option_list *)to)->values, value); return true;
    }
    return false;
}

struct parser {
    const struct option_table *table;
    struct heap *heap;
    int argc, at;
    char **argv;
    void *fields;
    struct err *err;
};

/* -ns: every letter is an option without a value. False when it is no bundle. */
static bool take_letters(struct parser *p, str letters, bool *failed)
{
    for (size_t i = 0; i < letters.n; i++) {
        const struct option *o = find_letter(p->table, letters.p[i]);
        if (!o || (o->kind != OPTION_FLAG && !(o->traits & OPTION_OPTIONAL)))
            return false;
    }
    for (size_t i = 0; i < letters.n; i++)
        if (!store(find_letter(p->table, letters.p[i]), "", p->heap, p->fields, p->err))
            *failed = true;
    return letters.n > 0;
}

static bool take_option(struct parser *p, const char *argument)
{
    bool failed = false;
    str typed = str_from_c(argument + (argument[1] == '-' ? 2 : 1));
    if (argument[1] != '-' && take_letters(p, typed, &failed))
        return !failed;
    size_t equals = str_find(typed, '=', 0);
    const char *value = equals < typed.n ? typed.p + equals + 1 : NULL;
    const struct option *option = NULL;
    if (argument[1] != '-' && equals == 1)
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
            return err_set(p->err, ERR_USAGE, "--%s wants a value (%s)", option->name,
                           option->argument);
    }
    return store(option, value, p->heap, p->fields, p->err);
}

bool options_parse(const struct option_table *table, struct heap *heap, int argc, char **argv,
                   void *fields, struct option_result *result, struct err *err)
{
    struct parser parser = {table, heap, argc, 1, argv, fields, err};
    bool only_files = false;
    *result = (struct option_result){.ended_at = SIZE_MAX};
    while (parser.at < argc) {
        const char *argument = argv[parser.at++];
        if (only_files || argument[0] != '-' || argument[1] == '\0') {
            vec_push(heap, &result->files, argument);
        } else if (strcmp(argument, "--") == 0) {
            only_files = true;
            result->ended_at = result->files.n;
        } else if (!take_option(&parser, argument)) {
            return false;
        }
    }
    return true;
}

static void put_text(struct sink *sink, const char *text)
{
    sink_bytes(sink, str_from_c(text));
}

static void put_padding(struct sink *sink, size_t used, size_t column)
{
    do
        sink_byte(sink, ' ');
    while (++used < column);
}

static void put_option(struct sink *sink, const struct option *option)
{
    size_t used = 4 + strlen(option->name);
    sink_lit(sink, "  --");
    put_text(sink, option->name);
    if (option->argument) {
        put_text(sink, option->traits & OPTION_OPTIONAL ? "[=" : "=");
        put_text(sink, option->argument);
        put_text(sink, option->traits & OPTION_OPTIONAL ? "]" : "");
        used += strlen(option->argument) + (option->traits & OPTION_OPTIONAL ? 3 : 1);
    }
    put_padding(sink, used, 26);
    put_text(sink, option->help);
    sink_byte(sink, '\n');
}

static bool topic_starts(const struct option_table *table, const struct option *option)
{
    return option == table->options || strcmp(option[-1].topic, option->topic) != 0;
}

static void put_topic(const struct option_table *table, const char *topic, struct sink *sink)
{
    sink_byte(sink, '\n');
    put_text(sink, topic);
    sink_lit(sink, ":\n");
    for (const struct option *o = table->options; o->name; o++)
        if (strcmp(o->topic, topic) == 0 && !(o->traits & OPTION_HIDDEN))
            put_option(sink, o);
}

static void put_usage(const struct option_table *table, struct sink *sink)
{
    sink_lit(sink, "usage: ");
    put_text(sink, table->program);
    sink_byte(sink, ' ');
    put_text(sink, table->usage);
    sink_byte(sink, '\n');
    put_text(sink, table->purpose);
    sink_byte(sink, '\n');
}

static void put_other_topics(const struct option_table *table, struct sink *sink)
{
    bool first = true;
    for (const struct option *o = table->options; o->name; o++) {
        if (!topic_starts(table, o) || o == table->options)
            continue;
        put_text(sink, first ? "\nmore: --help=" : ", ");
        put_text(sink, o->topic);
        first = false;
    }
    if (!first)
        sink_lit(sink, ", --help=all\n");
}

static bool unknown_topic(const struct option_table *table, const char *topic, struct err *err)
{
    char names[NAMES_ROOM];
    size_t n = 0;
    for (const struct option *o = table->options; o->name; o++) {
        if (!topic_starts(table, o))
            continue;
        int more = snprintf(names + n, sizeof names - n, "%s, ", o->topic);
        if (more > 0 && n + (size_t)more < sizeof names)
            n += (size_t)more;
    }
    return err_set(err, ERR_USAGE, "no help on '%.60s'; topics are %sall", topic, names);
}

bool options_help(const struct option_table *table, const char *topic, struct sink *sink,
                  struct err *err)
{
    bool brief = !topic || topic[0] == '\0';
    bool all = !brief && strcmp(topic, "all") == 0;
    bool known = brief || all;
    for (const struct option *o = table->options; o->name; o++)
        known |= topic_starts(table, o) && strcmp(o->topic, topic ? topic : "") == 0;
    if (!known)
        return unknown_topic(table, topic, err);
    if (brief || all)
        put_usage(table, sink);
    for (const struct option *o = table->options; o->name; o++) {
        if (!topic_starts(table, o))
            continue;
        if (all || (brief && o == table->options) || (!brief && strcmp(o->topic, topic) == 0))
            put_topic(table, o->topic, sink);
    }
    if (brief)
        put_other_topics(table, sink);
    return true;
}

static const char *offered(const struct option_table *table, const struct option *option, size_t i)
{
    if (option->choices)
        return option->choices[i];
    return table->offer ? table->offer(option->name, i) : NULL;
}

static void put_values(const struct option_table *table, const struct option *option,
                       struct sink *sink)
{
    const char *word;
    for (size_t i = 0; (word = offered(table, option, i)); i++) {
        put_text(sink, i > 0 ? "|" : "");
        put_text(sink, word);
    }
    if (!offered(table, option, 0) && option->argument)
        put_text(sink, option->argument);
}

void options_list(const struct option_table *table, struct sink *sink)
{
    for (const struct option *o = table->options; o->name; o++) {
        if (o->traits & OPTION_HIDDEN)
            continue;
        sink_lit(sink, "--");
        put_text(sink, o->name);
        sink_byte(sink, '\t');
        put_values(table, o, sink);
        sink_byte(sink, '\t');
        put_text(sink, o->help);
        sink_byte(sink, '\n');
    }
}
