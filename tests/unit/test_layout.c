/* SPDX-License-Identifier: MIT */
/*
 * layout and picture: the places of frames, which are drawn, and their texts.
 */
#include "heaps.h"
#include "picture/picture.h"
#include "stacks.h"
#include "tap.h"

static struct picture_options usual(void)
{
    return (struct picture_options){
        .layout = {.width = 1200, .row = 16, .font = 12, .fontwidth = 0.59, .minwidth = 0.1},
        .palette = &palettes[0],
        .factor = 1,
        .countname = STR_INIT("samples"),
    };
}

static void check_place(const struct layout_place *place, double x, double y, double width,
                        const char *what)
{
    ok(place->x == x && place->y == y && place->width == width && place->height == 15,
       "%s: x %g y %g width %g height %g, want %g %g %g 15", what, place->x, place->y, place->width,
       place->height, x, y, width);
}

/* a 10 wide of 40: (b 3, c 7 with a tie in tenths), d 30 */
static void plant(struct tree *tree, struct heap *heap)
{
    tree_init(tree, heap, 1);
    stacks_add(tree, "a", 2);
    stacks_add(tree, "a;b_[k]", 3);
    stacks_add(tree, "a;c", 5);
    stacks_add(tree, "d", 30);
}

static bool test_flame(struct heap *heap, void *arg)
{
    struct tree tree;
    struct picture picture;
    struct box box;
    struct picture_options options = usual();
    (void)arg;
    plant(&tree, heap);
    picture_make(&picture, &tree, tree_after(&tree), &options);
    is_u64(picture.n, 5, "five boxes");
    ok(picture.layout.height == 3 * 16 + 36 + 34, "height %g", picture.layout.height);
    picture_box(&picture, 0, &box);
    check_place(&box.place, 10, 69, 1180, "root");
    is_str(box.name, STR("all"), "the root is called all");
    ok(box.root && box.percent == 100, "all of it");
    picture_box(&picture, 1, &box);
    check_place(&box.place, 10, 53, 295, "a");
    ok(box.place.label_x == 13 && box.place.label_y == 53 + 7.5 + 3, "label at %g %g",
       box.place.label_x, box.place.label_y);
    is_u64(box.place.label_room.columns, 41, "room for a label");
    is_u64(box.weight, 10, "weight of a");
    ok(box.percent == 25, "a quarter");
    picture_box(&picture, 2, &box);
    check_place(&box.place, 69, 37, 88.5, "b, after what a has for itself");
    is_str(box.name, STR("b"), "a name without its mark");
    picture_box(&picture, 3, &box);
    check_place(&box.place, 157.5, 37, 147.5, "c");
    picture_box(&picture, 4, &box);
    check_place(&box.place, 305, 53, 885, "d");
    is_str(picture_title(&picture), STR("Flame Graph"), "its title");
    picture_end(&picture);
    tree_end(&tree);
    return true;
}

static bool test_icicle(struct heap *heap, void *arg)
{
    struct tree tree;
    struct picture picture;
    struct box box;
    struct picture_options options = usual();
    (void)arg;
    plant(&tree, heap);
    options.layout.inverted = true;
    options.subtitle = STR("sub");
    options.layout.total = 80;
    options.factor = 2.5;
    picture_make(&picture, &tree, tree_after(&tree), &options);
    ok(picture.layout.height == 3 * 16 + 36 + 24 + 34, "height %g", picture.layout.height);
    picture_box(&picture, 0, &box);
    check_place(&box.place, 10, 60, 1180, "root, below the subtitle");
    is_u64(box.weight, 200, "the root is the total, times the factor");
    picture_box(&picture, 2, &box);
    check_place(&box.place, 39.5, 92, 44.3, "b");
    is_u64(box.weight, 8, "7.5 is rounded to even");
    ok(box.percent == 3.75, "per cent of the exact weight");
    is_str(picture_title(&picture), STR("Icicle Graph"), "its title");
    picture_end(&picture);
    tree_end(&tree);
    return true;
}

static bool test_narrow(struct heap *heap, void *arg)
{
    struct tree tree;
    struct picture picture;
    struct picture_options options = usual();
    (void)arg;
    plant(&tree, heap);
    options.layout.minwidth = 12.5;
    options.layout.minwidth_percent = true;
    picture_make(&picture, &tree, tree_after(&tree), &options);
    is_u64(picture.n, 4, "what is exactly as wide is drawn, what is narrower is not");
    is_u64(picture.layout.rows, 3, "rows");
    picture_end(&picture);
    options.layout.minwidth = 26;
    picture_make(&picture, &tree, tree_after(&tree), &options);
    is_u64(picture.n, 2, "the frames above a narrow one are left out with it");
    is_u64(picture.layout.rows, 2, "and does not count for the height");
    picture_end(&picture);
    tree_end(&tree);
    return true;
}

static bool test_delta(struct heap *heap, void *arg)
{
    struct tree tree;
    struct picture picture;
    struct box box;
    struct picture_options options = usual();
    (void)arg;
    tree_init(&tree, heap, 1);
    tree_set_sides(&tree);
    stacks_add_pair(&tree, "a", 4, 4);
    stacks_add_pair(&tree, "a;b", 0, 10);
    stacks_add_pair(&tree, "c", 6, 1);
    picture_make(&picture, &tree, tree_after(&tree), &options);
    ok(picture.delta.max == 10, "the largest change of a frame");
    picture_box(&picture, 0, &box);
    ok(!box.changed, "the root has no change");
    picture_box(&picture, 1, &box);
    ok(box.change == 100 * 10 / 15.0, "a: with what it calls");
    ok(box.fill.r == 255 && box.fill.g == 0 && box.fill.b == 0, "the most there is");
    picture_box(&picture, 3, &box);
    ok(box.fill.r == 105 && box.fill.g == 105 && box.fill.b == 255, "half as much less");
    picture_end(&picture);
    options.delta = DELTA_SELF;
    options.negate = true;
    picture_make(&picture, &tree, tree_after(&tree), &options);
    picture_box(&picture, 1, &box);
    ok(box.changed && box.change == 0 && box.fill.g == 255, "a itself did not change");
    picture_box(&picture, 2, &box);
    ok(box.change < 0 && box.fill.b == 255 && box.fill.r == 0, "negated");
    picture_end(&picture);
    tree_end(&tree);
    return true;
}

static bool test_gaps(struct heap *heap, void *arg)
{
    struct tree tree;
    struct picture picture;
    struct box box;
    struct picture_options options = usual();
    (void)arg;
    tree_init(&tree, heap, 1);
    tree.in_order = true;
    stacks_add(&tree, "a;b", 10);
    stacks_add(&tree, "a", 20);
    stacks_add(&tree, "a;b", 10);
    options.order = ORDER_INPUT;
    picture_make(&picture, &tree, tree_after(&tree), &options);
    is_u64(picture.n, 4, "a gap is no box");
    picture_box(&picture, 3, &box);
    check_place(&box.place, 895, 37, 295, "the second b, after the gap");
    is_str(picture_title(&picture), STR("Flame Chart"), "its title");
    picture_end(&picture);
    tree_end(&tree);
    return true;
}

int main(void)
{
    ok(heaps_run(test_flame, NULL), "flame graph");
    ok(heaps_run(test_icicle, NULL), "icicle graph");
    ok(heaps_run(test_narrow, NULL), "minwidth");
    ok(heaps_run(test_delta, NULL), "differential");
    ok(heaps_run(test_gaps, NULL), "flame chart");
    return done_testing();
}
