/* SPDX-License-Identifier: MIT */
/*
 * perf_layout: parse headers without a time, by the layout of their recording, or each line alone
 * if that is unknown.
 */
#include "format/perf_script/perf_line.h"

enum { ID_WIDTH = 5, MISC_PAD = 5, NAME_WIDTH = 16 };

/* ---- by a known layout ----------------------------------------------------------------------- */

/* Whether line[0, to) has these fields and no others. */
static bool has_fields(str line, size_t to, unsigned fields, struct perf_header *header)
{
    struct span word = last_word(line, to);
    if (fields & PERF_PERIOD) {
        if (!is_digits(span_str(line, word)))
            return false;
        perf_header_set_period(header, span_str(line, word));
        to = word.at;
    }
    if ((fields & PERF_TOD) && !perf_header_date(line, to, &to))
        return false;
    word = last_word(line, to);
    if ((fields & PERF_MISC) && is_misc(span_str(line, word)) && to - word.end >= MISC_PAD - 2)
        word = last_word(line, to = word.at);
    if (fields & PERF_CPU) {
        if (!is_cpu(span_str(line, word)))
            return false;
        header->cpu = str_cut(line, word.at + 1, word.end - 1);
        word = last_word(line, to = word.at);
    }
    if (fields & (PERF_TID | PERF_PID)) {
        if (!is_id(span_str(line, word), &header->pid, &header->tid) ||
            (fields & PERF_PID) == (header->pid.n == 0 ? PERF_PID : 0) ||
            (fields & PERF_COMM && word.at == 0))
            return false;
        to = word.at;
    }
    header->comm = str_trim(str_head(line, to));
    return header->comm.n == 0 || (fields & PERF_COMM);
}

/* Whether an event of two words starts here: "raw 0x1a8:". */
static bool is_raw_event(str text)
{
    return str_starts(text, STR("raw 0x")) && is_event(span_str(text, next_word(text, 4)));
}

/* Find the event that follows the fields. If the only field is the name, either perf has aligned
 * the name, or the event ends the line. */
static bool find_event_after(str line, unsigned fields, struct perf_header *header,
                             struct span *event)
{
    const struct perf_header clean = *header;
    bool name_only = !(fields & ~(unsigned)(PERF_COMM | PERF_EVENT | PERF_IP));
    *event = last_word(line, line.n);
    if (name_only && is_event(span_str(line, *event)) && line.p[0] != ' ')
        return has_fields(line, event->at, fields, header);
    struct span first = {line.n, line.n};
    for (*event = next_word(line, 0); event->at < line.n; *event = next_word(line, event->end)) {
        *header = clean;
        bool early = name_only && (fields & PERF_COMM) && line.p[0] == ' ' && event->at < 17;
        bool raw = is_raw_event(str_skip(line, event->at));
        if (early || !(raw || is_event(span_str(line, *event))) ||
            !has_fields(line, event->at, fields, header))
            continue;
        if (!name_only || is_address_next(line, event->end))
            return true;
        first = first.at < line.n ? first : *event;
    }
    *event = first;
    *header = clean;
    return first.at < line.n && has_fields(line, first.at, fields, header);
}

unsigned perf_layout_by_width(str line, size_t to)
{
    unsigned fields = 0;
    struct span word = last_word(line, to), before = last_word(line, word.at);
    str pid, tid;
    uint64_t value;
    size_t width = word.end - (before.end > 0 ? before.end + 1 : 0);
    if (is_digits(span_str(line, word)) && num_parse_u64(span_str(line, word), &value) &&
        (width >= PERF_PERIOD_WIDTH || value > PERF_PID_LARGEST)) {
        fields |= PERF_PERIOD;
        word = last_word(line, to = word.at);
    }
    size_t at = to;
    if (perf_header_date(line, to, &at)) {
        fields |= PERF_TOD;
        word = last_word(line, to = at);
    }
    if (is_misc(span_str(line, word)) && to - word.end >= MISC_PAD - 1) {
        fields |= PERF_MISC;
        word = last_word(line, to = word.at);
    }
    if (is_cpu(span_str(line, word))) {
        fields |= PERF_CPU;
        word = last_word(line, to = word.at);
    }
    before = last_word(line, word.at);
    width = word.end - (before.end > 0 ? before.end + 1 : 0);
    if (is_id(span_str(line, word), &pid, &tid) && (width >= ID_WIDTH || pid.n > 0)) {
        fields |= pid.n > 0 ? PERF_PID | PERF_TID : PERF_TID;
        to = word.at;
    }
    return fields | (str_trim(str_head(line, to)).n > 0 ? PERF_COMM : 0);
}

/* Parse a header with a payload after its fields, without an event between them. */
static bool parse_with_payload(str line, const struct perf_layout *layout,
                               struct perf_header *header)
{
    unsigned columns = layout->fields & ~(unsigned)(PERF_COMM | PERF_MISC | PERF_IP);
    bool flat = layout->bare || layout->tabs || (layout->fields & PERF_IP);
    for (size_t end = next_word(line, 0).end; columns && flat && end < line.n;) {
        *header = (struct perf_header){.firm = true};
        unsigned fields = perf_layout_by_width(line, end + 1) | PERF_MISC | PERF_IP;
        if (fields == (layout->fields | PERF_MISC | PERF_IP) &&
            has_fields(line, end, layout->fields, header)) {
            header->tail = str_trim_right(str_skip(line, end));
            return true;
        }
        end = next_word(line, end).end;
    }
    return false;
}

static bool parse_known(str line, const struct perf_layout *layout, struct perf_header *header)
{
    const struct perf_header clean = *header;
    struct span word = {0, 0};
    if (layout->fields & PERF_EVENT) {
        if (!find_event_after(line, layout->fields, header, &word))
            return false;
        str rest = str_skip(line, word.at);
        if (is_raw_event(rest)) {
            size_t end = str_find(rest, ':', 0);
            header->event = str_head(rest, end);
            header->tail = str_skip(rest, end < rest.n ? end + 1 : end);
        } else {
            header->event = str_cut(line, word.at, word.end - 1);
            header->tail = str_trim_right(str_skip(line, word.end));
        }
        header->noise = str_starts(header->event, STR("PERF_RECORD_"));
        header->firm = layout->bare || (layout->fields & ~(unsigned)PERF_EVENT);
        return true;
    }
    if (is_address_next(line, 0) && !(layout->fields & ~(unsigned)PERF_IP))
        return false; /* a frame alone */
    for (word = next_word(line, 0); word.at < line.n; word = next_word(line, word.end)) {
        *header = clean;
        if (is_address_next(line, word.end) &&
            has_fields(line, perf_layout_frame_field(line, word.end), layout->fields, header)) {
            header->tail = str_trim_right(str_skip(line, word.end));
            header->firm = true;
            return true;
        }
    }
    *header = clean;
    header->firm = (layout->fields & PERF_PERIOD) || layout->bare;
    if (layout->fields == 0)
        return false;
    if (has_fields(line, line.n, layout->fields, header)) {
        unsigned shown = perf_layout_by_width(line, line.n);
        header->firm |= (shown & (PERF_TID | PERF_CPU)) &&
                        (header->tid.n > 0 || header->cpu.n > 0); /* in their columns */
        return true;
    }
    return parse_with_payload(line, layout, header);
}

/* ---- a line alone ---------------------------------------------------------------------------- */

bool perf_layout_find_event(str line, struct span *event)
{
    str pid, tid;
    *event = last_word(line, line.n);
    if (is_event(span_str(line, *event)))
        return true;
    str before = STR("");
    for (*event = next_word(line, 0); event->at < line.n; *event = next_word(line, event->end)) {
        str word = span_str(line, *event);
        if (is_event(word) && (is_cpu(before) || is_digits(before) || is_id(before, &pid, &tid) ||
                               is_address_next(line, event->end)))
            return true;
        before = word;
    }
    /* a name in 16 columns, without a number before the event */
    *event = next_word(line, NAME_WIDTH);
    while (event->at < line.n && !is_event(span_str(line, *event)))
        *event = next_word(line, event->end);
    return event->at < line.n && line.n > NAME_WIDTH && line.p[0] == ' ' &&
           line.p[NAME_WIDTH] == ' ' && !is_blank(line.p[NAME_WIDTH - 1]);
}

/* Cut a period off the end of line[0, *to): a number that follows an id or a processor, is aligned
 * to the right in ten columns, or is too large for an id. */
static void cut_period(str line, size_t *to, struct perf_header *header)
{
    struct span word = last_word(line, *to), before = last_word(line, word.at);
    str number = span_str(line, word), pid, tid;
    uint64_t value;
    if (!is_digits(number) || !num_parse_u64(number, &value))
        return;
    bool id_before = is_id(span_str(line, before), &pid, &tid) && is_padded_id(line, word);
    bool aligned = before.end > 0 && word.end - before.end > PERF_PERIOD_WIDTH;
    if (!id_before && !aligned && !is_cpu(span_str(line, before)) && value <= PERF_PID_LARGEST)
        return;
    header->period = value;
    header->has_period = true;
    *to = word.at;
}

size_t perf_layout_frame_field(str line, size_t to)
{
    size_t end = next_word(line, to).end;
    return end > to + PERF_FRAME_FLAT_END ? end - PERF_FRAME_FLAT_END : to;
}

size_t perf_layout_find_frame(str line)
{
    struct span word = next_word(line, 0);
    while (word.at < line.n && !is_address_next(line, word.end))
        word = next_word(line, word.end);
    return word.at < line.n ? word.end : line.n;
}

static void parse_alone(str line, struct perf_layout *layout, struct perf_header *header)
{
    struct span event;
    bool has_event = perf_layout_find_event(line, &event);
    size_t to = has_event ? event.at : perf_layout_find_frame(line);
    if (has_event)
        perf_header_right(line, event.at, layout, header);
    else
        header->tail = str_trim_right(str_skip(line, to));
    size_t all = to;
    cut_period(line, &to, header);
    struct perf_layout padded_only = {.ids = PERF_IDS_MISSING};
    bool sure = perf_header_left(line, (struct span){to, to}, has_event ? layout : &padded_only,
                                 header);
    if (!has_event && header->tid.n == 0) /* `12 34 56`, `123/456 [000]`: only a name */
        header->comm = str_trim(str_head(line, header->has_period ? to : all));
    header->firm = has_event ? sure || header->has_period : sure && header->has_period;
}

bool perf_layout_untimed(str line, struct perf_layout *layout, struct perf_header *header)
{
    if (layout->known) {
        if (!parse_known(line, layout, header))
            return false;
    } else {
        parse_alone(line, layout, header);
    }
    header->noise |= str_starts(line, STR("PERF_RECORD_")) ||
                     str_contains(line, STR(" PERF_RECORD_"));
    return true;
}

/* ---- lists of fields ------------------------------------------------------------------------- */

static const str field_names = STR_INIT("comm,pid,tid,cpu,misc,tod,time,period,event,ip");

/* Other fields that perf script -F accepts. They do not change headers. */
static const str other_fields = STR_INIT(
    "trace,sym,dso,addr,symoff,srcline,iregs,uregs,brstack,brstacksym,flags,data_src,weight,"
    "bpf-output,callindent,insn,insnlen,synth,phys_addr,metric,srccode,ipc,cgroup,ins_lat,dsoff,"
    "retire_lat,disasm,brstackinsn,brstackoff,data_page_size,code_page_size,machine_pid,vcpu,"
    "brstackinsnlen,brstackdisasm,brcntr");

/* The index of `word` in a list with commas, -1 if it is not there. */
static int find_in_list(str list, str word)
{
    str part;
    size_t at = 0;
    for (int i = 0; str_next_item(list, &at, &part); i++)
        if (str_equal(part, word))
            return i;
    return -1;
}

/* Set the layout from a list of fields for perf script -F. False: *wrong in it is no field. */
static bool set_fields(struct perf_layout *layout, str list, str *wrong)
{
    *layout = (struct perf_layout){.known = true, .fixed = true};
    for (size_t at = 0; str_next_item(list, &at, wrong);) {
        int field = find_in_list(field_names, *wrong);
        if (field < 0 && find_in_list(other_fields, *wrong) < 0)
            return false;
        layout->fields |= field < 0 ? 0 : 1u << field;
    }
    if (layout->fields & PERF_PID && !(layout->fields & PERF_TID))
        layout->fields ^= PERF_PID | PERF_TID; /* one number */
    return true;
}

/* Append the layout in words: "comm tid time event; chains". */
static void describe_layout(const struct perf_layout *layout, struct strbuf *text)
{
    str name;
    size_t at = 0;
    for (unsigned i = 0; str_next_item(field_names, &at, &name); i++) {
        if (!(layout->fields >> i & 1) || 1u << i == PERF_IP)
            continue;
        strbuf_add(text, text->bytes.n > 0 ? STR(" ") : STR(""));
        strbuf_add(text, name);
    }
    strbuf_add(text, text->bytes.n == 0 ? STR("frames alone") : STR(""));
    strbuf_add(text, layout->chains ? STR("; chains") : STR(""));
    strbuf_add(text, layout->fields & PERF_IP ? STR("; frames after headers") : STR(""));
    strbuf_add(text, layout->sources ? STR("; source lines") : STR(""));
}

bool perf_layout_start(struct perf_layout *layout, struct builder *builder, str head,
                       struct err *err)
{
    str fields = builder->options->fields, wrong;
    struct profile *profile = builder->profile;
    struct strbuf text = {.heap = profile->heap};
    *layout = (struct perf_layout){.known = false};
    if (fields.n > 0 && !set_fields(layout, fields, &wrong))
        return err_set(err, ERR_USAGE, "--fields: perf script -F has no field '%.*s'",
                       STR_SHOWN(wrong, 80));
    perf_layout_learn(layout, head);
    if (profile->layout.n == 0) {
        describe_layout(layout, &text);
        profile->layout = arena_copy(&profile->arena, strbuf_str(&text));
        strbuf_end(&text);
    }
    return true;
}
