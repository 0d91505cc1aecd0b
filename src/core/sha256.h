/* SPDX-License-Identifier: MIT */
/*
 * sha256: SHA-256 (FIPS 180-4) for the hashes in a Content-Security-Policy. It is short enough to
 * avoid a shared library, which every start of the programs would have to load.
 */
#ifndef FLAMETREE_CORE_SHA256_H
#define FLAMETREE_CORE_SHA256_H

#include "core/str.h"

struct sha256 {
    uint32_t state[8];
    unsigned char block[64];
    uint64_t size; /* bytes added so far */
};

void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, str bytes);

/* The digest in base64 (RFC 4648), 44 characters, no NUL. */
void sha256_base64(struct sha256 *sha, char to[44]);

#endif
