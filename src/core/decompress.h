/*
 * decompress: gzip (RFC 1952), zstd (RFC 8878) and xz streams, recognised by their first bytes and
 * unpacked by zlib, libzstd and liblzma. Concatenated streams are read one after the other.
 *
 * What is made to fill memory is refused: more than 256 MB that are more than 500 times the bytes
 * they were packed into, and streams that take more than 256 MB of memory to unpack (zstd: windows
 * of more than 128 MB). What is packed within what is packed is refused as well.
 */
#ifndef FLAMETREE_CORE_DECOMPRESS_H
#define FLAMETREE_CORE_DECOMPRESS_H

#include "core/source.h"

struct decompress;

/* `head` can still be the start of a packed stream. */
bool decompress_might_be(str head);

/* *unpack is NULL when `head` starts no packed stream. False when it starts one that this build
 * cannot read, or when there is no memory. */
bool decompress_open(struct decompress **unpack, str head, struct err *err);

/* Up to `room` unpacked bytes; packed ones are drawn from `read`. -1: damaged or cut short. */
ptrdiff_t decompress_read(struct decompress *unpack, source_read_fn *read, void *context, char *to,
                          size_t room, struct err *err);

void decompress_close(struct decompress *unpack);

#endif
