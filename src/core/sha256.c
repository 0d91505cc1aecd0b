/* SPDX-License-Identifier: MIT */
/*
 * sha256: FIPS 180-4, section 6.2. The constants are the fractional parts of the square and cube
 * roots of the first primes (sections 4.2.2 and 5.3.3).
 */
#include "core/sha256.h"

static const uint32_t rounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

void sha256_init(struct sha256 *sha)
{
    *sha = (struct sha256){
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
                  0x1f83d9ab, 0x5be0cd19},
    };
}

static uint32_t rotate_right(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

static void make_schedule(const unsigned char *block, uint32_t w[64])
{
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)block[i * 4] << 24 | (uint32_t)block[i * 4 + 1] << 16 |
               (uint32_t)block[i * 4 + 2] << 8 | block[i * 4 + 3];
    for (size_t i = 16; i < 64; i++) {
        uint32_t a = rotate_right(w[i - 15], 7) ^ rotate_right(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = rotate_right(w[i - 2], 17) ^ rotate_right(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
}

static void hash_block(struct sha256 *sha)
{
    uint32_t w[64], s[8];
    make_schedule(sha->block, w);
    memcpy(s, sha->state, sizeof s);
    for (size_t i = 0; i < 64; i++) {
        uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
        uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        uint32_t first = s[7] +
                         (rotate_right(s[4], 6) ^ rotate_right(s[4], 11) ^ rotate_right(s[4], 25)) +
                         choice + rounds[i] + w[i];
        uint32_t second = (rotate_right(s[0], 2) ^ rotate_right(s[0], 13) ^
                           rotate_right(s[0], 22)) +
                          majority;
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += first;
        s[0] = first + second;
    }
    for (size_t i = 0; i < 8; i++)
        sha->state[i] += s[i];
}

void sha256_add(struct sha256 *sha, str bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        sha->block[sha->size++ % 64] = (unsigned char)bytes.p[i];
        if (sha->size % 64 == 0)
            hash_block(sha);
    }
}

void sha256_base64(struct sha256 *sha, char to[44])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char digest[33] = {0};
    uint64_t size = sha->size * 8;
    char length[8];
    for (unsigned i = 0; i < 8; i++)
        length[i] = (char)(size >> (56 - 8 * i));
    /* fill the last block with a 1 bit, zeros, and the length in bits */
    sha256_add(sha, STR("\x80"));
    while (sha->size % 64 != 56)
        sha256_add(sha, str_of("", 1));
    sha256_add(sha, str_of(length, sizeof length));
    for (size_t i = 0; i < 32; i++)
        digest[i] = (unsigned char)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
    for (size_t i = 0; i < 11; i++) {
        const unsigned char *p = digest + i * 3;
        uint32_t group = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        for (unsigned k = 0; k < 4; k++)
            to[i * 4 + k] = digits[group >> (18 - 6 * k) & 63];
    }
    to[43] = '='; /* 32 bytes are ten groups of three and one of two */
}
