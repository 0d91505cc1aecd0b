/* SPDX-License-Identifier: MIT */
/*
 * quantity: values in the unit that fits them.
 */
#include "profile/profile.h"
#include "tap.h"

#include <stdio.h>

static const struct {
    double value;
    const char *unit, *want;
} cases[] = {
    {12660000000, "ns", "12.66 s"},
    {4430000000, "nanoseconds", "4.43 s"},
    {999999, "ns", "1,000.00 us"},
    {1000000, "ns", "1.00 ms"},
    {850, "ns", "850 ns"},
    {0.5, "ns", "0.50 ns"},
    {0, "ns", "0 ns"},
    {1500, "us", "1.50 ms"},
    {1234567.891, "s", "1,234,567.89 s"},
    {-2500, "us", "-2.50 ms"},
    {512, "bytes", "512 bytes"},
    {1536, "bytes", "1.50 KiB"},
    {5 * 1048576.0, "B", "5.00 MiB"},
    {12712345678, "cycles", "12.7 G cycles"},
    {999949999, "cycles", "1,000 M cycles"},
    {1270000, "page-faults", "1.27 M page-faults"},
    {127000000, "page-faults", "127 M page-faults"},
    {123456, "page-faults", "123,456 page-faults"},
    {2520, "samples", "2,520 samples"},
    {1.5, "samples", "1.50 samples"},
    {1.8e19, "cycles", "18,000,000 T cycles"},
};

static const struct {
    const char *shown;
    uint64_t size;
    const char *smallest;
} scales[] = {
    {"ns", 1, "ns"},
    {"ms", 1000000, "ns"},
    {"seconds", 1000000000, "ns"},
    {"bytes", 1, "bytes"},
    {"TiB", 1099511627776, "bytes"},
    {"cycles", 1, "cycles"},
    {"M cycles", 1000000, "cycles"},
    {"G page faults", 1000000000, "page faults"},
    {"T", 1000000000000, ""},
    {"Mcycles", 1, "Mcycles"},
    {"", 1, ""},
};

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[100];
        struct quantity q = quantity_of(cases[i].value, str_from_c(cases[i].unit));
        snprintf(text, sizeof text, "%.*s %.*s", (int)q.n, q.number, (int)q.name.n, q.name.p);
        is_text(text, cases[i].want, "%.10g %s", cases[i].value, cases[i].unit);
    }
    is_str(quantity_unit(STR("seconds")), STR("s"), "long names are known");
    is_str(quantity_unit(STR("cycles")), STR("cycles"), "other names stay");
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        str smallest;
        uint64_t size = quantity_scale(str_from_c(scales[i].shown), &smallest);
        ok(size == scales[i].size, "%s: its size", scales[i].shown);
        is_str(smallest, str_from_c(scales[i].smallest), "the smallest of its scale");
    }
    return done_testing();
}
