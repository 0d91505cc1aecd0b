# SPDX-License-Identifier: MIT
"""sampler: a statistical profiler for a worker. Put `import sampler; sampler.start(16384)` into its
main thread, and collect: `flamestore --store prof.db collect http://127.0.0.1:16384`."""
import atexit, collections, http.server, signal, threading, time


def start(port, interval=0.005):
    """Sample the main thread each `interval` seconds of its processor time, and serve the counts
    since the start as folded stacks on 127.0.0.1. Returns the server."""
    counts, began = collections.Counter(), time.monotonic()

    def sample(_signal, frame):
        stack = []
        while frame:
            stack.append(f'{frame.f_code.co_name} ({frame.f_globals["__name__"]})')
            frame = frame.f_back
        counts[';'.join(reversed(stack))] += 1

    class Answer(http.server.BaseHTTPRequestHandler):
        log_message = lambda *_: None

        def do_GET(self):
            lines = [f'elapsed {time.monotonic() - began:.3f}', f'granularity {interval}']
            lines += [f'{stack} {count}' for stack, count in dict(counts).items()]
            body = '\n'.join([*lines, '']).encode()
            self.send_response(200)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = http.server.ThreadingHTTPServer(('127.0.0.1', port), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.signal(signal.SIGVTALRM, sample)
    signal.setitimer(signal.ITIMER_VIRTUAL, interval, interval)
    atexit.register(signal.setitimer, signal.ITIMER_VIRTUAL, 0)
    return server
