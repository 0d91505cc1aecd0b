/*
 * sha256: SHA-256 (FIPS 180-4), for the hashes that a Content-Security-Policy names scripts and
 * styles by. Sixty lines instead of a shared object that every start would pay for.
 */
#ifndef FLAMETREE_CORE_SHA256_H
#define FLAMETREE_CORE_SHA256_H

#include "core/str.h"

struct sha256 {
    uint32_t state[8];
    unsigned char block[64];
    uint64_t size; /* bytes taken so far */
};

void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, str bytes);

/* The digest in base64 (RFC 4648), 44 characters, no NUL. */
void sha256_base64(struct sha256 *sha, char to[44]);

#endif
