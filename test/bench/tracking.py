"""The trackers of PaddleDetection over the same frames as test/bench/tracking.mjs: reads `{"frames": …}` from standard input,
prints a line `tracker seconds` for each. Argument: a checkout of PaddleDetection."""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'tracking'))
import numpy as np

from golden import DEFAULTS, load_trackers

trackers = load_trackers(sys.argv[1])
frames = [np.array(frame, np.float32).reshape(-1, 6) for frame in json.load(sys.stdin)['frames']]
for name, options in DEFAULTS.items():
    tracker = trackers[name](**(dict(options, num_classes=1) if name == 'bytetrack' else options))
    if name == 'bot-sort':
        sys.modules['mot.tracker.base_jde_tracker'].STrack.init_count(1)
    began = time.perf_counter()
    for frame in frames:
        tracker.update(frame.copy())
    print(name, time.perf_counter() - began, flush=True)
