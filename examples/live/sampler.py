#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sampler.py PORT: a program that serves its own profile over HTTP, as folded stacks.

    curl -s localhost:PORT | flamegraph >sampler.svg
"""
import collections, http.server, signal, sys, threading, time

GRANULARITY = 0.005
counts = collections.Counter()
start = time.time()


def sample(_signal, frame):
    stack = []
    while frame:
        stack.append('%s(%s)' % (frame.f_code.co_name, frame.f_globals.get('__name__')))
        frame = frame.f_back
    counts[';'.join(reversed(stack))] += 1


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        lines = ['elapsed %s' % (time.time() - start), 'granularity %s' % GRANULARITY]
        lines += ['%s %d' % each for each in dict(counts).items()]
        self.send_response(200)
        self.end_headers()
        self.wfile.write('\n'.join(lines + ['']).encode())

    def log_message(self, *_):
        pass


def work():
    return sum(i * i for i in range(10000))


server = http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Answer)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
signal.signal(signal.SIGVTALRM, sample)
signal.setitimer(signal.ITIMER_VIRTUAL, GRANULARITY, GRANULARITY)
while True:
    work()
