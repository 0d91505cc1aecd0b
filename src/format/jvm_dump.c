/* SPDX-License-Identifier: MIT */
/*
 * jvm_dump: the threads of a Java program, as jstack, kill -3, jcmd Thread.print and jcmd
 * Thread.dump_to_file print them.
 *
 *      "pool-1-thread-7" #19 prio=5 os_prio=0 tid=0x00007f32 nid=0x61b6 runnable  [0x00007f33]
 *         java.lang.Thread.State: RUNNABLE
 *              at Shop.spin(Shop.java:12)
 *              - locked <0x000000069dc00b80> (a java.lang.Object)
 *              at java.lang.Thread.run(java.base@17.0.15/Thread.java:840)
 *
 *      #22 "worker" virtual
 *            java.base/java.lang.VirtualThread.park(VirtualThread.java:582)
 *
 * A thread is a sample, and its name the first frame. Threads that wait are idle. Their state shows
 * that or, since the JVM counts native methods as running, the native method in which they wait.
 */
#include "format/dump.h"

struct jvm {
    struct dump dump;
    bool open;    /* a thread's lines go on */
    bool plain;   /* of dump_to_file: no "at" before a frame */
    bool waits;   /* by the state, or by the leaf */
    bool stopped; /* a report of a deadlock has begun, which repeats stacks */
};

/* ---- headers ---- */

/* A name may hold quotes: it ends at the last one that can end it. */
static bool split_jvm_header(str line, str *name, str *rest)
{
    static const char after_name[] = " #| daemon| prio=| tid=| os_prio=| virtual| group=";
    if (line.n == 0 || line.p[0] != '"')
        return false;
    for (size_t i = line.n; i-- > 1;) {
        *rest = str_skip(line, i + 1);
        if (line.p[i] == '"' && str_starts_any(*rest, after_name)) {
            *name = str_cut(line, 1, i);
            return str_contains(*rest, STR("prio=")) || str_contains(*rest, STR("tid=0x"));
        }
    }
    return false;
}

/* #22 "NAME" virtual */
static bool split_plain_header(str line, str *name, str *rest)
{
    uint64_t number;
    if (!dump_take(&line, STR("#")) || dump_take_digits(&line, &number) == 0 ||
        !dump_take(&line, STR(" \"")))
        return false;
    size_t end = str_find_last(line, '"');
    if (end == line.n)
        return false;
    *name = str_head(line, end);
    *rest = str_skip(line, end + 1);
    return rest->n == 0 || rest->p[0] == ' ';
}

static str first_word(str s)
{
    return str_head(s, str_find(s, ' ', 0));
}

static void set_state(struct jvm *jvm, str state)
{
    dump_label(&jvm->dump, STR("state"), state);
    jvm->waits = !str_equal(state, STR("RUNNABLE"));
}

/* Find the state in the header, before a line of its own gives it: it follows the native id or, in
 * dump_to_file, the name. */
static void find_state(struct jvm *jvm, str rest)
{
    size_t at = str_search(rest, STR(" nid="), 0);
    str word = first_word(str_trim_left(rest));
    if (at < rest.n) {
        str after = str_skip(rest, str_find(rest, ' ', at + 1));
        bool runs = str_starts(str_trim_left(after), STR("runnable"));
        set_state(jvm, runs ? STR("RUNNABLE") : STR("WAITING"));
    } else if (str_equal(word, STR("RUNNABLE")) || str_equal(word, STR("BLOCKED")) ||
               str_ends(word, STR("WAITING"))) {
        set_state(jvm, word);
    }
}

static void start_jvm_thread(struct jvm *jvm, str name, str rest)
{
    size_t nid = str_search(rest, STR(" nid="), 0);
    dump_forget(&jvm->dump);
    jvm->open = true;
    jvm->waits = false;
    if (name.n == 0 && str_starts(rest, STR(" virtual")))
        name = STR("virtual thread");
    dump_label(&jvm->dump, STR("comm"), name);
    if (nid < rest.n)
        dump_label(&jvm->dump, STR("tid"), first_word(str_skip(rest, nid + 5)));
    find_state(jvm, rest);
}

/* ---- frames ---- */

/* Native methods that wait for something. */
static bool waits_natively(str function)
{
    size_t dot = str_find_last(function, '.');
    return str_is_any(dot < function.n ? str_skip(function, dot + 1) : function,
                      "epollWait|wait|wait0|poll|poll0|park|kevent0|accept|accept0|sleep|sleep0|"
                      "sleepNanos0|socketAccept|socketRead0|waitForReferencePendingList");
}

/* Virtual threads wait in Java. */
static bool waits_virtually(str function)
{
    return str_starts(function, STR("java.lang.VirtualThread.park")) ||
           str_starts(function, STR("java.lang.VirtualThread.yieldContinuation")) ||
           str_equal(function, STR("jdk.internal.vm.Continuation.yield"));
}

/* "java.base@17.0.15/java.lang.Object.wait": without module and loader. A hidden class has a '/' of
 * its own: "Shop$$Lambda$11/0x00007f32.run". */
static str cut_module(str function)
{
    for (;;) {
        size_t slash = str_find(function, '/', 0);
        str before = str_head(function, slash), after;
        if (slash == function.n || str_find(before, '$', 0) < before.n)
            return function;
        after = str_skip(function, slash + 1);
        if (str_starts(after, STR("0x")) || (after.n > 0 && is_digit(after.p[0])))
            return function;
        function = after;
    }
}

/* CLASS.METHOD(MODULE@VERSION/FILE:LINE), with "Native Method" or "Unknown Source" for a place. */
static void take_jvm_frame(struct jvm *jvm, str text)
{
    struct frame frame = {.module = STR("")};
    size_t open = str_find_last(text, '(');
    if (open == text.n || !str_ends(text, STR(")"))) {
        dump_skip(&jvm->dump, "a Java frame that is not complete");
        return;
    }
    str place = str_cut(text, open + 1, text.n - 1);
    size_t slash = str_find(place, '/', 0);
    if (slash < place.n)
        place = str_skip(place, slash + 1);
    frame.name = cut_module(str_head(text, open));
    bool native = str_equal(place, STR("Native Method"));
    if (!native && !str_equal(place, STR("Unknown Source")))
        dump_split_place(place, &frame);
    if (jvm->dump.frames.n == 0)
        jvm->waits |= (native && waits_natively(frame.name)) || waits_virtually(frame.name);
    dump_frame(&jvm->dump, &frame);
}

/* ---- lines ---- */

static bool end_thread(struct jvm *jvm)
{
    struct dump *dump = &jvm->dump;
    bool counts = jvm->open && dump->frames.n > 0;
    jvm->open = false;
    if (counts && (!jvm->waits || dump->builder->options->idle))
        return dump_count(dump, 1);
    if (counts)
        builder_leave_out(dump->builder, "idle", (int64_t[]){1});
    dump_forget(dump);
    return true;
}

static bool take_thread_line(struct jvm *jvm, str line)
{
    str text = str_trim_left(line);
    if (dump_take(&text, STR("java.lang.Thread.State: "))) {
        set_state(jvm, first_word(text));
    } else if (dump_take(&text, STR("Mounted virtual thread "))) {
        bool done = end_thread(jvm);
        start_jvm_thread(jvm, STR(""), STR(" virtual"));
        return done;
    } else if (text.n < line.n && dump_take(&text, STR("at "))) {
        take_jvm_frame(jvm, str_trim(text));
    } else if (jvm->plain && text.n < line.n && text.n > 0 && text.p[0] != '-' &&
               text.p[0] != '/') {
        take_jvm_frame(jvm, str_trim_right(text));
    }
    return true;
}

static bool take_jvm_line(struct dump *dump, str line)
{
    struct jvm *jvm = (struct jvm *)dump;
    str name, rest;
    bool plain = split_plain_header(line, &name, &rest);
    if (str_contains(line, STR("Full thread dump "))) {
        jvm->stopped = false;
        return end_thread(jvm);
    }
    if (str_starts(line, STR("Found ")) && str_contains(line, STR("Java-level deadlock"))) {
        jvm->stopped = true;
        return end_thread(jvm);
    }
    if (jvm->stopped)
        return true;
    if (plain || split_jvm_header(line, &name, &rest)) {
        bool done = end_thread(jvm);
        jvm->plain = plain;
        start_jvm_thread(jvm, name, rest);
        return done;
    }
    if (str_trim(line).n == 0)
        return end_thread(jvm);
    return !jvm->open || take_thread_line(jvm, line);
}

static bool jvm_read(struct builder *builder, struct reader_input *input, struct err *err)
{
    struct jvm jvm = {.open = false};
    dump_init(&jvm.dump, builder, err);
    return dump_read(&jvm.dump, input, take_jvm_line) && end_thread(&jvm);
}

static unsigned jvm_signs(str line)
{
    str name, rest, text = str_trim_left(line);
    if (str_contains(line, STR("Full thread dump ")))
        return 3;
    if (split_plain_header(line, &name, &rest) || split_jvm_header(line, &name, &rest))
        return 1;
    bool frame = text.n < line.n && str_ends(text, STR(")")) && str_find(text, '(', 0) < text.n;
    bool state = str_starts(text, STR("java.lang.Thread.State: "));
    return state || (frame && (str_starts(text, STR("at ")) || str_contains(text, STR("java")) ||
                               str_contains(text, STR("(Native Method)"))))
               ? 2
               : 0;
}

const struct reader reader_jvm = {
    .name = "jvm",
    .help = "thread dumps of Java: jstack, jcmd, kill -3",
    .needs = "Full thread dump |\"",
    .signs = jvm_signs,
    .read = jvm_read,
};
