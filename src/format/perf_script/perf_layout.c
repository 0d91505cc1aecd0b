/*
 * perf_layout: headers without a time, by the layout of their recording, and each line alone where
 * that is not known.
 */
#include "format/perf_script/perf_layout.h"

#include "format/perf_script/perf_line.h"

enum { ID_WIDTH = 5, MISC_PAD = 5, NAME_WIDTH = 16, FIELDS = PERF_FIELDS };

static const str field_names[FIELDS] = {
    STR_INIT("comm"), STR_INIT("pid"),  STR_INIT("tid"),    STR_INIT("cpu"),   STR_INIT("misc"),
    STR_INIT("tod"),  STR_INIT("time"), STR_INIT("period"), STR_INIT("event"), STR_INIT("ip")};

/* ---- by a known layout ----------------------------------------------------------------------- */

/* line[0, to) has these fields, and nothing else. */
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

/* An event of two words: "raw 0x1a8:" */
static bool is_raw(str text)
{
    return str_starts(text, STR("raw 0x")) && is_event(span_str(text, next_word(text, 4)));
}

/* The event that the fields stand in front of. Where nothing but a name does, perf has aligned the
 * name, or the event ends the line. */
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
        bool raw = is_raw(str_skip(line, event->at));
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

/* What a tracepoint tells stands after the fields, without an event in front. */
static bool find_payload(str line, const struct perf_layout *layout, struct perf_header *header)
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
        if (is_raw(rest)) { /* an event of two words */
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
                        (header->tid.n > 0 || header->cpu.n > 0); /* they stand in columns */
        return true;
    }
    return find_payload(line, layout, header);
}

/* ---- a line alone ---------------------------------------------------------------------------- */

/* An event without a time in front: it ends the line, or stands after an id, a processor or a
 * number, or in front of an address. */
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
    /* a name in 16 columns, and no number before the event */
    *event = next_word(line, NAME_WIDTH);
    while (event->at < line.n && !is_event(span_str(line, *event)))
        *event = next_word(line, event->end);
    return event->at < line.n && line.n > NAME_WIDTH && line.p[0] == ' ' &&
           line.p[NAME_WIDTH] == ' ' && !is_blank(line.p[NAME_WIDTH - 1]);
}

/* A number at the end of line[0, *to) that is a period: a number or a processor stands in front of
 * it, it is aligned to the right in ten columns, or no id is as large. */
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

/* Where what stands in front of a frame on the same line ends; line.n when there is none. */
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
    if (!has_event && header->tid.n == 0) /* `12 34 56`, `123/456 [000]`: nothing but a name */
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

bool perf_layout_set(struct perf_layout *layout, str list, str *wrong)
{
    static const str others[] = {STR_INIT("trace"),
                                 STR_INIT("sym"),
                                 STR_INIT("dso"),
                                 STR_INIT("addr"),
                                 STR_INIT("symoff"),
                                 STR_INIT("srcline"),
                                 STR_INIT("iregs"),
                                 STR_INIT("uregs"),
                                 STR_INIT("brstack"),
                                 STR_INIT("brstacksym"),
                                 STR_INIT("flags"),
                                 STR_INIT("data_src"),
                                 STR_INIT("weight"),
                                 STR_INIT("bpf-output"),
                                 STR_INIT("callindent"),
                                 STR_INIT("insn"),
                                 STR_INIT("insnlen"),
                                 STR_INIT("synth"),
                                 STR_INIT("phys_addr"),
                                 STR_INIT("metric"),
                                 STR_INIT("srccode"),
                                 STR_INIT("ipc"),
                                 STR_INIT("cgroup"),
                                 STR_INIT("ins_lat"),
                                 STR_INIT("dsoff"),
                                 STR_INIT("retire_lat"),
                                 STR_INIT("disasm"),
                                 STR_INIT("brstackinsn"),
                                 STR_INIT("brstackoff"),
                                 STR_INIT("data_page_size"),
                                 STR_INIT("code_page_size"),
                                 STR_INIT("machine_pid"),
                                 STR_INIT("vcpu"),
                                 STR_INIT("brstackinsnlen"),
                                 STR_INIT("brstackdisasm"),
                                 STR_INIT("brcntr")};
    *layout = (struct perf_layout){.known = true, .fixed = true};
    for (size_t at = 0, end; at <= list.n; at = end + 1) {
        end = str_find(list, ',', at);
        *wrong = str_trim(str_cut(list, at, end));
        unsigned field = 0;
        bool known = false;
        for (size_t i = 0; i < FIELDS; i++)
            field |= str_equal(*wrong, field_names[i]) ? 1u << i : 0;
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
            known |= str_equal(*wrong, others[i]);
        if (field == 0 && !known)
            return false;
        layout->fields |= field;
    }
    if (layout->fields & PERF_PID && !(layout->fields & PERF_TID))
        layout->fields ^= PERF_PID | PERF_TID; /* one number */
    return true;
}

static size_t put(char *text, size_t n, str word)
{
    size_t room = PERF_LAYOUT_ROOM - n;
    memcpy(text + n, word.p, word.n < room ? word.n : room);
    return n + (word.n < room ? word.n : room);
}

size_t perf_layout_tell(const struct perf_layout *layout, char text[PERF_LAYOUT_ROOM])
{
    size_t n = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        if (!(layout->fields >> i & 1) || 1u << i == PERF_IP)
            continue;
        n = put(text, n, n > 0 ? STR(" ") : STR(""));
        n = put(text, n, field_names[i]);
    }
    if (n == 0)
        n = put(text, n, STR("frames alone"));
    n = put(text, n, layout->chains ? STR("; chains") : STR(""));
    n = put(text, n, layout->fields & PERF_IP ? STR("; frames after headers") : STR(""));
    return put(text, n, layout->sources ? STR("; source lines") : STR(""));
}
