"""Regions of text in drawn maps, as RapidOCR and PaddleX find them: writes maps, rules and regions.

The steps are those of `DBPostProcess`, up to the corners in pixels of the map."""
import json
import sys

import cv2
import numpy as np
import pyclipper
from shapely.geometry import Polygon


def draw(rng):
    """Lines, blobs, rings and dots of different probabilities, often blurred and cut by the sides of the map."""
    height, width = (int(side) for side in rng.integers(1, 200, 2))
    image = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(0, 12))):
        centre = (float(rng.uniform(-10, width + 10)), float(rng.uniform(-10, height + 10)))
        size = (float(rng.uniform(1, 120)), float(rng.uniform(1, 30)))
        angle = float(rng.choice([0, 0, 90, rng.uniform(-5, 5), rng.uniform(-90, 90)]))
        value = float(rng.choice([0.2, 0.5, 0.7, 1, 0]))
        whole = tuple(int(side) for side in centre)
        half = tuple(int(side / 2) + 1 for side in size)
        kind = rng.integers(4)
        if kind == 0:
            cv2.fillPoly(image, [cv2.boxPoints((centre, size, angle)).astype(np.int32)], value)
        elif kind == 1:
            cv2.ellipse(image, whole, half, angle, 0, 360, value, -1)
        elif kind == 2:
            cv2.ellipse(image, whole, half, angle, float(rng.uniform(0, 90)), float(rng.uniform(90, 360)), value, 3)
        else:
            cv2.fillPoly(image, [rng.integers(-10, 210, (5, 2)).astype(np.int32)], value)
    if rng.random() < 0.6:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.5, 3)))
    if rng.random() < 0.3:
        image = np.clip(image + rng.normal(0, 0.1, image.shape), 0, 1)
    if rng.random() < 0.05:
        image = rng.random(image.shape)
    return np.ascontiguousarray(image, np.float32)


def mini_box(points):
    box = cv2.minAreaRect(points)
    corners = sorted(cv2.boxPoints(box).tolist(), key=lambda point: point[0])
    left = corners[:2] if corners[1][1] > corners[0][1] else corners[1::-1]
    right = corners[2:] if corners[3][1] > corners[2][1] else corners[:1:-1]
    return np.array([left[0], right[0], right[1], left[1]], np.float32), min(box[1])


def mean_inside(values, polygon):
    height, width = values.shape
    x1, x2 = (int(np.clip(f(polygon[:, 0]), 0, width - 1)) for f in (lambda x: np.floor(x.min()), lambda x: np.ceil(x.max())))
    y1, y2 = (int(np.clip(f(polygon[:, 1]), 0, height - 1)) for f in (lambda y: np.floor(y.min()), lambda y: np.ceil(y.max())))
    mask = np.zeros((y2 - y1 + 1, x2 - x1 + 1), np.uint8)
    inside = (polygon - np.array([x1, y1], polygon.dtype)).astype(np.int32)
    cv2.fillPoly(mask, inside.reshape(1, -1, 2), 1)
    return cv2.mean(values[y1 : y2 + 1, x1 : x2 + 1], mask)[0]


def widen(polygon, rules):
    if rules["singleLengths"]:
        area, length = cv2.contourArea(polygon), cv2.arcLength(polygon, True)
    else:
        shape = Polygon(polygon)
        area, length = shape.area, shape.length
    offset = pyclipper.PyclipperOffset()
    offset.AddPath(polygon, pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
    return offset.Execute(area * rules["unclipRatio"] / length)


def borders(values, rules):
    bitmap = (values > np.float32(rules["pixelThreshold"])).astype(np.uint8)
    if rules["dilation"]:
        bitmap = cv2.dilate(bitmap, np.ones((2, 2), np.uint8))
    found = cv2.findContours(bitmap * 255, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
    return found[: rules["maxCandidates"]]


def find_boxes(values, rules):
    for border in borders(values, rules):
        box, side = mini_box(border)
        if side < rules["minSize"]:
            continue
        score = mean_inside(values, border.reshape(-1, 2) if rules["slowScores"] else box)
        if rules["boxThreshold"] > score:
            continue
        wider, side = mini_box(np.array(widen(box, rules)[0], np.int32))
        if side >= rules["minSize"] + 2:
            yield wider.ravel().tolist(), score


def find_polygons(values, rules):
    for border in borders(values, rules):
        polygon = cv2.approxPolyDP(border, 0.002 * cv2.arcLength(border, True), True).reshape(-1, 2)
        if len(polygon) < 4:
            continue
        score = mean_inside(values, polygon)
        if rules["boxThreshold"] > score:
            continue
        wider = widen(polygon, rules)
        if len(wider) != 1:
            continue
        _, side = mini_box(np.array(wider[0], np.int32))
        if side >= rules["minSize"] + 2:
            yield np.array(wider[0]).ravel().tolist(), score


folder, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(seed)
jobs = []
with open(f"{folder}/maps.raw", "wb") as out:
    for _ in range(count):
        values = draw(rng)
        out.write(values.tobytes())
        rules = {
            "pixelThreshold": float(rng.choice([0.2, 0.3, 0.5])),
            "boxThreshold": float(rng.choice([0, 0.5, 0.6])),
            "unclipRatio": float(rng.choice([0.5, 1.5, 1.6, 2.0])),
            "maxCandidates": int(rng.choice([1000, 1000, 5])),
            "minSize": 3,
            "dilation": bool(rng.integers(2)),
            "slowScores": bool(rng.integers(2)),
            "singleLengths": bool(rng.integers(2)),
        }
        boxes = list(find_boxes(values, rules))
        polygons = list(find_polygons(values, {**rules, "slowScores": False, "singleLengths": True}))
        jobs.append({"width": values.shape[1], "height": values.shape[0], "rules": rules, "boxes": boxes, "polygons": polygons})
with open(f"{folder}/jobs.json", "w") as out:
    json.dump(jobs, out)
