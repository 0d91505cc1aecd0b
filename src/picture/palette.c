/*
 * palette: the table of palettes. Adding one is adding an entry here and, when it tells kinds of
 * frames apart, a function of the name.
 */
#include "picture/palette.h"

#define ONE_TONE(id) static const struct palette_kind id##_kinds[] = {{&tone_##id, #id}}

ONE_TONE(hot);
ONE_TONE(mem);
ONE_TONE(io);
ONE_TONE(red);
ONE_TONE(green);
ONE_TONE(blue);
ONE_TONE(yellow);
ONE_TONE(purple);
ONE_TONE(aqua);
ONE_TONE(orange);

static const struct palette_kind chain_kinds[] = {
    [CHAIN_PLAIN] = {&tone_blue, "off-CPU"},
    [CHAIN_WAKER] = {&tone_aqua, "waker"},
};

static const struct palette_kind java_kinds[] = {
    [JAVA_OTHER] = {&tone_red, "system"},     [JAVA_JAVA] = {&tone_green, "Java"},
    [JAVA_INLINED] = {&tone_aqua, "inlined"}, [JAVA_CPP] = {&tone_yellow, "C++"},
    [JAVA_KERNEL] = {&tone_orange, "kernel"},
};

static const struct palette_kind perl_kinds[] = {
    [PERL_OTHER] = {&tone_red, "system"},
    [PERL_CPP] = {&tone_yellow, "C++"},
    [PERL_PERL] = {&tone_green, "Perl"},
    [PERL_KERNEL] = {&tone_orange, "kernel"},
};

static const struct palette_kind js_kinds[] = {
    [JS_OTHER] = {&tone_red, "system"},      [JS_JS] = {&tone_green, "JavaScript"},
    [JS_BUILTIN] = {&tone_aqua, "built-in"}, [JS_CPP] = {&tone_yellow, "C++"},
    [JS_KERNEL] = {&tone_orange, "kernel"},
};

static const struct palette_kind python_kinds[] = {
    [PY_NATIVE] = {&tone_red, "native"},
    [PY_OWN] = {&tone_green, "Python"},
    [PY_PACKAGE] = {&tone_aqua, "packages"},
    [PY_STDLIB] = {&tone_olive, "standard library"},
    [PY_INTERPRETER] = {&tone_yellow, "interpreter"},
    [PY_KERNEL] = {&tone_orange, "kernel"},
};

static const struct palette_kind rust_kinds[] = {
    [RUST_NATIVE] = {&tone_red, "native"},           [RUST_CRATE] = {&tone_brown, "crates"},
    [RUST_STD] = {&tone_yellow, "standard library"}, [RUST_INLINED] = {&tone_aqua, "inlined"},
    [RUST_KERNEL] = {&tone_orange, "kernel"},
};

static const struct palette_kind go_kinds[] = {
    [GO_NATIVE] = {&tone_red, "native"},      [GO_MAIN] = {&tone_green, "main"},
    [GO_RUNTIME] = {&tone_yellow, "runtime"}, [GO_STDLIB] = {&tone_aqua, "standard library"},
    [GO_MODULE] = {&tone_sky, "modules"},     [GO_KERNEL] = {&tone_orange, "kernel"},
};

static const struct palette_kind node_kinds[] = {
    [NODE_NATIVE] = {&tone_red, "native"},     [NODE_OWN] = {&tone_green, "JavaScript"},
    [NODE_PACKAGE] = {&tone_aqua, "packages"}, [NODE_CORE] = {&tone_olive, "node"},
    [NODE_BUILTIN] = {&tone_sky, "built-in"},  [NODE_CPP] = {&tone_yellow, "C++"},
    [NODE_KERNEL] = {&tone_orange, "kernel"},
};

static const struct palette_kind auto_kinds[] = {
    [AUTO_NATIVE] = {&tone_red, "native"},    [AUTO_KERNEL] = {&tone_orange, "kernel"},
    [AUTO_JIT] = {&tone_olive, "JIT"},        [AUTO_CPP] = {&tone_yellow, "C++"},
    [AUTO_RUST] = {&tone_brown, "Rust"},      [AUTO_GO] = {&tone_aqua, "Go"},
    [AUTO_JAVA] = {&tone_green, "Java"},      [AUTO_PYTHON] = {&tone_sky, "Python"},
    [AUTO_UNKNOWN] = {&tone_grey, "unknown"},
};

/* clang-format off */
const struct palette palettes[] = {
    {"hot", "reds and yellows: on-CPU profiles", BACKGROUND_YELLOW,
     hot_kinds, NULL, NULL, false},
    {"mem", "greens: memory profiles", BACKGROUND_GREEN, mem_kinds, NULL, NULL, false},
    {"io", "blues: blocked and I/O profiles", BACKGROUND_BLUE, io_kinds, NULL, NULL, false},
    {"wakeup", "aqua: wakeup profiles", BACKGROUND_BLUE, aqua_kinds, NULL, NULL, false},
    {"chain", "blue, and aqua for the wakers: chain graphs", BACKGROUND_BLUE,
     chain_kinds, palette_kind_chain, NULL, false},
    {"java", "Java, inlined, C++, kernel and system code by marks and names", BACKGROUND_YELLOW,
     java_kinds, palette_kind_java, NULL, false},
    {"js", "JavaScript, built-ins, C++, kernel and system code", BACKGROUND_YELLOW,
     js_kinds, palette_kind_js, NULL, false},
    {"perl", "Perl, C++, kernel and system code", BACKGROUND_YELLOW,
     perl_kinds, palette_kind_perl, NULL, false},
    {"red", "one tone", BACKGROUND_GREY, red_kinds, NULL, NULL, false},
    {"green", "one tone", BACKGROUND_GREY, green_kinds, NULL, NULL, false},
    {"blue", "one tone", BACKGROUND_GREY, blue_kinds, NULL, NULL, false},
    {"aqua", "one tone", BACKGROUND_GREY, aqua_kinds, NULL, NULL, false},
    {"yellow", "one tone", BACKGROUND_GREY, yellow_kinds, NULL, NULL, false},
    {"purple", "one tone", BACKGROUND_GREY, purple_kinds, NULL, NULL, false},
    {"orange", "one tone", BACKGROUND_GREY, orange_kinds, NULL, NULL, false},
    {"python", "Python, packages, standard library, interpreter, native, kernel",
     BACKGROUND_YELLOW, python_kinds, palette_kind_python, NULL, true},
    {"rust", "crates, standard library, inlined, native, kernel", BACKGROUND_YELLOW,
     rust_kinds, palette_kind_rust, NULL, true},
    {"go", "main, modules, standard library, runtime, native, kernel", BACKGROUND_YELLOW,
     go_kinds, palette_kind_go, NULL, true},
    {"node", "JavaScript, packages, node, built-ins, C++, native, kernel", BACKGROUND_YELLOW,
     node_kinds, palette_kind_node, NULL, true},
    {"auto", "by language: kernel, JIT, C++, Rust, Go, Java, Python, native", BACKGROUND_YELLOW,
     auto_kinds, palette_kind_auto, NULL, true},
    {"module", "a hue for each module or package", BACKGROUND_GREY,
     NULL, NULL, palette_module, true},
};
/* clang-format on */
const size_t palette_count = sizeof palettes / sizeof palettes[0];

const struct palette *palette_default(void)
{
    return &palettes[0];
}

static void list_names(char *to, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < palette_count; i++) {
        size_t more = strlen(palettes[i].name);
        if (n + more + 2 >= room)
            break;
        memcpy(to + n, palettes[i].name, more);
        n += more;
        to[n++] = ' ';
    }
    to[n > 0 ? n - 1 : 0] = '\0';
}

const struct palette *palette_find(str name, struct err *err)
{
    for (size_t i = 0; i < palette_count; i++)
        if (str_equal(name, str_from_c(palettes[i].name)))
            return &palettes[i];
    char names[256];
    list_names(names, sizeof names);
    err_set(err, ERR_USAGE, "unknown palette '%.*s'; choose one of %s",
            name.n < 60 ? (int)name.n : 60, name.p, names);
    return NULL;
}

/* The hue is the same in every picture, so it cannot depend on what else is in this one: FNV-1a,
 * whose last bits are mixed once more. */
static rgb module_color(str module, const struct shade *shade)
{
    uint32_t hash = UINT32_C(2166136261);
    if (module.n == 0)
        return tone_color(&tone_grey, shade);
    for (size_t i = 0; i < module.n; i++)
        hash = (hash ^ (unsigned char)module.p[i]) * UINT32_C(16777619);
    hash = (hash ^ hash >> 15) * UINT32_C(0x2c1b3c6d);
    hash ^= hash >> 13;
    double saturation = (hash >> 12 & 1) ? 0.55 : 0.8;
    return rgb_from_hsl(hash % 3600 / 10.0, saturation, 0.62 + 0.12 * shade->v[0]);
}

static const struct palette_kind *kind_of(const struct palette *palette, const struct frame *frame)
{
    return &palette->kinds[palette->kind ? palette->kind(frame) : 0];
}

rgb palette_color(const struct palette *palette, const struct frame *frame,
                  const struct shade *shade)
{
    rgb fixed;
    if (palette_fixed(frame->text, &fixed))
        return fixed;
    if (palette->module)
        return module_color(palette->module(frame), shade);
    return tone_color(kind_of(palette, frame)->tone, shade);
}

str palette_group(const struct palette *palette, const struct frame *frame)
{
    if (!palette->module)
        return str_from_c(kind_of(palette, frame)->label);
    str module = palette->module(frame);
    return module.n > 0 ? module : STR("no module");
}

bool palette_fixed(str name, rgb *color)
{
    if (str_equal(name, STR("--")))
        *color = (rgb){160, 160, 160};
    else if (str_equal(name, STR("-")))
        *color = (rgb){200, 200, 200};
    else
        return false;
    return true;
}
