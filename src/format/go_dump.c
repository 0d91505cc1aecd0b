/* SPDX-License-Identifier: MIT */
/*
 * go_dump: goroutines, as /debug/pprof/goroutine?debug=2, a panic and SIGQUIT print them.
 *
 *      goroutine 8 [semacquire, 2 minutes]:
 *      sync.(*Mutex).Lock(...)
 *              /usr/lib/go-1.19/src/sync/mutex.go:90
 *      main.main.func1.1()
 *              /srv/main.go:141 +0x6c
 *      created by main.main.func1 in goroutine 1
 *              /srv/main.go:138 +0x25
 *
 * A goroutine is a sample. A function becomes a frame when the line with its place follows. "(...)"
 * in place of arguments means that it is inlined.
 */
#include "format/dump.h"

struct go_dump {
    struct dump dump;
    bool open;              /* a goroutine's lines go on */
    struct strbuf function; /* waits for its place; n == 0: there is none */
};

/* goroutine 8 gp=0xc0 m=0 mp=0x1 [semacquire, 2 minutes]: */
static bool split_go_header(str line, str *id, str *state)
{
    uint64_t number;
    str rest = line;
    if (!dump_take(&rest, STR("goroutine ")))
        return false;
    size_t n = dump_take_digits(&rest, &number), open = str_search(rest, STR(" ["), 0);
    size_t close = str_find_last(rest, ']');
    if (n == 0 || open >= close || close >= rest.n || !str_ends(rest, STR(":")))
        return false;
    *id = str_cut(line, 10, 10 + n);
    *state = str_cut(rest, open + 2, close);
    *state = str_head(*state, str_find(*state, ',', 0));
    return true;
}

/* The last group of parentheses is the arguments: "main.(*T).run(0x1, {0xc0, 0x2})". */
static bool split_function(str line, str *name, str *arguments)
{
    if (line.n == 0 || is_blank(line.p[0]) || !str_ends(line, STR(")")))
        return false;
    size_t open = str_find_open(line);
    *name = str_head(line, open);
    *arguments = str_skip(line, open);
    return open > 0 && open < line.n;
}

/* FILE:LINE +0x6c fp=0xc0 ..; of an inlined function only FILE:LINE. */
static void add_go_function(struct go_dump *go, str place)
{
    struct frame frame = {.module = STR("")};
    str arguments;
    str line = strbuf_str(&go->function);
    if (!split_function(line, &frame.name, &arguments))
        return;
    strbuf_clear(&go->function);
    if (str_equal(arguments, STR("(...)")))
        frame.kind = FRAME_INLINED;
    dump_split_place(str_head(place, str_search(place, STR(" +0x"), 0)), &frame);
    dump_frame(&go->dump, &frame);
}

static bool end_goroutine(struct go_dump *go)
{
    if (go->open)
        add_go_function(go, STR(""));
    go->open = false;
    return dump_end_stack(&go->dump);
}

static void keep_function(struct go_dump *go, str line)
{
    str name, arguments;
    strbuf_set(&go->function, split_function(line, &name, &arguments) ? line : STR(""));
}

static bool take_go_line(struct dump *dump, str line)
{
    struct go_dump *go = (struct go_dump *)dump;
    str id, state;
    if (split_go_header(line, &id, &state)) {
        bool done = end_goroutine(go);
        go->open = true;
        dump_label(dump, STR("state"), state);
        dump_label(dump, STR("goroutine"), id);
        return done;
    }
    if (!go->open)
        return true;
    if (line.n == 0 || str_starts(line, STR("created by "))) /* the creator is no caller */
        return end_goroutine(go);
    if (str_contains(line, STR("goroutine running on other thread")))
        dump_skip(dump, "a goroutine that ran, so that Go has no stack of it");
    else if (line.p[0] == '\t')
        add_go_function(go, str_trim(line));
    else
        keep_function(go, line);
    return true;
}

static bool go_dump_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct go_dump go = {.function = {.heap = builder->scratch}};
    dump_init(&go.dump, builder, err);
    return dump_read(&go.dump, input, take_go_line) && end_goroutine(&go);
}

static unsigned go_dump_signs(str line)
{
    str id, state, rest = line;
    struct frame place;
    if (split_go_header(line, &id, &state))
        return 1;
    if (!dump_take(&rest, STR("\t")))
        return 0;
    dump_split_place(str_head(rest, str_search(rest, STR(" +0x"), 0)), &place);
    return place.line > 0 ? 2 : 0;
}

const struct reader reader_go = {
    .name = "go",
    .help = "goroutines as Go prints them: panics, SIGQUIT, debug=2",
    .needs = "goroutine ",
    .signs = go_dump_signs,
    .read = go_dump_read,
};
