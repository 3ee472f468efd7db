"""Measures supervision with OpenCV: a line in (what to measure), a line out (milliseconds, the median of some runs)."""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import supervision as sv

folder = Path(sys.argv[1])
large = np.frombuffer((folder / "large.rgb").read_bytes(), np.uint8).reshape(1080, 1920, 3)[:, :, ::-1].copy()
small = np.frombuffer((folder / "small.rgb").read_bytes(), np.uint8).reshape(720, 1280, 3)[:, :, ::-1].copy()
objects = json.loads((folder / "objects.json").read_text())


def ellipse(box):
    """The same pixels as in the Node benchmark."""
    x1, y1, x2, y2 = box
    ys, xs = np.mgrid[0:1080, 0:1920]
    dx = (2 * xs + 1 - x1 - x2) / (x2 - x1)
    dy = (2 * ys + 1 - y1 - y2) / (y2 - y1)
    return dx * dx + dy * dy <= 1


def detections(items, with_masks):
    return sv.Detections(
        xyxy=np.array([item["box"] for item in items], np.float32),
        mask=np.stack([ellipse(item["ellipse"]) for item in items]) if with_masks else None,
        confidence=np.array([item["score"] for item in items], np.float32),
        class_id=np.array([item["classId"] for item in items]),
    )


fifty = detections(objects["fifty"], True)
ten = detections(objects["ten"], False)
masks, boxes, labels = sv.MaskAnnotator(opacity=0.45), sv.BoxAnnotator(), sv.LabelAnnotator()


def texts(items):
    return [f"{item['label']} {item['score']:.2f}" for item in items]


def draw():
    scene = masks.annotate(large.copy(), fifty)
    scene = boxes.annotate(scene, fifty)
    return labels.annotate(scene, fifty, labels=texts(objects["fifty"]))


def png():
    return cv2.imencode(".png", draw())


def frame():
    scene = boxes.annotate(small.copy(), ten)
    return labels.annotate(scene, ten, labels=texts(objects["ten"]))


def median(run, count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[count // 2]


for line in sys.stdin:
    name = line.strip()
    print(median({"draw": draw, "png": png, "frame": frame}[name], 50 if name == "frame" else 5), flush=True)
