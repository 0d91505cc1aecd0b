# SPDX-License-Identifier: MIT
"""A worker that answers like many: python3 worker.py DIR

It listens on a free port of 127.0.0.1, which it writes to DIR/port. Paths:

    /counter/NAME   counts since it was started: elapsed, granularity, stacks (Nylas's sampler)
    /plain/NAME     the same counts without elapsed
    /restart/NAME   as /counter/NAME, after a restart of its counting
    /snapshot/NAME  folded stacks of the time since the last request
    /pprof          (a file, DIR/pprof)
    /dead           accepts and never answers
    /garbage /empty /redirect /missing /cut /endless /bomb /slow
    /ingest         holds a POST to the documented form of Pyroscope, see check_ingest()

DIR/asked has a line "PATH" for each request, DIR/totals a line "NAME TOTAL" for each stack count
that was given away: the last line of a name (of each restart) is what a store must have.
"""

import gzip
import http.server
import json
import os
import random
import sys
import threading
import time
import urllib.parse

directory = sys.argv[1]
lock = threading.Lock()
counters = {}


def log(name, line):
    with lock, open(os.path.join(directory, name), "a", encoding="utf-8") as file:
        file.write(line + "\n")


class Counter:
    """Counts some more stacks whenever it is asked."""

    def __init__(self, name):
        self.name = name
        self.begin()

    def begin(self):
        self.stacks = {}
        self.started = time.time()
        self.life = f"{self.name}/{self.started}"

    def count(self):
        for _ in range(random.randrange(5, 50)):
            depth = random.randrange(1, 6)
            stack = ";".join(f"f{random.randrange(3)}" for _ in range(depth))
            self.stacks[stack] = self.stacks.get(stack, 0) + random.randrange(1, 100)
        return sum(self.stacks.values())

    def text(self):
        return "".join(f"{stack} {count}\n" for stack, count in sorted(self.stacks.items()))


def counter(name):
    with lock:
        return counters.setdefault(name, Counter(name))


def check_ingest(handler, body):
    """What is wrong with a request to /ingest; "" if nothing is."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(handler.path).query, strict_parsing=True)
    kind = handler.headers["Content-Type"]
    if not kind.startswith("multipart/form-data; boundary="):
        return f"Content-Type is {kind}"
    for key in ("name", "from", "until", "format"):
        if len(query.get(key, [])) != 1:
            return f"{key} is missing"
    if query["format"] != ["pprof"]:
        return "format is not pprof"
    if not 0 < int(query["from"][0]) <= int(query["until"][0]) <= time.time() + 2:
        return "from and until are no times of now"
    name = query["name"][0]
    app, _, rest = name.partition("{")
    if not app or not rest.endswith("}") or any(
        label.count("=") != 1 for label in rest[:-1].split(",")
    ):
        return f"name is {name}"
    parts = {}
    for part in body.split(b"--" + kind.partition("boundary=")[2].encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        field = head.split(b'name="')[1].split(b'"')[0].decode()
        if b'filename="' not in head:
            return f"{field} is no file"
        parts[field] = data[:-2]
    if not parts.get("profile", b"").startswith(b"\x1f\x8b"):
        return "profile is not packed by gzip"
    config = json.loads(parts["sample_type_config"])
    for value in config.values():
        if value["aggregation"] != "sum" or not value["units"]:
            return "sample_type_config is wrong"
    with open(os.path.join(directory, f"ingested.{time.monotonic_ns()}.pb.gz"), "wb") as file:
        file.write(parts["profile"])
    log("names", name)
    return ""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def give(self, data, status=200, **headers):
        if isinstance(data, str):
            data = data.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)

    def give_counter(self, name, elapsed, restart):
        one = counter(name)
        with lock:
            if restart:
                one.begin()
            total = one.count()
            text = one.text()
            passed = time.time() - one.started
        self.give((f"elapsed {passed:.6f}\ngranularity 0.005\n" if elapsed else "") + text)
        log("totals", f"{one.life} {total}")

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        log("asked", path)
        kind, _, name = path[1:].partition("/")
        if kind in ("counter", "plain", "restart"):
            self.give_counter(name, kind != "plain", kind == "restart")
        elif kind == "snapshot":
            one = Counter(name)
            total = one.count()
            self.give(one.text())
            log("totals", f"{one.life} {total}")
        elif kind == "pprof":
            with open(os.path.join(directory, "pprof"), "rb") as file:
                self.give(file.read())
        elif kind in ("dead", "slow"):
            time.sleep(600 if kind == "dead" else 1.5)
            self.give("main;slow 1\n")
        elif kind == "garbage":
            self.give(random.randbytes(5000))
        elif kind == "empty":
            self.give("")
        elif kind == "redirect":
            self.give("", 302, Location="/snapshot/redirected")
        elif kind == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"main;cut 1\n")
            self.close_connection = True
        elif kind == "endless":
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"main;endless 1\n" * 1000)
            except OSError:
                self.close_connection = True
        elif kind == "bomb":
            self.give(gzip.compress(b"a" * (1 << 20) + b" 1\n" + b"b" * (400 << 20)))
        else:
            self.give("no\x1b[2J such path\n", 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        log("asked", urllib.parse.urlsplit(self.path).path)
        if not self.path.startswith("/ingest?"):
            self.give("", 404)
            return
        fault = check_ingest(self, body)
        if fault:
            log("faults", fault)
        self.give("", 422 if fault else 200)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Handler)
with open(os.path.join(directory, "port.new"), "w", encoding="utf-8") as file:
    file.write(str(server.server_address[1]))
os.rename(os.path.join(directory, "port.new"), os.path.join(directory, "port"))
server.serve_forever()
