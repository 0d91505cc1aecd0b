/*
 * csp: the texts are written into a sink that only hashes them.
 */
#include "output/csp.h"

#include "core/sha256.h"

static bool hash_bytes_of(void *context, str bytes, struct err *err)
{
    (void)err;
    sha256_add(context, bytes);
    return true;
}

static void put_hash(csp_put *put, const void *context, struct sink *sink)
{
    struct sha256 sha;
    struct sink hasher;
    char digest[44];
    sha256_init(&sha);
    sink_open_callback(&hasher, sink->heap, hash_bytes_of, &sha, NULL);
    put(context, &hasher);
    sink_close(&hasher);
    sha256_base64(&sha, digest);
    sink_lit(sink, "'sha256-");
    sink_bytes(sink, str_of(digest, sizeof digest));
    sink_lit(sink, "'");
}

void csp_write(csp_put *const *scripts, csp_put *style, const void *context, struct sink *sink)
{
    sink_lit(sink, "script-src");
    for (; *scripts; scripts++) {
        sink_byte(sink, ' ');
        put_hash(*scripts, context, sink);
    }
    sink_lit(sink, "; style-src ");
    put_hash(style, context, sink);
    sink_lit(sink, "\n");
}
