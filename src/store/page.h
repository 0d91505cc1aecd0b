/* SPDX-License-Identifier: MIT */
/*
 * page: the page of `flamestore serve`, an HTML document for the query in its address.
 *
 *      /?from=-1h&until=now&tag=host=db7 ──► page_query ──► store ──► page, timeline, flame graph
 *                                                 │
 *                                                 └──► the addresses of the links in the page
 *
 * Every link holds the whole question, changed in one point. So each view has an address, and the
 * page needs no script.
 */
#ifndef FLAMETREE_STORE_PAGE_H
#define FLAMETREE_STORE_PAGE_H

#include "output/markup.h"
#include "store/page_timeline.h"

enum page_field {
    PAGE_FROM,         /* the range that is drawn; without it, the whole timeline */
    PAGE_UNTIL,        /* */
    PAGE_BEFORE_FROM,  /* the range that it is compared with; without it, nothing */
    PAGE_BEFORE_UNTIL, /* */
    PAGE_VIEW,         /* the length of the timeline: 6h */
    PAGE_VIEW_UNTIL,   /* its end */
    PAGE_TYPE,         /* the value type */
    PAGE_BY,           /* the label whose values are first frames */
    PAGE_SCALE,        /* of a comparison: "shares", or else weight for each second */
    PAGE_DRAG,         /* the range that dragging chooses: before, or else after */
    PAGE_FIELDS
};

extern const char *const page_field_names[]; /* in the address; ends with NULL */

struct page_query {
    str text[PAGE_FIELDS]; /* as given; n == 0: not given */
    VEC(struct store_label) labels;
    int64_t now;
    int64_t first, last; /* the extent of the store; 0 and 0: it is empty */
    str type;            /* the value type, chosen if none is given; page_choose_type() sets it */
    /* set by page_query_find_ranges(): */
    struct timeline_range view, after, before;
};

/* A part of the address: a name of page_field_names, or "tag". Others are ignored. The texts
 * outlive the query. False: there are too many tags. */
bool page_query_add(struct page_query *query, struct heap *heap, str name, str value);

/* Read the times, and choose what is not given by the extent of the store. False with *err set if a
 * time cannot be read; then it counts as not given. */
bool page_query_find_ranges(struct page_query *query, struct err *err);

/* The query with another value for a label; a null pointer: without this label. The copy shares
 * texts. */
struct page_query page_query_with_label(const struct page_query *query, struct heap *heap, str key,
                                        str value);

/* The value that is asked for; NULL: any. */
const struct store_label *page_query_label(const struct page_query *query, str key);

/* The address of the query within the server, for an attribute: "/?from=-1h&amp;tag=host=db7". The
 * path is "/" for the page. */
void put_address(const struct page_query *query, str path, struct sink *sink);

/* Fields of a form for what the person does not type: the view, tags. */
void put_hidden_fields(const struct page_query *query, struct sink *sink);

/* ---- documents ---- */

struct page {
    struct page_query *query;
    struct store *store;
    const char *name; /* of the store, for people */
    struct heap *heap;
    struct err *err;
    str message; /* why a part of the question was not understood; n == 0: it was */
};

/* Choose a value type for a store with several. False with *err set if it cannot be read. */
bool page_choose_type(struct page *page);

/* The whole page. False with *err set if the store cannot be read. */
bool page_write(struct page *page, struct sink *sink);

/* The profile of the range as another program reads it: `name` is "folded", "pprof" or "svg". */
bool page_write_profile(struct page *page, const char *name, struct sink *sink);

/* templates/page.*, in page_data.c. Ends with an entry without a name. */
extern const struct template_file page_files[];

/* The policy that allows the scripts and styles of the page and nothing else. */
void page_write_policy(struct heap *heap, struct sink *sink);

/* ---- the parts of the page ---- */

/* The part of the store that the page shows. */
struct page_data {
    struct page *page;
    const struct page_query *query;
    struct heap *heap;
    struct store_timeline weights;
    struct store_events gaps, marks;
    struct label_sums labels;
    uint64_t total; /* of the range */
    bool failed;    /* while it was written */
};

static inline bool page_has_range(const struct page_query *query)
{
    return query->text[PAGE_FROM].n > 0;
}

static inline bool page_has_before(const struct page_query *query)
{
    return query->before.until > query->before.from;
}

/* The query to the store for a range of the page. */
struct store_query page_store_query(const struct page_query *query,
                                    const struct timeline_range *range);

/* The query with these times in the fields `first` and the one after it. */
struct page_query page_query_with_range(const struct page_data *data, enum page_field first,
                                        int64_t from, int64_t until);

/* <a href="..."> */
void page_start_link(const struct page_query *query, struct sink *sink);

/* These read the store, too: false with *err set. */
bool page_put_form(const struct page_data *data, struct sink *sink);
bool page_put_labels(const struct page_data *data, struct sink *sink);

void page_put_spans(const struct page_data *data, struct sink *sink);

/* The flame graph of the range, or of its difference to the range before; a sentence if there is
 * nothing to draw. */
bool page_put_picture(const struct page_data *data, struct sink *sink);

/* As drawing_write_csp(). */
void page_write_viewer_policy(struct heap *heap, struct sink *sink);

#endif
