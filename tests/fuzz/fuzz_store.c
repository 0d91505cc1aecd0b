/* SPDX-License-Identifier: MIT */
/*
 * A store in memory, and what is asked of it. Lines "---" separate the steps; the first line of a
 * step is one of
 *
 *      POST /ingest?name=app{host=a}&from=1&until=2    a request; the rest is its body
 *      GET /?from=-1h&tag=host=a
 *      add FROM UNTIL app{host=a}                      the rest is a profile
 *      answer ASKED ELAPSED app{host=a}                the rest is a profile that counts
 *      $ get --from=0 --by=host                        flamestore; the rest is its file "in"
 *
 * A profile that is added is in the store with all its weight. In the end the store has no fault,
 * and all questions give the same sum.
 */
#include "worlds.h"

#if HAVE_STORE
#include <sqlite3.h>

#include "store/body.h"
#include "store/page.h"
#include "store/serve.h"

enum { STEPS_MOST = 16, FIELDS_MOST = 24, BODY_ROOM = 1 << 16 };

/* SQLite keeps it in memory: names that begin with '/' are those of the whole process. */
static const char path[] = "/fuzz";
static const int64_t now = INT64_C(1795939200000);

struct work {
    struct heap *heap;
    struct store *store;
    str input;
};

static str take_until(str *rest, str mark)
{
    size_t at = str_search(*rest, mark, 0);
    str head = str_head(*rest, at);
    *rest = str_skip(*rest, at + (at < rest->n ? mark.n : 0));
    return head;
}

/* ---- requests -------------------------------------------------------------------------------- */

static void ignore(void *context, const char *message)
{
    (void)context;
    (void)message;
}

/* As libmicrohttpd does. */
static str decode(str text, struct heap *heap)
{
    char *copy = heap_alloc(heap, text.n + 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool escape = text.p[i] == '%' && text.n - i > 2 && is_hex(text.p[i + 1]) &&
                      is_hex(text.p[i + 2]);
        if (escape)
            copy[n++] = (char)(hex_digit(text.p[i + 1]) << 4 | hex_digit(text.p[i + 2]));
        else
            copy[n++] = text.p[i] == '+' ? ' ' : text.p[i];
        i += escape ? 2 : 0;
    }
    return str_of(copy, n);
}

/* Names and values are escaped wherever the page shows them: none makes an element or an attribute.
 */
static void check_page(str page)
{
    const str quote = STR("\" zq=");
    struct xml xml = {.text = page};
    if (!xml_check_characters(&xml))
        fuzz_wrong(xml.why, page);
    if (str_contains(page, STR("<zq")))
        fuzz_wrong("a text became an element", page);
    for (size_t at = 0; (at = str_search(page, quote, at)) < page.n; at++) {
        size_t before = at;
        while (before > 0 && page.p[before] != '<' && page.p[before] != '>')
            before--;
        if (page.p[before] == '<')
            fuzz_wrong("a text became an attribute", page);
    }
}

static void check_answer(const struct http_request *request, str answer)
{
    if (request->status < 200 || request->status > 499 || !request->type)
        fuzz_wrong("an answer without a status", request->path);
    if (str_equal(request->path, STR("/")) && str_starts(answer, STR("<!DOCTYPE")))
        check_page(answer);
    else if (request->status == 200 && str_equal(request->path, STR("/profile.svg")))
        world_check_picture(answer);
    else if (str_starts(str_from_c(request->type), STR("text/plain")) && request->status != 200)
        world_check_messages(answer);
}

static void ask(struct work *w, str method, str address, str body)
{
    const struct serve_options options = {.path = path, .heap = w->heap, .warn = ignore};
    struct http_fields fields[FIELDS_MOST];
    struct err err = {0};
    struct http_request request = {
        .options = &options,
        .heap = w->heap,
        .err = &err,
        .method = method,
        .path = take_until(&address, STR("?")),
        .fields = fields,
        .body = body,
        .now = now,
    };
    while (address.n > 0 && request.field_count < FIELDS_MOST) {
        str value = take_until(&address, STR("&")), name = take_until(&value, STR("="));
        fields[request.field_count].name = decode(name, w->heap);
        fields[request.field_count++].value = decode(value, w->heap);
    }
    if (site_answer(&request))
        check_answer(&request, sink_text(&request.answer));
    else if (err.code == ERR_NONE)
        fuzz_wrong("a failure that does not say why", address);
}

/* ---- profiles -------------------------------------------------------------------------------- */

/* The weight of the windows with these labels that begin at this time; false: it is not known. */
static bool find_sum(struct work *w, const struct store_window *window, str type, unsigned decimals,
                     uint64_t *sum)
{
    struct store_query query = {window->from, window->from + 1, .labels = window->labels,
                                .label_count = window->label_count, .type = type};
    struct err err = {0};
    struct profile profile;
    bool read = store_read(w->store, &query, w->heap, &profile, &err);
    *sum = read ? tree_sum(&profile.tree, 0) : 0;
    read = read && (*sum == 0 || profile.tree.decimals == decimals) && !profile.tree.overflow;
    profile_end(&profile);
    return read;
}

/* Samples have one name in a store, whatever formats call them. */
static str find_type(const struct value_type *type, struct heap *heap)
{
    bool samples = (type->name.n == 0 || str_equal(type->name, STR("samples"))) &&
                   (type->unit.n == 0 || str_equal(type->unit, STR("samples")) ||
                    str_equal(type->unit, STR("count")));
    return samples ? STR("samples") : store_type_text(type, heap);
}

static void check_added(struct work *w, const struct store_window *window,
                        const struct profile *profile)
{
    struct err err = {0};
    uint64_t sum = tree_sum(&profile->tree, 0), before = 0, after = 0;
    unsigned decimals = profile->tree.decimals;
    str type = find_type(&profile->value_type, w->heap);
    bool known = profile->values.n <= 1 && find_sum(w, window, type, decimals, &before);
    enum store_added added = store_add(w->store, window, profile, NULL, &err);
    if ((added == STORE_FAILED) != (err.code != ERR_NONE))
        fuzz_wrong("a failure that does not say why", type);
    if (known && find_sum(w, window, type, decimals, &after) && !profile->tree.overflow &&
        after != before + (added == STORE_ADDED ? sum : 0))
        fuzz_wrong("the store has another sum", type);
}

static void add(struct work *w, str line, str body, bool counts)
{
    struct store_window window;
    struct store_label *labels;
    struct err err = {0};
    struct profile profile;
    int64_t first, second;
    size_t count;
    str name, one = take_until(&line, STR(" ")), two = take_until(&line, STR(" "));
    if (!ingest_parse_time(one, &first) || !ingest_parse_time(two, &second) ||
        !ingest_parse_name(line, w->heap, &name, &labels, &count))
        return;
    labels[count++] = (struct store_label){STR(STORE_SOURCE), name};
    const struct body given = {.name = "body", .bytes = body, .format = STR("")};
    if (!body_read(&given, w->heap, &profile, &err)) {
        if (err.message[0] == '\0')
            fuzz_wrong("a failure that does not say why", body);
    } else if (counts) {
        const struct store_answer answer = {first, first + 10, second, -1, labels, count};
        store_add_answer(w->store, &answer, &profile, &window, NULL, &err);
    } else {
        window = (struct store_window){first, second, labels, count};
        check_added(w, &window, &profile);
    }
    profile_end(&profile);
}

/* ---- command lines --------------------------------------------------------------------------- */

static void command(str line, str body)
{
    const char *words[WORLD_WORDS + 1] = {"flamestore", "--store=/fuzz"};
    struct memory_os m;
    size_t n = 2;
    char *text = malloc(line.n + 1), *at = text;
    if (!text)
        abort();
    while (line.n > 0 && n < WORLD_WORDS) {
        str word = take_until(&line, STR(" "));
        memcpy(at, word.p, word.n);
        at[word.n] = '\0';
        /* compare puts the runs beside the files of the real system, not of this one */
        if (world_asks_for_helper(at) || !strcmp(at, "serve") || !strcmp(at, "collect") ||
            !strcmp(at, "compare"))
            n = WORLD_WORDS;
        else if (word.n > 0)
            words[n++] = at;
        at += word.n + 1;
    }
    if (n < WORLD_WORDS) {
        words[n] = NULL;
        memory_init(&m);
        memory_put(&m, "in", body);
        int status = world_run(&m, flamestore_main, words);
        if (status < 0 || status > 4)
            fuzz_wrong("an exit status that is none", memory_text(&m.files[2]));
        memory_end(&m);
    }
    free(text);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void check_type(struct work *w, str type, int64_t from, int64_t until)
{
    struct store_query query = {.from = from, .until = until, .type = type};
    struct err err = {0};
    struct profile profile;
    struct label_sums labels;
    struct store_timeline timeline;
    uint64_t total = 0, sum = 0;
    if (!store_read(w->store, &query, w->heap, &profile, &err) ||
        !store_read_labels(w->store, &query, w->heap, &labels, &total, &err) ||
        !store_read_timeline(w->store, &query, (until - from) / 100 + 1, w->heap, &timeline, &err))
        fuzz_wrong(err.message, type);
    for (size_t i = 0; i < timeline.points.n; i++)
        num_add_most(&sum, timeline.points.at[i].total);
    if (sum != UINT64_MAX && (sum != total || sum != tree_sum(&profile.tree, 0)))
        fuzz_wrong("the timeline, the labels and the stacks have different sums", type);
    profile_end(&profile);
}

static void check_store(struct work *w)
{
    struct sink sink;
    struct err err = {0};
    struct store_types types = {0};
    uint64_t faults = 0;
    int64_t from, until;
    sink_open_memory(&sink, w->heap);
    if (!store_check(w->store, &sink, &faults, &err) || faults > 0)
        fuzz_wrong(err.message, sink_text(&sink));
    if (!store_read_extent(w->store, &from, &until, &err) ||
        !store_read_types(w->store, &(struct store_query){.from = from, .until = until}, w->heap,
                          &types, &err))
        fuzz_wrong(err.message, STR("extent, types"));
    for (size_t i = 0; i < types.at.n; i++) {
        str type = store_type_text(&types.at.at[i].type, w->heap);
        if (type.n > 0)
            check_type(w, type, from, until);
    }
}

static bool run(struct heap *heap, void *arg)
{
    struct work w = {.heap = heap, .input = *(const str *)arg};
    struct err err = {0};
    w.store = store_open(path, STORE_WRITE, heap, &err);
    if (!w.store)
        fuzz_wrong(err.message, w.input);
    for (int i = 0; i < STEPS_MOST && w.input.n > 0; i++) {
        str body = take_until(&w.input, STR("\n---\n")), line = take_until(&body, STR("\n"));
        str word = take_until(&line, STR(" "));
        if (str_equal(word, STR("GET")) || str_equal(word, STR("POST")))
            ask(&w, word, line, body);
        else if (str_equal(word, STR("add")) || str_equal(word, STR("answer")))
            add(&w, line, body, word.n > 3);
        else if (str_equal(word, STR("$")))
            command(line, body);
    }
    check_store(&w);
    store_close(w.store);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str input = fuzz_text(data, size);
    sqlite3_vfs *memory = sqlite3_vfs_find("memdb");
    if (!memory || sqlite3_libversion_number() < 3036000) /* it would not be shared */
        return 0;
    sqlite3_vfs_register(memory, 1);
    if (size < BODY_ROOM)
        heaps_run(run, &input);
    return 0;
}
#else
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)data;
    (void)size;
    return 0;
}
#endif
