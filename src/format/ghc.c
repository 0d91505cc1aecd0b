/* SPDX-License-Identifier: MIT */
/*
 * ghc: cost centres of a Haskell program, as GHC's profiler writes them. Source:
 * https://downloads.haskell.org/ghc/latest/docs/users_guide/profiling.html
 *
 *      COST CENTRE MODULE SRC        no. entries %time %alloc %time %alloc ticks bytes    (+RTS -P)
 *      MAIN        MAIN   <built-in> 148       0   0.0    0.0 100.0  100.0     0   832
 *       main       Main   a.hs:1:1-9 296       1  50.0    9.9 100.0   99.9    17    96
 *
 * Numbers are taken from the right, because names shift the columns and SRC may have blanks. With
 * -p there are neither ticks nor bytes. -pj writes JSON: cost centres, and a tree of their ids.
 */
#include "core/num.h"
#include "format/dump.h"
#include "format/indented.h"
#include "format/json_stream.h"

enum { TICKS, BYTES, TIME_SHARE, ALLOC_SHARE };

static const struct value_type ghc_types[] = {
    VALUE_SUM("ticks", "ticks"),
    VALUE_SUM("bytes", "bytes"),
    VALUE_SUM("percent", "per mille"),
    VALUE_SUM("alloc_percent", "per mille"),
};

struct ghc {
    struct dump dump;
    struct indented tree;
    bool started, has_ticks;
    struct json_stream json;
    struct intern ids;    /* of cost centres in JSON */
    VEC(uint32_t) frames; /* by the place of the id */
};

/* "MODULE.NAME"; `source` is "src/Lib.hs:(14,1)-(15,41)" or "<built-in>". */
static uint32_t make_ghc_frame(struct ghc *ghc, str name, str module, str source)
{
    struct strbuf *text = &ghc->dump.name;
    size_t colon = str_find(source, ':', 0);
    strbuf_set(text, module);
    strbuf_add(text, STR("."));
    strbuf_add(text, name);
    struct frame frame = {.name = strbuf_str(text), .module = module};
    if (colon < source.n) {
        str rest = str_skip(source, colon + 1);
        uint64_t line = 0;
        dump_take(&rest, STR("("));
        dump_take_digits(&rest, &line);
        frame.file = str_head(source, colon);
        frame.line = line < UINT32_MAX ? (uint32_t)line : 0;
    }
    return builder_frame(ghc->dump.builder, &frame);
}

/* ---- .prof ---- */

static str take_last_word(str *s)
{
    str rest = str_trim_right(*s);
    size_t n = rest.n;
    while (n > 0 && !is_blank(rest.p[n - 1]))
        n--;
    *s = str_head(rest, n);
    return str_skip(rest, n);
}

static bool is_tree_header(str line)
{
    return str_starts(line, STR("COST CENTRE ")) && str_contains(line, STR(" no.")) &&
           str_contains(line, STR(" entries "));
}

static bool split_ghc_line(const struct ghc *ghc, str *line, int64_t *values)
{
    int64_t unused;
    return (!ghc->has_ticks || (num_parse_scaled(take_last_word(line), 0, &values[BYTES]) &&
                                num_parse_scaled(take_last_word(line), 0, &values[TICKS]))) &&
           num_parse_scaled(take_last_word(line), 1, &unused) && /* inherited */
           num_parse_scaled(take_last_word(line), 1, &unused) &&
           num_parse_scaled(take_last_word(line), 1, &values[ALLOC_SHARE]) &&
           num_parse_scaled(take_last_word(line), 1, &values[TIME_SHARE]) &&
           num_parse_scaled(take_last_word(line), 0, &unused) && /* entries */
           num_parse_scaled(take_last_word(line), 0, &unused);   /* no. */
}

static bool start_tree(struct ghc *ghc, str header)
{
    struct builder *builder = ghc->dump.builder;
    ghc->started = true;
    ghc->has_ticks = str_ends(str_trim_right(header), STR("bytes"));
    ghc->tree.first_value = ghc->has_ticks ? 0 : TIME_SHARE;
    if (!ghc->has_ticks)
        builder->profile->remark = "the profile has times rounded to 0.1 %: run the program with "
                                   "+RTS -P instead of -p";
    return builder_value_types(builder, ghc_types + ghc->tree.first_value, ghc->has_ticks ? 4 : 2,
                               0, ghc->dump.err);
}

static bool take_ghc_line(struct dump *dump, str line)
{
    struct ghc *ghc = (struct ghc *)dump;
    struct indented_line cost = {.depth = dump_indent(line), .position = dump->line};
    str rest = line;
    if (!ghc->started)
        return !is_tree_header(line) || start_tree(ghc, line);
    if (str_trim(line).n == 0)
        return true;
    bool good = split_ghc_line(ghc, &rest, cost.values);
    str name = str_take_word(&rest), module = str_take_word(&rest);
    if (!good || module.n == 0) {
        dump_skip(dump, "neither a cost centre nor its numbers");
        return true;
    }
    cost.frame = make_ghc_frame(ghc, name, module, str_trim(rest));
    return indented_add(&ghc->tree, &cost);
}

/* ---- JSON ---- */

static void read_cost_centre(struct ghc *ghc)
{
    struct intern texts; /* members may come in any order */
    uint32_t id = INTERN_NONE;
    str key, parts[3] = {{NULL, 0}};
    intern_init(&texts, ghc->dump.builder->scratch, 0);
    while (json_next_key(&ghc->json, &key)) {
        size_t part = str_equal(key, STR("label"))     ? 0
                      : str_equal(key, STR("module"))  ? 1
                      : str_equal(key, STR("src_loc")) ? 2
                                                       : 3;
        if (part < 3)
            parts[part] = intern_text(&texts, json_string_value(&ghc->json));
        else if (str_equal(key, STR("id")))
            id = intern_add(&ghc->ids, json_text_value(&ghc->json));
        else
            json_skip(&ghc->json);
    }
    if (id == ghc->frames.n) {
        uint32_t frame = make_ghc_frame(ghc, parts[0], parts[1], parts[2]);
        vec_push(ghc->dump.builder->scratch, &ghc->frames, frame);
    }
    intern_end(&texts);
}

static void read_cost_centres(struct ghc *ghc)
{
    if (json_enter(&ghc->json, '['))
        while (json_next_object(&ghc->json))
            read_cost_centre(ghc);
}

static bool add_ghc_cost(struct ghc *ghc, struct indented_line *cost, bool *added)
{
    if (*added)
        return true;
    *added = true;
    if (cost->frame == INDENTED_NO_FRAME)
        builder_skip(ghc->dump.builder, "a cost names a cost centre that is not there",
                     cost->position);
    return indented_add(&ghc->tree, cost);
}

/* Read the tree, without recursion. A cost is added when its children begin, or when it ends. */
static bool read_tree(struct ghc *ghc)
{
    struct json_stream *json = &ghc->json;
    struct indented_line cost = {.frame = INDENTED_NO_FRAME};
    uint64_t depth = json_enter(json, '{');
    bool added = false, good = true;
    str key;
    while (good && depth > 0 && !json->damaged) {
        bool entered = false;
        if (!json_next_key(json, &key)) {
            good = json->damaged || add_ghc_cost(ghc, &cost, &added);
            entered = --depth > 0 && json_next_object(json);
        } else if (str_equal(key, STR("id"))) {
            uint32_t id = intern_find(&ghc->ids, json_text_value(json));
            cost.frame = id < ghc->frames.n ? ghc->frames.at[id] : INDENTED_NO_FRAME;
        } else if (str_equal(key, STR("ticks"))) {
            cost.values[TICKS] = json_weight_value(json, ghc->dump.builder);
        } else if (str_equal(key, STR("alloc"))) {
            cost.values[BYTES] = json_weight_value(json, ghc->dump.builder);
        } else if (str_equal(key, STR("children"))) {
            good = add_ghc_cost(ghc, &cost, &added);
            entered = json_enter(json, '[') && json_next_object(json);
        } else {
            json_skip(json);
        }
        if (entered) {
            cost = (struct indented_line){.depth = depth++, .frame = INDENTED_NO_FRAME};
            cost.position = json_offset(json);
            added = false;
        }
    }
    return good;
}

static bool read_ghc_json(struct ghc *ghc)
{
    struct json_stream *json = &ghc->json;
    bool good = builder_value_types(ghc->dump.builder, ghc_types, 2, 0, ghc->dump.err);
    str key;
    if (json_enter(json, '{'))
        while (good && json_next_key(json, &key)) {
            if (str_equal(key, STR("cost_centres")))
                read_cost_centres(ghc);
            else if (str_equal(key, STR("profile")))
                good = read_tree(ghc);
            else
                json_skip(json);
        }
    return good && json_check(json, ghc->dump.builder, ghc->dump.err);
}

static bool is_ghc_json(str head)
{
    return str_starts(str_trim_left(head), STR("{")) &&
           str_contains(head, STR("\"rts_arguments\""));
}

static bool ghc_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct ghc ghc = {.tree = {.builder = builder, .err = err}};
    dump_init(&ghc.dump, builder, err);
    json_stream_init(&ghc.json, input, builder->scratch);
    intern_init(&ghc.ids, builder->scratch, builder->profile->tree.seed);
    bool json = is_ghc_json(reader_input_peek(input, READER_HEAD));
    return (json ? read_ghc_json(&ghc) : dump_read(&ghc.dump, input, take_ghc_line)) &&
           indented_finish(&ghc.tree);
}

static unsigned ghc_signs(str line)
{
    if (str_contains(line, STR("Profiling Report  (Final)")) ||
        str_starts(line, STR("\ttotal alloc = ")))
        return 1;
    return str_starts(line, STR("COST CENTRE ")) ? 2 : 0;
}

static int ghc_bid(str head)
{
    return is_ghc_json(head) ? DUMP_BID : dump_bid(head, ghc_signs);
}

const struct reader reader_ghc = {
    .name = "ghc",
    .help = "cost centres of Haskell programs: +RTS -p, -P, -pj",
    .needs = "COST CENTRE |\"rts_arguments\"",
    .bid = ghc_bid,
    .read = ghc_read,
};
