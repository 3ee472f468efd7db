"""What supervision and pycocotools give, for golden.test.ts: python3 golden.py > ../golden/objects.json"""

import json
import sys

import numpy as np
import supervision as sv
from pycocotools import mask as coco
from supervision.detection.utils.iou_and_nms import OverlapMetric, box_non_max_merge, box_non_max_suppression

random = np.random.default_rng(3)


def boxes(count):
    """Clusters of boxes of three classes; no two scores are equal."""
    centres = random.uniform(30, 270, (6, 2))[random.integers(0, 6, count)] + random.normal(0, 8, (count, 2))
    sizes = random.uniform(10, 60, (count, 2))
    scores = np.round(random.permutation(np.linspace(0.05, 0.99, count)), 5)
    table = np.c_[centres - sizes / 2, centres + sizes / 2, scores, random.integers(0, 3, count)]
    return np.round(table, 5)


def overlap_runs():
    runs = []
    for metric in ("IOU", "IOS"):
        for threshold in (0.2, 0.5, 0.8):
            for agnostic in (False, True):
                table = boxes(60)
                given = table[:, :5] if agnostic else table
                kept = box_non_max_suppression(given, threshold, OverlapMetric[metric])
                groups = box_non_max_merge(given, threshold, OverlapMetric[metric])
                runs.append(
                    {
                        "metric": metric.lower(),
                        "threshold": threshold,
                        "classAgnostic": agnostic,
                        "rows": table.tolist(),
                        "kept": np.flatnonzero(kept).tolist(),
                        "groups": groups,
                    }
                )
    return runs


def smoothing():
    smoother = sv.DetectionsSmoother(length=4)
    frames = []
    for _ in range(40):
        ids = np.flatnonzero(random.uniform(size=6) < 0.7) + 1
        table = np.round(np.c_[random.uniform(0, 300, (len(ids), 4)), random.uniform(0.3, 1, len(ids))], 3)
        if len(ids) == 0:
            continue
        found = smoother.update_with_detections(
            sv.Detections(xyxy=table[:, :4], confidence=table[:, 4], tracker_id=ids, class_id=np.zeros(len(ids), int))
        )
        smoothed = {int(i): [*xyxy, score] for i, xyxy, score in zip(found.tracker_id, found.xyxy.tolist(), found.confidence.tolist())}
        frames.append({"ids": ids.tolist(), "rows": table.tolist(), "smoothed": [smoothed[int(i)] for i in ids]})
    return frames


def planes():
    """Blobs, stripes, empty and full ones, in one size."""
    height, width = 37, 53
    grid = np.mgrid[:height, :width]
    made = [np.zeros((height, width), bool), np.ones((height, width), bool)]
    made += [random.uniform(size=(height, width)) < share for share in (0.05, 0.5)]
    made += [np.hypot(grid[0] - y, grid[1] - x) < r for y, x, r in ((10, 10, 9), (14, 16, 9), (36, 52, 20), (0, 30, 12))]
    made += [grid[1] % 7 < 3, grid[0] % 5 < 2]
    return made


def text(mask):
    return {"size": [int(n) for n in mask["size"]], "counts": mask["counts"].decode()}


def masks():
    encoded = [coco.encode(np.asfortranarray(plane.astype(np.uint8))) for plane in planes()]
    pairs = []
    for i, a in enumerate(encoded):
        for j, b in enumerate(encoded):
            minus = coco.encode(np.asfortranarray((coco.decode(a) & ~coco.decode(b) & 1).astype(np.uint8)))
            pairs.append(
                {
                    **{"a": i, "b": j},
                    "and": text(coco.merge([a, b], intersect=True))["counts"],
                    "or": text(coco.merge([a, b]))["counts"],
                    "minus": text(minus)["counts"],
                    "iou": float(coco.iou([a], [b], [0])[0][0]),
                }
            )
    single = [{**text(m), "area": int(coco.area(m)), "box": [float(v) for v in coco.toBbox(m)]} for m in encoded]
    return {"masks": single, "pairs": pairs}


json.dump({"overlaps": overlap_runs(), "smoothing": smoothing(), **masks()}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
