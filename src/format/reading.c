/*
 * reading: choosing the reader of an input, and running it.
 */
#include "format/reading.h"

struct reading_job {
    struct reading *reading;
    struct reader_input input;
    struct parallel *parallel;
    struct err *err;
};

/* An input that cannot be read, or the last one of those without a stack, is what a message is
 * about. */
static void keep_head(struct reading *reading, str head)
{
    reading->head_n = head.n < sizeof reading->head ? head.n : sizeof reading->head;
    if (head.n > 0)
        memcpy(reading->head, head.p, reading->head_n);
}

static void close_reader(struct reading *reading)
{
    if (reading->reader && reading->reader->close && reading->builder.state)
        reading->reader->close(&reading->builder);
    reading->builder.state = NULL;
    reading->reader = NULL;
}

/* The reader for an input that starts like that. */
static bool choose_reader(struct reading *reading, str head, struct err *err)
{
    struct err clash = {0};
    const struct reader *reader = reading->format;
    keep_head(reading, head);
    if (!reader && !reading_is_binary(str_of(reading->head, reading->head_n)))
        reader = reader_choose(head, &clash);
    if (!reader && clash.code != ERR_NONE) {
        *err = clash;
        return false;
    }
    reading->last = reader;
    if (!reader)
        return reading_diagnose(reading, err);
    if (reader != reading->reader)
        close_reader(reading);
    reading->reader = reader;
    return true;
}

static void show_progress(void *context, uint64_t bytes)
{
    struct reading *reading = context;
    if (reading->progress)
        reading->progress(reading->progress_context, reading->bytes + bytes,
                          reading->profile->samples);
}

static bool run_reader(void *arg)
{
    struct reading_job *job = arg;
    struct reading *reading = job->reading;
    struct reader_input *input = &job->input;
    reader_input_skip_mark(input);
    str head = reader_input_peek(input, READER_HEAD);
    if (input->failed || head.n == 0)
        return !input->failed; /* an empty input is one without samples */
    if (!choose_reader(reading, head, job->err))
        return false;
    job->parallel = parallel_open(&reading->parallel, reading->reader, &reading->builder, input);
    input->parallel = job->parallel;
    return reading->reader->read(&reading->builder, input, job->err) && !input->failed;
}

static void start_builder(struct reading *reading, const char *file)
{
    if (!reading->builder.heap)
        builder_init(&reading->builder, reading->profile, reading->options);
    builder_start(&reading->builder, file);
}

/* Memory may end while threads run: they are waited for before the failure goes on. */
bool reading_add(struct reading *reading, struct source *source, struct err *err)
{
    struct heap *heap = reading->profile->heap;
    struct reading_job job = {.reading = reading, .err = err};
    job.input = (struct reader_input){
        .heap = heap,
        .source = source,
        .err = err,
        .block = reading->block,
        .line_most = reading->line_most,
        .progress = show_progress,
        .progress_context = reading,
    };
    start_builder(reading, source->name);
    bool done = heap_guard(heap, run_reader, &job, err);
    parallel_wait(job.parallel);
    if (done || err->code != ERR_MEMORY) {
        done &= parallel_close(job.parallel, err);
        builder_flush(&reading->builder);
        reading->profile->lines += job.input.lines;
    }
    reading->bytes += job.input.bytes;
    if (err->code == ERR_MEMORY) /* not a matter of this file, whoever met it */
        return false;
    reader_input_end(&job.input);
    return done || err_in_file(err, source->name, 0);
}

void reading_finish(struct reading *reading)
{
    close_reader(reading);
    if (reading->builder.heap)
        builder_end(&reading->builder);
    reading->builder.heap = NULL;
}
