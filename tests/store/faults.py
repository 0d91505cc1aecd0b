# SPDX-License-Identifier: MIT
"""faults.py run|soak|cost: eight real workers with the sampler of examples/store.

    run             four work, one is killed, one accepts and never answers, one sends garbage, one
                    is restarted, while the store is collected, served and read by 100 at a time
    soak SECONDS    the same without readers at once, for long: the memory must stay as it is
    cost            what the sampler takes of a worker's throughput

Prints TAP. Every worker logs what it answered. $PATH has flamestore."""

import http.client
import io
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../examples/store"))
import sampler  # noqa: E402

EVERY = 1  # seconds from one question to the next
TIMEOUT = 15  # of the one that never answers: long enough that a delay by it is seen
LEAST = 10  # answers of each good worker
PATIENCE = 240  # seconds for anything

# ---- a worker --------------------------------------------------------------------------------


def spin(n):
    return sum(i * i for i in range(n))


def parse(n):
    return spin(n)


def render(n):
    return spin(n // 2) + parse(n // 4)


def work():
    """A third of a processor at most, so that eight workers fit on two."""
    while True:
        end = time.process_time() + 0.02
        while time.process_time() < end:
            parse(500), render(900)
        time.sleep(0.1)


def worker(port, log, life, answers, ending):
    """Answers and logs what it answered. After so many answers it ends by SIGKILL, or by itself
    ("exit"); 0: never."""
    server = sampler.start(port)
    handler = server.RequestHandlerClass
    state = {"given": 0, "refuses": False}
    one = threading.Lock()

    class Logged(handler):
        def do_GET(self):
            with one:
                if state["refuses"]:
                    self.send_error(503)
                    return
                to, self.wfile = self.wfile, io.BytesIO()
                handler.do_GET(self)
                answer = self.wfile.getvalue()
                self.wfile = to
                to.write(answer)
                to.flush()
                self.connection.shutdown(socket.SHUT_WR)
                self.record(answer.split(b"\r\n\r\n", 1)[1].decode())

        def record(self, body):
            lines = [line.rsplit(" ", 1) for line in body.splitlines()]
            stacks = {a: int(b) for a, b in lines if a not in ("elapsed", "granularity")}
            entry = {"life": life, "at": time.monotonic(), "stacks": stacks}
            with open(log, "a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")
            state["given"] += 1
            if state["given"] == answers and ending == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if state["given"] == answers and ending == "exit":
                os._exit(0)

    server.RequestHandlerClass = Logged
    signal.signal(signal.SIGUSR1, lambda *_: state.update(refuses=True))
    print(server.server_port, flush=True)
    work()


def silent():
    """Accepts and never answers."""
    server = socket.create_server(("127.0.0.1", 0), backlog=100)
    print(server.getsockname()[1], flush=True)
    kept = []
    while True:
        kept.append(server.accept())


def garbage():
    server = socket.create_server(("127.0.0.1", 0), backlog=100)
    print(server.getsockname()[1], flush=True)
    for n in range(1 << 30):
        connection = server.accept()[0]
        connection.recv(4096)
        body = bytes((i * 37 + n) % 256 for i in range(5000))
        head = b"" if n % 2 else b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
        connection.sendall(head + body)
        connection.close()


# ---- the run ---------------------------------------------------------------------------------

checks = 0
failures = 0


def check(good, title, why=""):
    global checks, failures
    checks += 1
    failures += not good
    print(("ok" if good else "not ok"), checks, "-", title, flush=True)
    if not good:
        for line in str(why).splitlines():
            print("#", line[:600])


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


class Farm:
    """Workers, a collector and a server, all ended by stop()."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.ports = {}
        self.store = os.path.join(folder, "store.db")

    def start(self, *command, **options):
        process = subprocess.Popen(command, text=True, **options)
        self.processes.append(process)
        return process

    def log_of(self, name):
        return os.path.join(self.folder, name + ".log")

    def add(self, name, *role, port=0, life=1):
        if role[0] == "worker":
            role = ("worker", str(port), self.log_of(name), str(life)) + role[1:]
        process = self.start(sys.executable, __file__, *role, stdout=subprocess.PIPE)
        self.ports[name] = int(process.stdout.readline())
        return process

    def log(self, name):
        """What it answered, by life; the last line may be in the making."""
        try:
            with open(self.log_of(name), encoding="utf-8") as file:
                return [json.loads(line) for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def collect(self):
        file = os.path.join(self.folder, "sources")
        with open(file, "w", encoding="utf-8") as sources:
            for name, port in self.ports.items():
                print(f"http://127.0.0.1:{port}/ source={name} kind={name[:4]}", file=sources)
        self.collector = self.start(
            "flamestore", "--store", self.store, "collect", "--every", f"{EVERY}s", "--timeout",
            f"{TIMEOUT}s", "--sources", file, stderr=open(self.log_of("collector"), "w"))

    def serve(self):
        self.server = self.start("flamestore", "--store", self.store, "serve", "--listen",
                                 "127.0.0.1:0", stderr=subprocess.PIPE)
        said = self.server.stderr.readline()
        self.address = re.search(r"http://(\S+)/", said).group(1)

    def get(self, path, timeout=PATIENCE):
        connection = http.client.HTTPConnection(self.address, timeout=timeout)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def stored(self, name):
        text = subprocess.run(
            ["flamestore", "--store", self.store, "get", "--from=-1d", "--until=2099-01-01",
             "--source", name, "--output-format=folded"],
            capture_output=True, text=True).stdout
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        return {stack: int(count) for stack, count in lines}

    def expected(self, name):
        """What it answered last in each of its lives, added up."""
        last = {entry["life"]: entry["stacks"] for entry in self.log(name)}
        total = {}
        for stacks in last.values():
            for stack, count in stacks.items():
                total[stack] = total.get(stack, 0) + count
        return total

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()


GOOD = ["good1", "good2", "good3", "good4"]
FAILING = ["killed", "silent", "garbage"]


def start_farm(farm):
    workers = [farm.add(name, "worker", "0", "never") for name in GOOD]
    farm.add("killed", "worker", "4", "kill")
    restarted = farm.add("again", "worker", "4", "exit")
    farm.add("silent", "silent")
    farm.add("garbage", "garbage")
    farm.serve()
    farm.collect()
    return workers, restarted


def check_times(farm, seconds):
    for name in GOOD:
        times = [entry["at"] for entry in farm.log(name)]
        apart = [b - a for a, b in zip(times, times[1:])]
        check(len(times) >= 0.6 * seconds / EVERY and max(apart) < TIMEOUT / 2,
              f"{name} was asked on time",
              f"{len(times)} times in {seconds:.1f} s, at most {max(apart):.2f} s apart")


def check_totals(farm, names):
    for name in names:
        stored, wanted = farm.stored(name), farm.expected(name)
        total = sum(wanted.values())
        check(stored == wanted and total > 0, f"{name}: the store has what it logged, exactly",
              f"stored {sum(stored.values())}, logged {total}; differ: "
              + str([(s, stored.get(s), wanted.get(s)) for s in set(stored) | set(wanted)
                     if stored.get(s) != wanted.get(s)][:4]))


def read_at_once(farm, readers):
    """As many threads, each with a page of its own."""
    answers = []

    def read(n):
        query = urllib.parse.urlencode({"from": f"-{n + 10}min", "tag": f"source={GOOD[n % 4]}"})
        try:
            status, body = farm.get("/?" + query)
            answers.append(status == 200 and body.rstrip().endswith(b"</html>"))
        except OSError as problem:
            answers.append(problem)

    threads = [threading.Thread(target=read, args=(n,)) for n in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def run():
    with tempfile.TemporaryDirectory() as folder:
        farm = Farm(folder)
        try:
            workers, restarted = start_farm(farm)
            began = time.monotonic()
            wait_for(lambda: restarted.poll() is not None)
            port = farm.ports["again"]
            workers.append(farm.add("again", "worker", "0", "never", port=port, life=2))
            wait_for(lambda: min(len(farm.log(name)) for name in GOOD) >= LEAST)
            before = [len(farm.log(name)) for name in GOOD]
            answers = read_at_once(farm, 100)
            check(answers == [True] * 100, "100 readers at once get their pages",
                  [one for one in answers if one is not True][:5])
            wait_for(lambda: all(len(farm.log(name)) > n + 1 for name, n in zip(GOOD, before)))
            check(wait_for(lambda: all(noted(farm, name, "") for name in FAILING)),
                  "the collector says which sources fail")
            seconds = time.monotonic() - began
            # A worker that refuses has been heard in all that it said before.
            for process in workers:
                process.send_signal(signal.SIGUSR1)
            check(wait_for(lambda: all(noted(farm, name, "503") for name in GOOD + ["again"])),
                  "the collector goes on when all refuse")
            farm.collector.terminate()
            farm.collector.wait(PATIENCE)
            check_times(farm, seconds)
            check_totals(farm, GOOD + ["killed", "again"])
            check(sorted({entry["life"] for entry in farm.log("again")}) == [1, 2],
                  "one worker had two lives")
            status, page = farm.get("/")
            gaps = " ".join(re.findall(r'class="gap".*?<title>(.*?)</title>', page.decode(), re.S))
            for name in FAILING:
                check(name in gaps, f"{name}: the page shows the gap", gaps[:500])
            known = subprocess.run(["flamestore", "--store", farm.store, "check"],
                                   capture_output=True, text=True)
            check(known.stdout == "ok\n", "the store is intact", known.stdout + known.stderr)
            farm.server.terminate()
            check(farm.server.wait(PATIENCE) == 0, "the server ends", farm.server.returncode)
        finally:
            farm.stop()


def noted(farm, name, why):
    """The collector has said that this source fails so."""
    with open(farm.log_of("collector"), encoding="utf-8") as file:
        return re.search(rf"{name}\b.*{why}", file.read()) is not None


# ---- soak and cost ---------------------------------------------------------------------------


def resident(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1))


def files_open(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def soak(seconds):
    with tempfile.TemporaryDirectory() as folder:
        farm = Farm(folder)
        try:
            start_farm(farm)
            began = time.monotonic()
            sizes = {"collector": [], "server": []}
            files = {"collector": [], "server": []}
            pages = 0
            while time.monotonic() - began < seconds:
                status, body = farm.get(["/", "/?from=-2min", "/profile.folded?from=-5min",
                                         "/?from=-1min&before-from=-2min&before-until=-1min",
                                         "/?tag=source%3Dgood1&by=source"][pages % 5])
                pages += status == 200
                for name in sizes:
                    sizes[name].append(resident(getattr(farm, name)))
                    files[name].append(files_open(getattr(farm, name)))
                time.sleep(0.2)
            for name, all_sizes in sizes.items():
                third = len(all_sizes) // 3
                first, last = (statistics.median(part) for part in
                               (all_sizes[third:2 * third], all_sizes[2 * third:]))
                check(last <= first * 1.1 + 2048, f"the memory of the {name} stays as it is",
                      f"{first} kB, then {last} kB")
                print(f"# {name}: {first} kB, then {last} kB; {pages} pages")
                check(max(files[name][2 * third:]) <= max(files[name][:2 * third]) + 5,
                      f"and so do its open files", files[name][-1])
            check(pages > seconds / 10, "pages were read", pages)
        finally:
            farm.stop()


def handle(depth):
    return spin(2000) if depth == 0 else handle(depth - 1)


def rate(seconds):
    n, end = 0, time.process_time() + seconds
    while time.process_time() < end:
        handle(20)
        n += 1
    return n


def cost():
    """By processor time, the sampler on and off in turn. Others on the machine only make it look
    worse, so the best of a few counts."""
    sampler.start(0)
    costs = []
    while len(costs) < 6 and not (costs and min(costs) <= 1):
        on, off = [], []
        for _ in range(20):
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.005, 0.005)
            on.append(rate(0.15))
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            off.append(rate(0.15))
        costs.append(100 * (1 - statistics.median(on) / statistics.median(off)))
    check(min(costs) <= 2, "the sampler takes at most 2 % of a worker's throughput", costs)
    print("# measured:", ", ".join(f"{one:.2f} %" for one in costs))


if __name__ == "__main__":
    what = sys.argv[1]
    if what == "worker":
        worker(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), sys.argv[6])
    elif what in ("silent", "garbage"):
        {"silent": silent, "garbage": garbage}[what]()
    else:
        soak(float(sys.argv[2])) if what == "soak" else {"run": run, "cost": cost}[what]()
        print(f"1..{checks}")
        sys.exit(failures > 0)
