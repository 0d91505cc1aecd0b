/*
 * palette: the table of palettes. A new palette is an entry here and, when it has several kinds of
 * frames, a list of them in palette_kinds.c.
 */
#include "picture/palette.h"

/* clang-format off */
const struct palette palettes[] = {
    {"hot", "reds and yellows: on-CPU profiles", BACKGROUND_YELLOW, &tone_hot, NULL, NULL, false},
    {"mem", "greens: memory profiles", BACKGROUND_GREEN, &tone_mem, NULL, NULL, false},
    {"io", "blues: blocked and I/O profiles", BACKGROUND_BLUE, &tone_io, NULL, NULL, false},
    {"wakeup", "aqua: wakeup profiles", BACKGROUND_BLUE, &tone_aqua, NULL, NULL, false},
    {"chain", "blue, and aqua for the wakers: chain graphs", BACKGROUND_BLUE,
     NULL, palette_chain, NULL, false},
    {"java", "Java, inlined, C++, kernel and system code by marks and names", BACKGROUND_YELLOW,
     NULL, palette_java, NULL, false},
    {"js", "JavaScript, built-ins, C++, kernel and system code", BACKGROUND_YELLOW,
     NULL, palette_js, NULL, false},
    {"perl", "Perl, C++, kernel and system code", BACKGROUND_YELLOW,
     NULL, palette_perl, NULL, false},
    {"red", "one tone", BACKGROUND_GREY, &tone_red, NULL, NULL, false},
    {"green", "one tone", BACKGROUND_GREY, &tone_green, NULL, NULL, false},
    {"blue", "one tone", BACKGROUND_GREY, &tone_blue, NULL, NULL, false},
    {"aqua", "one tone", BACKGROUND_GREY, &tone_aqua, NULL, NULL, false},
    {"yellow", "one tone", BACKGROUND_GREY, &tone_yellow, NULL, NULL, false},
    {"purple", "one tone", BACKGROUND_GREY, &tone_purple, NULL, NULL, false},
    {"orange", "one tone", BACKGROUND_GREY, &tone_orange, NULL, NULL, false},
    {"python", "Python, packages, standard library, interpreter, native, kernel",
     BACKGROUND_YELLOW, NULL, palette_python, NULL, true},
    {"rust", "crates, standard library, inlined, native, kernel", BACKGROUND_YELLOW,
     NULL, palette_rust, NULL, true},
    {"go", "main, modules, standard library, runtime, native, kernel", BACKGROUND_YELLOW,
     NULL, palette_go, NULL, true},
    {"node", "JavaScript, packages, node, built-ins, C++, native, kernel", BACKGROUND_YELLOW,
     NULL, palette_node, NULL, true},
    {"auto", "by language: kernel, JIT, C++, Rust, Go, Java, Python, native", BACKGROUND_YELLOW,
     NULL, palette_auto, NULL, true},
    {"module", "a hue for each module or package", BACKGROUND_GREY,
     NULL, NULL, palette_module, true},
};
/* clang-format on */
const size_t palette_count = sizeof palettes / sizeof palettes[0];

static void list_palettes(char *to, size_t room)
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
    list_palettes(names, sizeof names);
    err_set(err, ERR_USAGE, "unknown palette '%.*s'; choose one of %s",
            name.n < 60 ? (int)name.n : 60, name.p, names);
    return NULL;
}

/* FNV-1a, whose last bits are mixed once more: a module has the same hue in every picture. */
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

rgb palette_color(const struct palette *palette, const struct frame *frame,
                  const struct shade *shade)
{
    rgb fixed;
    if (palette_fixed(frame->text, &fixed))
        return fixed;
    if (palette->module)
        return module_color(palette->module(frame), shade);
    return tone_color(palette->tone ? palette->tone : palette_kind_of(palette->kinds, frame)->tone,
                      shade);
}

str palette_group(const struct palette *palette, const struct frame *frame)
{
    if (palette->module) {
        str module = palette->module(frame);
        return module.n > 0 ? module : STR("no module");
    }
    return str_from_c(palette->tone ? palette->name
                                    : palette_kind_of(palette->kinds, frame)->label);
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
