/* SPDX-License-Identifier: MIT */
/*
 * flamestore_collect: flamestore collect: the sources of the command line and of --sources.
 *
 *      # a source in each line, with labels and what is different from the others
 *      http://w1:16384                                host=w1 app=feed
 *      http://w2:6060/debug/pprof/profile?seconds=10  host=w2 app=cart every=5min
 *      http://w2:6060/debug/pprof/mutex               host=w2 source=w2-mutex counts
 */
#include "cli/flamestore.h"
#include "store/collect.h"
#include "store/time_text.h"

struct sources {
    struct flamestore *f;
    struct flamestore_labels tags; /* of all sources */
    int64_t every, timeout;
    VEC(struct collect_source) at;
};

static bool refuse_source_word(const struct sources *s, const char *why, str word)
{
    return err_set(&s->f->program.err, ERR_USAGE, "%s: '%.*s'", why, STR_SHOWN(word, 100));
}

/* "http://host/profile?seconds=10" answers after 10 s. */
static int64_t seconds_of(str url)
{
    uint64_t seconds;
    size_t at = str_find(url, '?', 0);
    while (at < url.n) {
        size_t end = str_find(url, '&', at + 1);
        str part = str_cut(url, at + 1, end);
        if (str_starts(part, STR("seconds=")) && num_parse_u64(str_skip(part, 8), &seconds) &&
            seconds < 86400)
            return (int64_t)seconds * STORE_SECOND;
        at = end;
    }
    return 0;
}

static bool is_url(str word)
{
    for (size_t i = 0; i < word.n; i++)
        if ((unsigned char)word.p[i] <= ' ' || word.p[i] == 0x7f)
            return false;
    return str_starts(word, STR("http://")) || str_starts(word, STR("https://"));
}

/* A label of a source replaces that of --tag. */
static void set_label(struct sources *s, struct flamestore_labels *labels, str key, str value)
{
    struct store_label label = {key, value};
    for (size_t i = 0; i < labels->at.n; i++)
        if (str_equal(labels->at.at[i].key, key)) {
            labels->at.at[i].value = value;
            return;
        }
    vec_push(&s->f->program.heap, &labels->at, label);
}

/* KEY=VALUE or a word after the URL. */
static bool read_word(struct sources *s, struct collect_source *source,
                      struct flamestore_labels *labels, str word)
{
    size_t equals = str_find(word, '=', 0);
    str key = str_head(word, equals), value = str_skip(word, equals + (equals < word.n));
    if (str_equal(word, STR("counts")))
        source->counts = true;
    else if (str_equal(word, STR("snapshot")))
        source->snapshot = true;
    else if (equals == 0 || equals == word.n)
        return refuse_source_word(s, "a source has KEY=VALUE, counts or snapshot after its address",
                                  word);
    else if (str_equal(key, STR("every")) || str_equal(key, STR("timeout")))
        return time_text_parse_length(value, key.p[0] == 'e' ? &source->every : &source->timeout) ||
               refuse_source_word(s, "a length of time such as 30s or 5min is needed", word);
    else if (str_equal(key, STR("format")))
        source->format = value;
    else if (str_equal(key, STR("sample-index")))
        source->value_type = value;
    else
        set_label(s, labels, key, value);
    return true;
}

/* A line of the file, or a word of the command line. */
static bool add_source(struct sources *s, str line)
{
    struct flamestore *f = s->f;
    struct heap *heap = &f->program.heap;
    struct flamestore_labels labels = {0};
    struct collect_source source = {
        .every = s->every,
        .format = str_or_empty(f->input.format),
        .value_type = str_or_empty(f->input.sample_index),
        .counts = f->counts,
    };
    str word, url = str_take_word(&line);
    if (url.n == 0)
        return true;
    if (!is_url(url))
        return refuse_source_word(s, "a source is an address that begins with http:// or https://",
                                  url);
    source.timeout = s->timeout + seconds_of(url);
    vec_append(heap, &labels.at, &s->tags.at);
    set_label(s, &labels, STR(STORE_SOURCE), collect_name(url, &f->arena));
    while ((word = str_take_word(&line)).n > 0)
        if (!read_word(s, &source, &labels, word))
            return false;
    source.url = arena_copy_c(&f->arena, url);
    source.labels = labels.at.at;
    source.label_count = labels.at.n;
    vec_push(heap, &s->at, source);
    return true;
}

static bool read_sources(struct sources *s)
{
    struct flamestore *f = s->f;
    struct program *program = &f->program;
    str text, line;
    for (size_t i = 0; i < f->argument_count; i++)
        if (!add_source(s, str_from_c(f->arguments[i])))
            return false;
    if (!f->sources)
        return s->at.n > 0 || err_set(&program->err, ERR_USAGE,
                                      "collect needs sources: addresses, "
                                      "or --sources=FILE");
    if (!program_load_text(program, f->sources, &text, NULL))
        return false;
    uint64_t number = 0;
    for (size_t at = 0; str_next_line(text, &at, &line);) {
        number++;
        if (line.n > 0 && line.p[0] != '#' && !add_source(s, line))
            return err_in_file(&program->err, f->sources, number);
    }
    return s->at.n > 0 || err_set(&program->err, ERR_USAGE, "%.200s has no sources", f->sources);
}

/* Two sources of one name would be one for the store. */
static bool check_sources(struct sources *s)
{
    for (size_t i = 0; i < s->at.n; i++)
        for (size_t other = 0; other < i; other++) {
            str name = collect_source_name(&s->at.at[i]);
            if (str_equal(name, collect_source_name(&s->at.at[other])))
                return refuse_source_word(s, "two sources have one name; source=NAME gives another",
                                          name);
        }
    return true;
}

static void say_news(void *context, enum collect_news news, str source, const char *text)
{
    struct flamestore *f = context;
    enum message_level level = news == COLLECT_STORED    ? MESSAGE_NOTE
                               : news == COLLECT_WARNING ? MESSAGE_WARNING
                                                         : MESSAGE_ALWAYS;
    program_message(&f->program, level, "%.*s: %s", STR_SHOWN(source, 300), text);
}

/* A full disk is a message, and the next hour tries again. */
static void expire_hourly(void *context)
{
    struct flamestore *f = context;
    if (!flamestore_apply_expiry(f))
        program_fail_softly(&f->program);
}

bool flamestore_collect(struct flamestore *f)
{
    enum { MEMORY = 512 << 20 };
    struct program *program = &f->program;
    struct sources s = {.f = f};
    struct strbuf lock = {.heap = &program->heap};
    uint64_t failures = 0, memory = program->common->max_memory;
    if (!flamestore_length(f, "--every", f->every, false, &s.every) ||
        !flamestore_length(f, "--timeout", f->timeout, false, &s.timeout) ||
        !flamestore_tags(f, &s.tags) || !read_sources(&s) || !check_sources(&s) ||
        !flamestore_open(f, STORE_WRITE))
        return false;
    if (!flamestore_apply_expiry(f))
        return false;
    if (f->forward && !is_url(str_from_c(f->forward)))
        return refuse_source_word(&s, "--forward needs an address such as http://HOST:4040",
                                  str_from_c(f->forward));
    strbuf_add(&lock, str_from_c(f->path));
    strbuf_add(&lock, STR("-collect"));
    const struct collect_options options = {
        .body_most = f->max_answer,
        .memory_most = memory > 0 && memory < SIZE_MAX ? (size_t)memory : MEMORY,
        .forward = f->forward,
        .once = f->once,
        .lock_path = strbuf_c(&lock),
        .agent = "flamestore/" PACKAGE_VERSION,
        .say = say_news,
        .hourly = expire_hourly,
        .context = f,
        .resize = program->env->resize,
        .resize_context = program->env->resize_context,
    };
    heap_set_limit(&program->heap, 0); /* the limit is for each answer */
    if (!collect_run(f->store, s.at.at, s.at.n, &options, &program->heap, &failures, &program->err))
        return false;
    program->failed_softly = failures > 0;
    return true;
}
