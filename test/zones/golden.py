"""Counts of supervision's LineZone on random tracks, for golden.test.ts: python3 golden.py > ../golden/zones.json"""

import json
import sys
import warnings

import numpy as np
import supervision as sv

warnings.filterwarnings("ignore")
random = np.random.default_rng(5)

ANCHORS = {
    "corners": None,
    "bottom-center": [sv.Position.BOTTOM_CENTER],
    "center": [sv.Position.CENTER],
    "center-left,top-right": [sv.Position.CENTER_LEFT, sv.Position.TOP_RIGHT],
}


def tracks(objects, frames):
    """Boxes that wander over the line, some to and fro; each is missing in single frames."""
    places = random.uniform(20, 280, (objects, 2))
    steps = random.normal(0, 4, (objects, 2))
    sizes = random.uniform(4, 30, (objects, 2))
    classes = random.integers(0, 3, objects)
    missing = np.zeros(objects, dtype=bool)
    rows = []
    for _ in range(frames):
        steps = 0.9 * steps + random.normal(0, 3, (objects, 2))
        places = places + steps
        beyond = (places < 0) | (places > 300)
        steps[beyond] *= -1
        places = np.clip(places, 0, 300)
        missing = ~missing & (random.uniform(size=objects) < 0.05)
        frame = []
        for i in np.flatnonzero(~missing):
            box = [*(places[i] - sizes[i] / 2), *(places[i] + sizes[i] / 2)]
            frame.append([int(i) + 1, int(classes[i]), *(round(float(value), 2) for value in box)])
        rows.append(frame)
    return rows


def count(frames, line, anchors, threshold):
    chosen = {} if anchors is None else {"triggering_anchors": anchors}
    zone = sv.LineZone(sv.Point(*line[0]), sv.Point(*line[1]), minimum_crossing_threshold=threshold, **chosen)
    crossed = []
    for rows in frames:
        table = np.array(rows)
        found = sv.Detections(
            xyxy=table[:, 2:], tracker_id=table[:, 0].astype(int), class_id=table[:, 1].astype(int)
        )
        inward, outward = zone.trigger(found)
        crossed.append([found.tracker_id[inward].tolist(), found.tracker_id[outward].tolist()])
    per_class = [{int(k): v for k, v in sorted(counts.items())} for counts in (zone.in_count_per_class, zone.out_count_per_class)]
    return {"in": zone.in_count, "out": zone.out_count, "perClass": per_class, "crossed": crossed}


def main():
    frames = tracks(14, 150)
    runs = []
    for line in ([[30.5, 150.5], [280.5, 160.5]], [[250.5, 20.5], [60.5, 290.5]], [[150.5, 300.5], [150.5, 0.5]]):
        for name, anchors in ANCHORS.items():
            for threshold in (1, 3):
                found = count(frames, line, anchors, threshold)
                runs.append({"line": line, "anchors": name, "minFrames": threshold, **found})
    json.dump({"supervision": sv.__version__, "frames": frames, "runs": runs}, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


main()
