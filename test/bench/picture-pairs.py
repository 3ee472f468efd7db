"""Draws the objects of picture-pairs.mjs with supervision and its defaults: a PNG for each pair."""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import supervision as sv

folder = Path(sys.argv[1])
given = json.loads((folder / "objects.json").read_text())
width, height, objects = given["width"], given["height"], given["objects"]
image = np.frombuffer((folder / "image.rgb").read_bytes(), np.uint8).reshape(height, width, 3)[:, :, ::-1].copy()
masks = [np.frombuffer((folder / f"mask-{i}").read_bytes(), np.uint8).reshape(height, width) for i in range(len(objects))]
found = sv.Detections(
    xyxy=np.array([item["box"] for item in objects], np.float32),
    mask=np.stack(masks).astype(bool),
    confidence=np.array([item["score"] for item in objects], np.float32),
    class_id=np.array([item["classId"] for item in objects]),
)
texts = [f"{item['label']} {item['score']:.2f}" for item in objects]

pairs = {
    "box": [sv.BoxAnnotator(), sv.LabelAnnotator()],
    "roundedBox": [sv.RoundBoxAnnotator(), sv.LabelAnnotator()],
    "mask": [sv.MaskAnnotator()],
    "mask-box-label": [sv.MaskAnnotator(), sv.BoxAnnotator(), sv.LabelAnnotator()],
    "polygon": [sv.PolygonAnnotator()],
    "halo": [sv.HaloAnnotator()],
    "background": [sv.BackgroundOverlayAnnotator()],
    "pixelate": [sv.PixelateAnnotator()],
    "ellipse": [sv.EllipseAnnotator(), sv.TriangleAnnotator()],
    "percentageBar": [sv.PercentageBarAnnotator(), sv.DotAnnotator()],
}

for name in given["pairs"]:
    scene = image.copy()
    for annotator in pairs[name]:
        labels = {"labels": texts} if isinstance(annotator, sv.LabelAnnotator) else {}
        scene = annotator.annotate(scene, found, **labels)
    cv2.imwrite(str(folder / f"{name}.png"), scene)
