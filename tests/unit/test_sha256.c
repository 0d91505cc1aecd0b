/* SPDX-License-Identifier: MIT */
/*
 * test_sha256: the examples of FIPS 180-4 and one text of every length around a block.
 */
#include "core/sha256.h"
#include "tap.h"

static void is_digest(const char *text, const char *want)
{
    struct sha256 sha;
    char digest[44];
    sha256_init(&sha);
    sha256_add(&sha, str_from_c(text));
    sha256_base64(&sha, digest);
    ok(memcmp(digest, want, sizeof digest) == 0, "sha256 of '%s' is %s", text, want);
}

/* The same bytes at once and one by one. */
static void is_whole(size_t n)
{
    char text[200], one[44], many[44];
    struct sha256 a, b;
    memset(text, 'x', sizeof text);
    sha256_init(&a);
    sha256_init(&b);
    sha256_add(&a, str_of(text, n));
    for (size_t i = 0; i < n; i++)
        sha256_add(&b, str_of(text + i, 1));
    sha256_base64(&a, one);
    sha256_base64(&b, many);
    ok(memcmp(one, many, sizeof one) == 0, "%zu bytes, at once and one by one", n);
}

int main(void)
{
    is_digest("", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    is_digest("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    is_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
              "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE=");
    for (size_t n = 54; n < 67; n++)
        is_whole(n);
    return done_testing();
}
