// sizes: flametree.h in C++17. Prints the sizes of its structures, which other languages must know.
#include <cstdio>
#include <memory>
#include <string>

#include <flametree.h>

#define SIZE(type) std::printf(#type " %zu\n", sizeof(type))

struct free_profile {
    void operator()(flametree_profile *profile) const { flametree_free(profile); }
};

static bool keep(void *context, const void *bytes, std::size_t size)
{
    static_cast<std::string *>(context)->append(static_cast<const char *>(bytes), size);
    return true;
}

int main()
{
    flametree_error error{};
    const char *const stack[] = {"main", "read"};
    std::unique_ptr<flametree_profile, free_profile> profile(flametree_new(nullptr, &error));
    std::string folded;
    flametree_picture picture{};
    picture.size = sizeof picture;
    picture.format = "folded";
    if (!profile || !flametree_add(profile.get(), stack, 2, 7, &error) ||
        !flametree_draw(profile.get(), keep, &folded, &picture, &error) ||
        folded != "main;read 7\n")
        return 1;
    SIZE(flametree_setup);
    SIZE(flametree_reading);
    SIZE(flametree_comparison);
    SIZE(flametree_picture);
    SIZE(flametree_report);
    SIZE(flametree_summary);
    SIZE(flametree_filter);
    SIZE(flametree_node);
    SIZE(flametree_gate);
    SIZE(flametree_change);
    SIZE(flametree_function_change);
    return 0;
}
