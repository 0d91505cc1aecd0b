/* SPDX-License-Identifier: MIT */
/*
 * pprof_bid: is it a profile of pprof? Its wire format has no magic number.
 */
#include "format/pprof/pprof.h"

#include "format/protobuf.h"
#include "format/reader.h"

static bool is_field_of_profile(const struct protobuf_field *field)
{
    bool message = field->number <= PROFILE_STRING || field->number == PROFILE_PERIOD_TYPE;
    if (field->number == PROFILE_COMMENT)
        return field->type == PROTOBUF_BYTES || field->type == PROTOBUF_VARINT;
    return field->number > PROFILE_DOC_URL ||
           field->type == (message ? PROTOBUF_BYTES : PROTOBUF_VARINT);
}

/* A sample type is two numbers at most. */
static bool is_sample_type(str bytes)
{
    struct protobuf message = protobuf_of(bytes);
    struct protobuf_field field;
    while (protobuf_next(&message, &field))
        if (field.number > 2 || field.type != PROTOBUF_VARINT)
            return false;
    return !message.damaged;
}

/* Whole fields of a profile up to the end of the head, or to damage, and among them a sample type
 * or the empty string that is the first of all. No text passes: its letters would have to be keys
 * and lengths, and it has no NUL. */
int pprof_bid(str head)
{
    struct protobuf message = protobuf_of(head);
    struct protobuf_field field;
    bool sure = false, first_string = true;
    while (protobuf_next(&message, &field)) {
        if (!is_field_of_profile(&field) ||
            (field.number == PROFILE_SAMPLE_TYPE && !is_sample_type(field.bytes)))
            return 0;
        sure |= field.number == PROFILE_SAMPLE_TYPE;
        if (field.number == PROFILE_STRING) {
            sure |= first_string && field.bytes.n == 0;
            first_string = false;
        }
    }
    return sure ? READER_CERTAIN : 0;
}
