"""Crops of noise by OpenCV, as Python's PP-OCR pipelines cut out lines: reads jobs, writes raw pixels."""
import json
import sys

import cv2
import numpy as np


def smallest(points):
    """As PaddleX's CropByPolys."""
    corners = sorted(cv2.boxPoints(cv2.minAreaRect(np.array(points).astype(np.int32))), key=lambda corner: corner[0])
    (a, d) = (0, 1) if corners[1][1] > corners[0][1] else (1, 0)
    (b, c) = (2, 3) if corners[3][1] > corners[2][1] else (3, 2)
    return [corners[a], corners[b], corners[c], corners[d]]


def crop(image, points):
    points = np.array(points, np.float32)
    width = int(max(np.linalg.norm(points[0] - points[1]), np.linalg.norm(points[2] - points[3])))
    height = int(max(np.linalg.norm(points[0] - points[3]), np.linalg.norm(points[1] - points[2])))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]]).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(points, target)
    flags = dict(flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    found = cv2.warpPerspective(image, matrix, (width, height), **flags)
    return np.rot90(found) if found.shape[0] / found.shape[1] >= 1.5 else found


folder = sys.argv[1]
answers = []
with open(f"{folder}/crops.raw", "wb") as out:
    for job in json.load(open(f"{folder}/jobs.json")):
        image = np.fromfile(f"{folder}/{job['image']}", np.uint8).reshape(job["height"], job["width"], 3)
        for points in job["quads"]:
            found = crop(image, smallest(points) if job["smallest"] else points)
            answers.append([found.shape[1], found.shape[0]])
            out.write(np.ascontiguousarray(found).tobytes())
json.dump(answers, open(f"{folder}/sizes.json", "w"))
print(cv2.__version__)
