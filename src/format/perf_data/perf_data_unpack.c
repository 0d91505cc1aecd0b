/* SPDX-License-Identifier: MIT */
/*
 * perf_data_unpack: packed records (perf record -z). All of them together are one stream of zstd.
 */
#include "format/perf_data/perf_data.h"

enum { BLOCK = 262144 };

struct perf_unpacker {
    struct heap_cleanup cleanup;
    const struct codec *codec;
    void *state;
    bool open;
    bool busy;
    VEC(char) bytes; /* unpacked; a record may continue in the next packed one */
};

static void close_codec(void *of)
{
    struct perf_unpacker *unpacker = of;
    if (unpacker->open)
        unpacker->codec->close(unpacker->state);
    unpacker->open = false;
}

static bool open_unpacker(struct perf_data *data)
{
    struct heap *heap = data->builder->heap;
    const struct codec *codec = codecs;
    while (strcmp(codec->name, "zstd") != 0)
        codec++;
    if (codec->size == 0)
        return err_set(data->err, ERR_SUPPORT,
                       "the recording is packed (perf record -z), and this build has no zstd");
    struct perf_unpacker *unpacker = heap_zero(heap, 1, sizeof *unpacker);
    unpacker->codec = codec;
    unpacker->state = heap_zero(heap, 1, codec->size);
    unpacker->cleanup = (struct heap_cleanup){.run = close_codec, .of = unpacker};
    heap_add_cleanup(heap, &unpacker->cleanup);
    data->unpacker = unpacker;
    unpacker->open = codec->open(unpacker->state);
    if (!unpacker->open)
        heap_fail(heap, codec->size);
    return true;
}

void perf_data_end_unpacking(struct perf_data *data)
{
    struct heap *heap = data->builder->heap;
    struct perf_unpacker *unpacker = data->unpacker;
    if (!unpacker)
        return;
    close_codec(unpacker);
    heap_remove_cleanup(heap, &unpacker->cleanup);
    vec_free(heap, &unpacker->bytes);
    heap_free(heap, unpacker->state);
    heap_free(heap, unpacker);
    data->unpacker = NULL;
}

/* Unpack some more. Whether the stream can go on. */
static bool run_codec_step(struct perf_data *data, str *in)
{
    struct perf_unpacker *unpacker = data->unpacker;
    vec_reserve(data->builder->heap, &unpacker->bytes, BLOCK);
    char *out = unpacker->bytes.at + unpacker->bytes.n;
    size_t room = BLOCK;
    enum codec_result result = unpacker->codec->step(unpacker->state, in, &out, &room);
    unpacker->bytes.n += BLOCK - room;
    if (result == CODEC_NO_MEMORY)
        heap_fail(data->builder->heap, BLOCK);
    return result == CODEC_MORE ||
           (result == CODEC_ENDED && unpacker->codec->restart(unpacker->state));
}

bool perf_data_unpack(struct perf_data *data, str in, uint64_t position)
{
    if (!data->unpacker && !open_unpacker(data))
        return false;
    struct perf_unpacker *unpacker = data->unpacker;
    if (unpacker->busy)
        return perf_data_stop(data, "packed records inside of packed records", position);
    unpacker->busy = true;
    for (bool full = false; (in.n > 0 || full) && !data->stopped;) {
        size_t before = unpacker->bytes.n, taken;
        if (!run_codec_step(data, &in))
            return perf_data_stop(data, "packed records that are damaged", position);
        full = unpacker->bytes.n - before == BLOCK;
        if (!perf_data_take_records(data, str_of(unpacker->bytes.at, unpacker->bytes.n), position,
                                    &taken))
            return false;
        unpacker->bytes.n -= taken;
        if (taken > 0 && unpacker->bytes.n > 0)
            memmove(unpacker->bytes.at, unpacker->bytes.at + taken, unpacker->bytes.n);
        data->skip = 0; /* only plain records are followed by other bytes */
    }
    unpacker->busy = false;
    return true;
}

bool perf_data_unpack_sized(struct perf_data *data, struct perf_bytes body, uint64_t position)
{
    enum { ALIGNMENT = 8 };
    uint64_t size = perf_take64(&body), left = perf_bytes_left(&body);
    if (size > left || left - size >= ALIGNMENT)
        size = left;
    return perf_data_unpack(data, str_of(body.at, (size_t)size), position);
}
