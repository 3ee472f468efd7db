"""Runs PaddleDetection's own trackers and writes test/golden/tracking/*.json.

    python test/tracking/golden.py CHECKOUT_OF_PADDLEDETECTION

Needs numpy, scipy and lap (made with numpy 2.4.6, scipy 1.17.1, lap 0.5.13). numba must not be installed: with it
PaddleDetection computes in another order. NumPy 1.23 gives the same but for OC-SORT on `ties`, where it rounds otherwise.
"""
import importlib
import json
import pathlib
import random
import sys
import types

import numpy as np

OUT = pathlib.Path(__file__).resolve().parent.parent / 'golden' / 'tracking'


def load_trackers(checkout):
    """Imports the three trackers without OpenCV and matplotlib, which they only need for camera motion."""
    root = pathlib.Path(checkout) / 'deploy/pptracking/python/mot'
    for name in ['cv2', 'matplotlib', 'matplotlib.pyplot']:
        sys.modules[name] = types.ModuleType(name)
    for name, folder in [('mot', root), ('mot.tracker', root / 'tracker')]:
        package = types.ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package
    load = lambda name: importlib.import_module(f'mot.tracker.{name}')
    return {
        'bytetrack': load('jde_tracker').JDETracker,
        'oc-sort': load('ocsort_tracker').OCSORTTracker,
        'bot-sort': load('botsort_tracker').BOTSORTTracker,
    }


# Options as in deploy/pptracking/python/tracker_config.yml, then others. `max_time_lost` is an attribute in Python.
RUNS = [
    ('bytetrack', {}),
    ('bytetrack', {'max_time_lost': 30, 'conf_thres': 0.5, 'low_conf_thres': 0.2, 'match_thres': 0.8}),
    ('oc-sort', {}),
    ('oc-sort', {'use_byte': True, 'use_angle_cost': True, 'max_age': 10, 'min_hits': 2, 'inertia': 0.3}),
    ('bot-sort', {}),
    ('bot-sort', {'match_thresh': 0.9, 'track_buffer': 10, 'new_track_thresh': 0.6}),
]
DEFAULTS = {
    'bytetrack': {'use_byte': True, 'det_thresh': 0.3, 'conf_thres': 0.6, 'low_conf_thres': 0.1, 'match_thres': 0.9},
    'oc-sort': {'det_thresh': 0.4, 'max_age': 30, 'min_hits': 3, 'iou_threshold': 0.3, 'delta_t': 3, 'inertia': 0.2},
    'bot-sort': {'track_high_thresh': 0.3, 'track_low_thresh': 0.2, 'new_track_thresh': 0.4, 'match_thresh': 0.7},
}


def run(trackers, name, options, frames):
    options = dict(DEFAULTS[name], **options)
    max_time_lost = options.pop('max_time_lost', 0)
    if name == 'bytetrack':
        tracker = trackers[name](num_classes=3, **options)
        tracker.max_time_lost = max_time_lost
    else:
        tracker = trackers[name](**options)
    if name == 'bot-sort':
        sys.modules['mot.tracker.base_jde_tracker'].STrack.init_count(3)
    return [output(name, tracker.update(np.array(f, np.float32).reshape(-1, 6))) for f in frames]


def output(name, tracked):
    """Rows of id, class (-1 where the tracker has none), score, x1, y1, x2, y2, in the tracker's order."""
    if name == 'oc-sort':
        rows = [[int(t[5]), -1, t[4], *t[:4]] for t in tracked]
    else:
        if name == 'bytetrack':
            tracked = [t for cls_id in range(3) for t in tracked[cls_id]]
        rows = [[t.track_id, int(t.cls_id), t.score, *t.tlbr] for t in tracked]
    return [[*r[:2], *(round(float(v), 4) for v in r[2:])] for r in rows]


class Mover:
    def __init__(self, rng, cls_id=0):
        self.rng = rng
        self.x, self.y = rng.uniform(50, 850), rng.uniform(50, 500)
        self.vx, self.vy = rng.uniform(-9, 9), rng.uniform(-5, 5)
        self.w, self.h = rng.uniform(30, 90), rng.uniform(60, 160)
        self.cls_id = cls_id

    def step(self):
        self.x += self.vx
        self.y += self.vy
        if not 0 < self.x < 900:
            self.vx = -self.vx
        if not 0 < self.y < 560:
            self.vy = -self.vy

    def row(self, score):
        n = lambda: self.rng.uniform(-1, 1)
        x, y, w, h = self.x + n(), self.y + n(), self.w + n(), self.h + n()
        return [self.cls_id, round(score, 3), round(x, 2), round(y, 2), round(x + w, 2), round(y + h, 2)]


def moving(seed, count, frames, detect, classes=1):
    """`detect(rng, i, t)` gives the score of object i in frame t, or None where it isn't found."""
    rng = random.Random(seed)
    objects = [Mover(rng, i % classes) for i in range(count)]
    out = []
    for t in range(frames):
        rows = []
        for i, o in enumerate(objects):
            o.step()
            score = detect(rng, i, t)
            if score is not None:
                rows.append(o.row(score))
        rng.shuffle(rows)
        out.append(rows)
    return out


def crowd(rng, i, t):
    return rng.uniform(0.35, 0.98)


def gaps(rng, i, t):
    if rng.random() < 0.2:
        return None
    return rng.uniform(0.12, 0.6) if rng.random() < 0.3 else rng.uniform(0.6, 0.99)


def empty(rng, i, t):
    return None if t < 2 or t % 17 in (9, 10, 11) or 40 <= t < 52 else rng.uniform(0.5, 0.99)


def occlusion(rng, i, t):
    return None if (t + 13 * i) % 60 < 6 + 5 * i else rng.uniform(0.65, 0.99)


def crossing():
    """Pairs that walk through each other, hidden for some frames where they meet."""
    rng = random.Random(5)
    out = []
    for t in range(80):
        rows = []
        for lane in range(4):
            speed = 6 + 2 * lane
            for side in (0, 1):
                x = 40 + speed * t if side == 0 else 760 - speed * t
                if lane % 2 and side and abs(400 - x) < 60:
                    continue
                score = 0.3 if abs(400 - x) < 30 else 0.9
                y = 30 + 130 * lane
                j = lambda: rng.uniform(-1, 1)
                rows.append([0, round(score + 0.05 * j(), 3), round(x + j(), 2), round(y + j(), 2),
                             round(x + 60 + j(), 2), round(y + 120 + j(), 2)])
        out.append(rows)
    return out


def ties():
    """A grid of equal boxes on whole pixels that moves by half a column, and doubles: many equal costs."""
    out = []
    for t in range(60):
        rows = []
        for r in range(3):
            for c in range(4):
                if (r + c + t) % 9 == 0:
                    continue
                x, y = 100 + 30 * c + 15 * (t % 5), 80 + 40 * r + 10 * (t % 3)
                rows.append([0, 0.9 if (r * c + t) % 4 else 0.5, x, y, x + 40, y + 60])
                if (r + 2 * c + t) % 7 == 0:
                    rows.append([0, 0.8, x, y, x + 40, y + 60])
        out.append(rows)
    return out


def tight():
    """Boxes of changing size that jump within a small area; the seed is one for which the order of new ids matters."""
    rng = random.Random(101)
    points = [[rng.uniform(0, 120), rng.uniform(0, 120)] for _ in range(10)]
    out = []
    for _ in range(60):
        rows = []
        for p in points:
            p[0] += rng.uniform(-12, 12)
            p[1] += rng.uniform(-12, 12)
            if rng.random() < 0.75:
                x, y, w, h = p[0], p[1], rng.uniform(30, 60), rng.uniform(30, 80)
                rows.append([0, round(rng.uniform(0.05, 0.99), 2), *(round(v, 2) for v in (x, y, x + w, y + h))])
        out.append(rows)
    return out


def assignments():
    """Matrices of few different costs, so that many assignments are equally good, and what lap chooses."""
    import lap
    rng = random.Random(7)
    out = []
    for k in range(120):
        rows, columns = rng.randint(1, 7), rng.randint(1, 7)
        costs = [[rng.choice([0, 0.25, 0.5, 0.75, 1] if k % 3 else [round(rng.random(), 4)]) for _ in range(columns)]
                 for _ in range(rows)]
        limit = rng.choice([None, 0.5, 0.7, 0.9])
        limited = {} if limit is None else {'cost_limit': limit}
        _, x, _ = lap.lapjv(np.array(costs, np.float32 if k % 2 else float), extend_cost=True, **limited)
        out.append({'costs': costs, 'limit': limit, 'rows': [int(v) for v in x]})
    return out


def main():
    trackers = load_trackers(sys.argv[1])
    sequences = {
        'crossing': crossing(),
        'crowd': moving(1, 12, 60, crowd),
        'gaps': moving(2, 7, 90, gaps),
        'empty': moving(3, 5, 80, empty),
        'occlusion': moving(4, 6, 120, occlusion),
        'classes': moving(6, 6, 60, gaps, classes=3),
        'tight': tight(),
        'ties': ties(),
    }
    OUT.mkdir(parents=True, exist_ok=True)
    for name, frames in sequences.items():
        runs = []
        for tracker, options in RUNS:
            if tracker == 'bot-sort' and name == 'classes':
                continue  # its ids of several classes clash, and objects are lost
            runs.append({'tracker': tracker, 'options': options, 'frames': run(trackers, tracker, options, frames)})
        text = json.dumps({'frames': frames, 'runs': runs}, separators=(',', ':'))
        (OUT / f'{name}.json').write_text(text + '\n')
    (OUT / 'assignments.json').write_text(json.dumps(assignments(), separators=(',', ':')) + '\n')


if __name__ == '__main__':
    main()
