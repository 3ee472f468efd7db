"""Shared code of the external Python runtimes: requests are JSON lines, replies go to file descriptor 3, tensors are raw files."""
import json
import os
import signal
import sys
import time

# Ctrl-C is sent to all processes of a terminal; the parent decides when this one ends.
signal.signal(signal.SIGINT, signal.SIG_IGN)
answers = os.fdopen(3, "w")

NUMPY_NAMES = {"float32": "float32", "float64": "float64", "int32": "int32", "int64": "int64", "uint8": "uint8",
               "int8": "int8", "bool": "bool", "float16": "float32", "bfloat16": "float32"}


class Unavailable(Exception):
    """The runtime's packages are missing, or it does not support the precision."""


def answer(**content):
    answers.write(json.dumps(content) + "\n")
    answers.flush()


def read_feed(feed):
    import numpy as np

    return {
        tensor["name"]: np.fromfile(tensor["file"], NUMPY_NAMES[tensor["dtype"]]).reshape(tensor["shape"])
        for tensor in feed
    }


def write_outputs(outputs, folder, image):
    import numpy as np

    written = []
    for i, (name, value) in enumerate(outputs):
        if value.dtype.name not in NUMPY_NAMES or value.dtype == np.float16:
            value = value.astype("float32")
        file = os.path.join(folder, f"output-{image}-{i}")
        np.ascontiguousarray(value).tofile(file)
        written.append({"name": name, "dtype": value.dtype.name, "shape": list(value.shape), "file": file})
    return written


def open_model(request, create):
    """`create(request)` returns `(run, library)`; `run(inputs)` returns pairs of names and arrays."""
    started = time.perf_counter()
    run, library = create(request)
    load_ms = (time.perf_counter() - started) * 1000
    feeds = [read_feed(feed) for feed in request["feeds"]]
    started = time.perf_counter()
    first = run(feeds[0])
    first_ms = (time.perf_counter() - started) * 1000
    found = [first] + [run(feed) for feed in feeds[1 : request["images"]]]
    outputs = [write_outputs(output, request["folder"], i) for i, output in enumerate(found)]
    answer(kind="opened", loadMs=load_ms, firstRunMs=first_ms, outputs=outputs, library=library)
    return run, feeds


def turn(request, run, feeds):
    chosen = [feeds[i] for i in request["feeds"]]
    for i in range(request["warmup"]):
        run(chosen[i % len(chosen)])
    latencies = []
    started = time.perf_counter()
    while len(latencies) < request["runs"]:
        before = time.perf_counter()
        if latencies and (before - started) * 1000 > request["maxMs"]:
            break
        run(chosen[len(latencies) % len(chosen)])
        latencies.append((time.perf_counter() - before) * 1000)
    answer(kind="turned", latenciesMs=latencies, wallMs=(time.perf_counter() - started) * 1000)


def serve(create):
    run = feeds = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["kind"] == "open":
                run, feeds = open_model(request, create)
            else:
                turn(request, run, feeds)
        except Unavailable as error:
            answer(kind="error", code="ENGINE_UNAVAILABLE", message=str(error))
        except Exception as error:  # A failure of the runtime is a row of the report.
            answer(kind="error", message=f"{type(error).__name__}: {error}")
