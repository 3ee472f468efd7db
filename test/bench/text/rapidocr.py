"""Reads pages with RapidOCR on Paddle; the answer goes to stdout as a line of JSON.

Usage: rapidocr.py PAGES.json THREADS. The classifier of upside-down lines is off, as by default on the other sides."""

import json
import os
import resource
import sys
import tempfile
import time

import rapidocr_paddle
import yaml

pages = json.load(open(sys.argv[1]))
settings = yaml.safe_load(open(os.path.join(os.path.dirname(rapidocr_paddle.__file__), "config.yaml")))
for part in ("Det", "Cls", "Rec"):
    settings[part]["cpu_math_library_num_threads"] = int(sys.argv[2])
with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
    yaml.safe_dump(settings, file)
    file.flush()
    engine = rapidocr_paddle.RapidOCR(config_path=file.name)


def read(page):
    lines, _ = engine(page, use_cls=False)
    return "\n".join(line[1] for line in lines or [])


half = (len(pages) + 1) // 2
texts = [read(page) for page in pages[:half]]
started = time.perf_counter()
texts += [read(page) for page in pages[half:]]
warm = time.perf_counter() - started
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"texts": texts, "warmSeconds": warm, "memoryMb": memory}))
