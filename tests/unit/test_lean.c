/*
 * lean: what a still picture does not show goes, everything else stays to the byte.
 */
#include "core/heap.h"
#include "raster/lean.h"
#include "raster/markup.h"
#include "raster/style.h"
#include "tap.h"

static void check_lean(struct heap *heap, bool without_background, const char *svg,
                       const char *want, const char *title)
{
    struct arena arena;
    struct lean lean;
    arena_init(&arena, heap);
    lean_make(&lean, &arena, str_from_c(svg), 42, without_background);
    is_str(lean.svg, str_from_c(want), "%s", title);
    arena_end(&arena);
}

static void test_elements(struct heap *heap)
{
    check_lean(heap, false, "<svg><title>a</title><rect/></svg>", "<svg><rect/></svg>", "titles");
    check_lean(heap, false, "<svg><metadata>a<b></metadata><desc/><rect/></svg>",
               "<svg><rect/></svg>", "data");
    check_lean(heap, false, "<svg><script><![CDATA[</g>\">]]></script><rect/></svg>",
               "<svg><rect/></svg>", "script, whatever is in it");
    check_lean(heap, false, "<svg><text x='1'/><text x=\">\" >\n</text><text>a</text></svg>",
               "<svg><text>a</text></svg>", "labels without text");
    check_lean(heap, false, "<svg>\n<g id='f'><g><g ><rect/></g>\n</g> <g class='a'/></g></svg>",
               "<svg><g id='f'><rect/><g class='a'/></g></svg>", "groups without attributes");
    check_lean(heap, false, "<svg> <text>a <tspan>b</tspan> </text> </svg>",
               "<svg><text>a <tspan>b</tspan> </text></svg>",
               "blanks between elements, not in text");
    check_lean(heap, false, "<svg><g><rect/></g></svg>", "<svg><g><rect/></g></svg>",
               "but not the outermost");
    check_lean(heap, false, "<svg><!-- <text/> --><a href='x'><rect/></a></svg>",
               "<svg><!-- <text/> --><a href='x'><rect/></a></svg>", "comments and links stay");
    check_lean(heap, true, "<svg><rect id='a-background'/><rect fill=\"url(#background)\" /></svg>",
               "<svg></svg>", "the background when it is not wanted");
    check_lean(heap, false, "<svg", "<svg", "what is no XML stays for librsvg to refuse");
    check_lean(heap, false, "", "", "nothing");
    check_lean(heap, false, "</g></g><g>", "</g></g><g>", "more ends than starts");
}

static void check_style(struct heap *heap, const char *css, const char *want, const char *title)
{
    struct arena arena;
    struct style_text svg = {0};
    struct lean lean;
    static const char body[] =
        "<rect class='on light' id='f'/><g role='tree'><g><text>x</text></g></g>";
    arena_init(&arena, heap);
    style_put(&svg, heap, STR("<svg><style>"));
    style_put(&svg, heap, str_from_c(css));
    style_put(&svg, heap, STR("</style>"));
    style_put(&svg, heap, str_from_c(body));
    style_put(&svg, heap, STR("</svg>"));
    lean_make(&lean, &arena, str_of(svg.bytes.at, svg.bytes.n), 42, false);
    str start = STR("<style><![CDATA[");
    size_t from = str_search(lean.svg, start, 0);
    str rest = from < lean.svg.n ? str_skip(lean.svg, from + start.n) : STR("");
    is_str(str_head(rest, str_search(rest, STR("]]>"), 0)), str_from_c(want), "%s", title);
    vec_free(heap, &svg.bytes);
    arena_end(&arena);
}

static void test_styles(struct heap *heap)
{
    check_style(heap, "rect { a: b }", "rect { a: b }", "a rule that matches stays");
    check_style(heap, ".on{a:b}.off{c:d}", ".on{a:b}", "a class that nobody has");
    check_style(heap, "#f{a:b} #g{c:d}", "#f{a:b}", "an id that nobody has");
    check_style(heap, ".off, .light , #g{a:b}", " .light {a:b}", "the rest of a list");
    check_style(heap, "[role=tree]{a:b} [align]{c:d}", "[role=tree]{a:b}", "attributes");
    check_style(heap, "rect:hover{a:b} text{c:d}", "text{c:d}", "what the pointer shows");
    check_style(heap, "rect{cursor:help;\n outline:none} text{outline:none;c:d}",
                "text{outline:none;c:d}", "what cannot be seen");
    check_style(heap, "/* .x{ */ rect{a:b} /* end", "rect{a:b}", "comments");
    check_style(heap, "@media print { rect { a: b } } @import 'x'; text{c:d}", "text{c:d}",
                "media and imports");
    check_style(heap, "rect:not(.off, .on){a:b}", "rect:not(.off, .on){a:b}", "what :not() asks");
    check_style(heap, "rect{a:'}'} .off{b:c}", "rect{a:'}'}", "brackets in strings");
    check_style(heap, ".off{a:b", "", "a rule that is not closed");
    check_style(heap, "rect:first-child{a:b}", "", "places among siblings: nothing is touched");
}

static void test_groups(struct heap *heap)
{
    static const char direct[] = "<svg><g id='f'><g><rect/></g></g>"
                                 "<style><![CDATA[g > rect{a:b}]]></style></svg>";
    check_lean(heap, false, direct, direct, "groups stay where a rule asks for parents");
    check_lean(heap, false, "<svg><style>svg g rect{a:b}</style><g id='f'><g><rect/></g></g></svg>",
               "<svg><g id='f'><rect/></g><style><![CDATA[svg g rect{a:b}]]></style></svg>",
               "not where any group will do");
}

static void test_title(struct heap *heap)
{
    struct arena arena;
    struct lean lean;
    arena_init(&arena, heap);
    lean_make(&lean, &arena,
              STR("<svg><text id='x-subtitle'>no</text><text id='x-title'>A &amp; B"
                  "</text></svg>"),
              42, false);
    is_str(lean.title, STR("A &amp; B"), "the title is found behind any prefix");
    is_u64(lean.elements, 3, "elements are counted");
    is_u64(lean.deepest, 2, "and how deep they stand");
    lean_make(&lean, &arena,
              STR("<svg><g><text> <tspan><b>x</b></tspan></text></g><title><a><c/></a></title>"
                  "<text></text></g></g><g></g></svg>"),
              42, false);
    is_u64(lean.deepest, 5, "where each ends, and where one does not");
    arena_end(&arena);
}

int main(void)
{
    struct heap heap;
    heap_init(&heap, NULL, NULL, 0);
    test_elements(&heap);
    test_styles(&heap);
    test_groups(&heap);
    test_title(&heap);
    heap_end(&heap);
    return done_testing();
}
