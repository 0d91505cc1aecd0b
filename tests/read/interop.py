# SPDX-License-Identifier: MIT
"""interop.py BUILD SEED COUNT: what collapse writes for other programs says what it read.

Profiles of pprof with hostile names, several values, labels, files, lines and inlined functions are
made up and written as pprof and as speedscope by collapse. Read again, they are the same stacks,
for each value, each label as the root, with lines and without inlined functions. The files of
speedscope follow its schema.
"""

import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lib"))
from protobuf import field, varint  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None

build, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
dice = random.Random(seed)
run = failed = 0


def ok(good, title, why=""):
    global run, failed
    run += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", run, title))
    if not good:
        print("\n".join("# " + line for line in why.splitlines()[:20]))


# ---- protocol buffers ----


def number(place, n):
    return field(place, n) if n else b""


def packed(place, numbers):
    return field(place, b"".join(map(varint, numbers)))


NAMES = [
    b"main", b"a b", b"a;b", b"", b"#x", b"12", b"1.5", b"x 3", b" lead", b"trail ", b"tab\there",
    b"line\nend", b"cr\rhere", b"\x1b[31mred", b"\x7f", b"\xff\xfe", b"na\xc3me", "süß".encode(),
    "日本".encode(), b"std::map<int, char>::at(int)", b"a\"b\\c", b"<b>&", b"f_[k]", b"g_[i]",
    b"(idle)", b"runtime.(*T).f", b"x:file.c:3", b"nul\0in", b":", b"[unknown]", b"f:7",
]
FILES = [b"", b"/src/a.c", b"b;c.py", b"/x/\xffy.go", b"dir/", b"a b.c"]
TYPES = [(b"samples", b"count"), (b"cpu", b"nanoseconds"), (b"space", b"bytes"), (b"odd", b"")]
KEYS = [b"endpoint", b"a b", b"thread;x", b"n"]


class Profile:
    def __init__(self):
        self.strings = {b"": 0}

    def string(self, text):
        return self.strings.setdefault(text, len(self.strings))

    def label(self, key):
        if key == b"n":
            text = number(3, dice.choice([1, 4096, (1 << 64) - 5])) + \
                number(4, self.string(dice.choice([b"", b"bytes"])))
        else:
            text = number(2, self.string(dice.choice(NAMES[:3] + NAMES[4:])))
        return field(3, number(1, self.string(key)) + text)

    def make(self):
        out = b""
        types = TYPES[:dice.randint(1, 4)]
        for name, unit in types:
            out += field(1, number(1, self.string(name)) + number(2, self.string(unit)))
        functions = dice.randint(1, 12)
        locations = dice.randint(1, 15)
        for i in range(1, functions + 1):
            out += field(5, number(1, i) + number(2, self.string(dice.choice(NAMES))) +
                        number(4, self.string(dice.choice(FILES))))
        for i in (1, 2):
            out += field(3, number(1, i) + number(5, self.string(dice.choice(FILES))))
        for i in range(1, locations + 1):
            lines = b"".join(
                field(4, number(1, dice.randint(1, functions)) + number(2, dice.choice([0, 3, 77])))
                for _ in range(dice.choice([0, 1, 1, 1, 2, 3])))
            out += field(4, number(1, i) + number(2, dice.randint(0, 2)) +
                        number(3, 4096 + i) + lines)
        for _ in range(dice.randint(1, 30)):
            stack = [dice.randint(1, locations) for _ in range(dice.randint(0, 6))]
            values = [dice.choice([0, 1, 5, 1 << 40, (1 << 62) + 3]) if dice.random() < 0.1
                      else dice.randint(0, 9) for _ in types]
            labels = b"".join(self.label(key) for key in KEYS if dice.random() < 0.5)
            out += field(2, packed(1, stack) + packed(2, values) + labels)
        for text in self.strings:
            out += field(6, text)
        return out, [name.decode() for name, _ in types]


# ---- collapse ----


def collapse(*options):
    done = subprocess.run([build + "/collapse", "-q", *options], capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit("collapse %s: %s" % (options, done.stderr))
    return done.stdout if done.returncode == 0 else None


def clean(folded):
    """As files say it that must be UTF-8; sums of what becomes equal then."""
    sums = {}
    for line in (folded or b"").decode(errors="replace").split("\n"):
        if line:
            stack, weight = line.rsplit(" ", 1)
            sums[stack] = sums.get(stack, 0) + int(weight)
    return sums


def compare(title, *pairs):
    for before, after, what in pairs:
        if clean(before) != clean(after):
            a, b = clean(before), clean(after)
            lines = ["-%s %d" % (k, a[k]) for k in a if b.get(k) != a[k]]
            lines += ["+%s %d" % (k, b[k]) for k in b if a.get(k) != b[k]]
            ok(False, title, what + "\n" + "\n".join(lines))
            return
    ok(True, title)


def speedscope_schema():
    """The schema that speedscope publishes, or None where npm did not install it."""
    for place in (build, build + "/..", build + "/../..", os.environ.get("srcdir", ".") + "/build"):
        path = place + "/node_modules/speedscope/dist/release/file-format-schema.json"
        if os.path.exists(path):
            with open(path) as file:
                return json.load(file)
    return None


schema = speedscope_schema()


def check_schema(title, text):
    """The published schema allows unknown members: our own files have none."""
    top = json.loads(text)
    if not jsonschema or not schema:
        return
    try:
        jsonschema.validate(top, schema)
        ok(set(top) <= {"$schema", "exporter", "name", "activeProfileIndex", "shared", "profiles"}
           and all(len(p["samples"]) == len(p["weights"]) for p in top["profiles"]), title)
    except jsonschema.ValidationError as error:
        ok(False, title, error.message)


for turn in range(count):
    content, values = Profile().make()
    with open("in.pb", "wb") as file:
        file.write(content)
    # a value that is 0 in all samples is no profile: it is not written
    chosen = next((v for v in values if collapse("--sample-index", v, "in.pb")), None)
    if not chosen:
        continue
    first = ["--sample-index", chosen]
    collapse(*first, "-o", "out.pb.gz", "in.pb")
    views = [["--sample-index", v] for v in values]
    views += [first + more for more in
              (["--no-inlines"], ["--lines"], ["--all"], ["--tag-root", "endpoint"],
               ["--tag-root", "a b,n"], ["--tag-focus", "thread;x=."], ["--tag-ignore", "n=4096"])]
    compare("%d: pprof" % turn,
            *[(collapse(*v, "in.pb"), collapse(*v, "out.pb.gz"), str(v)) for v in views])
    collapse(*first, "--hide", "^main$", "--focus", ".", "-o", "less.pb.gz", "in.pb")
    compare("%d: filtered, then pprof" % turn,
            *[(collapse(*v, "--hide", "^main$", "--focus", ".", "in.pb"),
               collapse(*v, "less.pb.gz"), str(v)) for v in views[:len(values)]
              if collapse(*v, "--hide", "^main$", "--focus", ".", "in.pb")])
    plain = collapse(*first, "in.pb")
    collapse(*first, "-o", "out.speedscope.json", "in.pb")
    with open("out.speedscope.json", "rb") as file:
        check_schema("%d: the schema of speedscope" % turn, file.read())
    compare("%d: speedscope" % turn, (plain, collapse("out.speedscope.json"), "plain"),
            (collapse(*first, "--lines", "in.pb"),
             collapse("--lines", "out.speedscope.json"), "--lines"))
    with open("in.folded", "wb") as file:
        file.write(plain)
    collapse("--input-format", "folded", "-o", "folded.pb.gz", "in.folded")
    compare("%d: folded" % turn, (plain, collapse("folded.pb.gz"), "folded"))

print("1..%d" % run)
sys.exit(failed > 0)
