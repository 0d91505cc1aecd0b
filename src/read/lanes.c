/*
 * lanes: see the drawing in lanes.h. The lock guards `shared`; all else belongs to one lane, or
 * does not change while they run. No jump leaves a thread: each lane has a guard of its own.
 */
#include "read/lanes.h"

#include <pthread.h>

#include "core/bytes16.h"

/* A parcel of 512 kB holds 4,000 stacks of a large build; many samples have a stack that is
 * in it already. */
enum { PARCEL_WORDS = 1 << 17 };

struct lane {
    struct lanes *lanes;
    struct heap own;   /* of lane 0 unused */
    struct heap *heap; /* where what it reads goes */
    struct profile *profile;
    void *state;  /* of the reader */
    char *buffer; /* READING_BLOCK bytes */
    pthread_t thread;
    bool started;
    struct err err;

    /* not of lane 0 */
    struct parcel parcels[2];
    unsigned open;         /* the one that it fills */
    bool sent;             /* the other one waits for lane 0; guarded by the lock */
    uint32_t told;         /* names that parcels have told */
    VEC(uint32_t) numbers; /* of its names in the tree; lane 0's */
};

struct part {
    str text;
    uint64_t lines; /* in front of it */
};

struct lanes {
    struct heap_guest guest;
    struct reading *reading;
    const struct reader *reader;
    struct lane *lane;
    size_t count;

    /* of one run */
    const char *file;
    pthread_mutex_t lock;
    pthread_cond_t received; /* lane 0 has taken in parcels, or ended */
    struct {                 /* and of the reading: buffer, n, bytes */
        struct source *source;
        uint64_t lines, samples;
        bool over;
        bool receiving; /* lane 0 comes by */
        struct err err;
    } shared;
};

size_t lanes_last_gap(str text, unsigned line_ends)
{
    for (size_t i = text.n; i >= line_ends; i--)
        if (text.p[i - 1] == '\n' && text.p[i - line_ends] == '\n')
            return i;
    return 0;
}

enum { STRIDE = 64, ROUNDS = 60 }; /* four counts a round go into one byte: 240 at most */

/* Line ends in text[0, ROUNDS * STRIDE) or less, whole strides; *marks has 0xff for '#'. */
static uint64_t count_strides(str text, size_t *at, bytes16 *marks)
{
    bytes16 ends = {0}, found = {0};
    unsigned char sums[16];
    uint64_t count = 0;
    for (int i = 0; i < ROUNDS && text.n - *at >= STRIDE; i++, *at += STRIDE) {
        for (int k = 0; k < STRIDE; k += 16) {
            bytes16 c = bytes16_load(text.p + *at + k);
            ends -= (bytes16)(c == '\n');
            found |= (bytes16)(c == '#') & (bytes16)(bytes16_load(text.p + *at + k - 1) == '\n');
        }
    }
    memcpy(sums, &ends, sizeof sums);
    for (int i = 0; i < 16; i++)
        count += sums[i];
    *marks |= found;
    return count;
}

/* How many lines `text` has; *comment when one starts with '#'. In front of text stands a line
 * end. */
static uint64_t count_lines(str text, bool *comment)
{
    bytes16 marks = {0};
    size_t at = 1;
    uint64_t count = text.p[0] == '\n';
    *comment = text.p[0] == '#';
    while (text.n - at >= STRIDE)
        count += count_strides(text, &at, &marks);
    for (; at < text.n; at++) {
        count += text.p[at] == '\n';
        *comment |= text.p[at] == '#' && text.p[at - 1] == '\n';
    }
    *comment |= bytes16_any(marks);
    return count;
}

/* Behind what is left of the part before: as much as one block. */
static size_t fill(struct lanes *lanes, char *to)
{
    struct reading *reading = lanes->reading;
    size_t n = reading->n, block = reading->block ? reading->block : READING_BLOCK / 2;
    size_t most = n + block < READING_BLOCK ? n + block : READING_BLOCK;
    if (n > 0)
        memcpy(to, reading->buffer, n);
    while (n < most) {
        ptrdiff_t got = source_read(lanes->shared.source, to + n, most - n, &lanes->shared.err);
        if (got <= 0) {
            lanes->shared.over = true;
            break;
        }
        n += (size_t)got;
        reading->bytes += (uint64_t)got;
    }
    return n;
}

/* The next part, in the lane's buffer; false when there is no more for lanes. */
static bool take_locked(struct lanes *lanes, struct lane *lane, struct part *part)
{
    struct reading *reading = lanes->reading;
    bool comment = false;
    if (lanes->shared.over)
        return false;
    size_t n = fill(lanes, lane->buffer), end = 0;
    if (!lanes->shared.over)
        end = lanes_last_gap(str_of(lane->buffer, n), lanes->reader->parts->line_ends);
    uint64_t lines = end > 0 ? count_lines(str_of(lane->buffer, end), &comment) : 0;
    if (comment || end == 0) {
        lanes->shared.over = true;
        end = lines = 0;
    }
    reading->n = n - end;
    if (n > end)
        memcpy(reading->buffer, lane->buffer + end, n - end);
    *part = (struct part){str_of(lane->buffer, end), lanes->shared.lines};
    lanes->shared.lines += lines;
    if (end > 0 && reading->progress)
        reading->progress(reading->progress_context, reading->bytes, lanes->shared.samples);
    return end > 0;
}

/* A parcel that is full goes to lane 0. One that has become twice as large waits until lane 0 has
 * taken in the one before; false when it does not come by any more. */
static bool hand_over_locked(struct lane *lane, bool *fresh)
{
    struct lanes *lanes = lane->lanes;
    size_t most = lanes->reading->parcel ? lanes->reading->parcel : PARCEL_WORDS;
    size_t n = lane->parcels[lane->open].words.n;
    while (lane->sent && n >= 2 * most && lanes->shared.receiving)
        pthread_cond_wait(&lanes->received, &lanes->lock);
    *fresh = n >= most && !lane->sent;
    if (*fresh) {
        lane->sent = true;
        lane->open ^= 1;
    }
    return *fresh || n < 2 * most;
}

static bool take_part(struct lane *lane, struct part *part, uint64_t *told)
{
    struct lanes *lanes = lane->lanes;
    bool fresh = false;
    pthread_mutex_lock(&lanes->lock);
    lanes->shared.samples += lane->profile->samples - *told;
    *told = lane->profile->samples;
    bool more = lane == &lanes->lane[0] || hand_over_locked(lane, &fresh);
    more = more && take_locked(lanes, lane, part);
    pthread_mutex_unlock(&lanes->lock);
    if (fresh) {
        parcel_clear(&lane->parcels[lane->open]);
        lanes->reader->parts->send(lane->state, &lane->parcels[lane->open]);
    }
    return more;
}

/* Lane 0: what is in a parcel goes into the tree. */
static void take_in(struct lane *lane, struct parcel *parcel)
{
    struct lane *leader = &lane->lanes->lane[0];
    struct heap *heap = leader->heap;
    for (size_t i = 0; i < parcel->names.n; i++) {
        uint32_t number = tree_frame(&leader->profile->tree, parcel->names.at[i]);
        vec_push(heap, &lane->numbers, number);
    }
    lane->lanes->reader->parts->take_in(leader->state, parcel, lane->numbers.at);
    parcel_clear(parcel);
}

/* Lane 0: take in what the others have sent. */
static void receive(struct lanes *lanes)
{
    for (size_t i = 1; i < lanes->count; i++) {
        struct lane *lane = &lanes->lane[i];
        pthread_mutex_lock(&lanes->lock);
        struct parcel *parcel = lane->sent ? &lane->parcels[lane->open ^ 1] : NULL;
        pthread_mutex_unlock(&lanes->lock);
        if (!parcel)
            continue;
        take_in(lane, parcel);
        pthread_mutex_lock(&lanes->lock);
        lane->sent = false;
        pthread_cond_broadcast(&lanes->received);
        pthread_mutex_unlock(&lanes->lock);
    }
}

static void set_receiving(struct lanes *lanes, bool receiving)
{
    pthread_mutex_lock(&lanes->lock);
    lanes->shared.receiving = receiving;
    pthread_cond_broadcast(&lanes->received);
    pthread_mutex_unlock(&lanes->lock);
}

static bool read_parts(void *arg)
{
    struct lane *lane = arg;
    struct lanes *lanes = lane->lanes;
    bool leads = lane == &lanes->lane[0];
    struct part part;
    uint64_t told = lane->profile->samples;
    while (take_part(lane, &part, &told)) {
        lanes->reader->parts->eat(lane->state, part.text, part.lines, lanes->file);
        if (leads)
            receive(lanes);
        else
            lane->told = parcel_add_names(&lane->parcels[lane->open],
                                          &lane->profile->tree.frames.texts, lane->told);
    }
    return true;
}

static void *run_lane(void *arg)
{
    struct lane *lane = arg;
    if (!heap_guard(lane->heap, read_parts, lane, &lane->err)) {
        pthread_mutex_lock(&lane->lanes->lock);
        lane->lanes->shared.over = true;
        pthread_mutex_unlock(&lane->lanes->lock);
    }
    return NULL;
}

/* Make what a lane needs, the first time; have it know what lane 0 knows. */
static bool prepare(void *arg)
{
    struct lane *lane = arg;
    struct lanes *lanes = lane->lanes;
    const struct lane *leader = &lanes->lane[0];
    if (!lane->buffer)
        lane->buffer = heap_alloc(lane->heap, READING_BLOCK, 1);
    if (lane == leader)
        return true;
    if (!lane->profile) {
        struct profile *profile = heap_alloc(lane->heap, 1, sizeof *profile);
        profile_init(profile, lane->heap, leader->profile->tree.seed, false);
        lane->state = lanes->reader->open(profile, lanes->reading->options);
        lane->parcels[0].heap = lane->parcels[1].heap = lane->heap;
        lanes->reader->parts->send(lane->state, &lane->parcels[0]);
        lane->profile = profile;
    }
    profile_split(lane->profile, leader->profile);
    lanes->reader->parts->follow(lane->state, leader->state);
    return true;
}

static void start(struct lanes *lanes, const struct os *os)
{
    for (size_t i = 1; i < lanes->count; i++) {
        struct lane *lane = &lanes->lane[i];
        lane->started = false;
        if (!heap_guard(lane->heap, prepare, lane, &lane->err)) /* lane 0 will tell, if need be */
            lane->err = (struct err){0};
        else
            lane->started = os->start(os->context, &lane->thread, run_lane, lane) == 0;
    }
}

/* What lane `i` has read goes into the profile. */
static void join(struct lanes *lanes, size_t i, size_t events)
{
    struct lane *lane = &lanes->lane[i];
    if (lane->sent)
        take_in(lane, &lane->parcels[lane->open ^ 1]);
    lane->sent = false;
    take_in(lane, &lane->parcels[lane->open]);
    lanes->reader->parts->send(lane->state, &lane->parcels[lane->open]);
    profile_join(lanes->lane[0].profile, lane->profile, events);
}

static bool end_run(struct lanes *lanes, size_t events, struct err *err)
{
    struct lane *leader = &lanes->lane[0];
    bool good = lanes->shared.err.code == ERR_NONE;
    if (!good)
        *err = lanes->shared.err;
    for (size_t i = 0; i < lanes->count && good; i++) {
        struct lane *lane = &lanes->lane[i];
        good = lane->err.code == ERR_NONE;
        if (!good)
            *err = lane->err;
        else if (i > 0 && lane->started)
            join(lanes, i, events);
    }
    if (good)
        lanes->reader->parts->eat(leader->state, STR(""), lanes->shared.lines, lanes->file);
    return good;
}

bool lanes_run(struct lanes *lanes, struct source *source, struct err *err)
{
    struct lane *leader = &lanes->lane[0];
    const struct os *os = lanes->reading->os;
    size_t events = leader->profile->events.n;
    prepare(leader);
    lanes->file = source->name;
    lanes->shared.source = source;
    lanes->shared.lines = lanes->reader->parts->lines(leader->state);
    lanes->shared.samples = leader->profile->samples;
    lanes->shared.over = false;
    lanes->shared.receiving = false;
    pthread_mutex_init(&lanes->lock, NULL);
    pthread_cond_init(&lanes->received, NULL);
    start(lanes, os);
    set_receiving(lanes, true);
    run_lane(leader);
    set_receiving(lanes, false);
    for (size_t i = 1; i < lanes->count; i++)
        if (lanes->lane[i].started)
            os->wait(os->context, lanes->lane[i].thread);
    pthread_cond_destroy(&lanes->received);
    pthread_mutex_destroy(&lanes->lock);
    return end_run(lanes, events, err);
}

static void end_heaps(void *of)
{
    struct lanes *lanes = of;
    for (size_t i = 1; i < lanes->count; i++)
        heap_end(&lanes->lane[i].own);
}

struct lanes *lanes_open(struct reading *reading)
{
    struct heap *heap = reading->profile->heap;
    struct lanes *lanes = heap_zero(heap, 1, sizeof *lanes);
    lanes->lane = heap_zero(heap, reading->threads, sizeof *lanes->lane);
    lanes->reading = reading;
    lanes->reader = reading->reader;
    lanes->count = reading->threads;
    for (size_t i = 0; i < lanes->count; i++) {
        struct lane *lane = &lanes->lane[i];
        lane->lanes = lanes;
        lane->heap = i == 0 ? heap : &lane->own;
        heap_init_under(&lane->own, heap);
    }
    lanes->lane[0].profile = reading->profile;
    lanes->lane[0].state = reading->state;
    lanes->guest = (struct heap_guest){.leave = end_heaps, .of = lanes};
    heap_add_guest(heap, &lanes->guest);
    return lanes;
}

void lanes_close(struct lanes *lanes)
{
    struct heap *heap = lanes->lane[0].heap;
    heap_drop_guest(heap, &lanes->guest);
    end_heaps(lanes);
    for (size_t i = 1; i < lanes->count; i++)
        vec_free(heap, &lanes->lane[i].numbers);
    heap_free(heap, lanes->lane[0].buffer);
    heap_free(heap, lanes->lane);
    heap_free(heap, lanes);
}
