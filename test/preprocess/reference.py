"""Runs a list of image jobs with OpenCV and Pillow: the folder in the argument has jobs.json and input.bin (the
pictures one after the other); output.bin gets the results in order."""

import json
import pathlib
import sys

import cv2
import numpy as np
from PIL import Image

folder = pathlib.Path(sys.argv[1])
jobs = json.loads((folder / "jobs.json").read_text())
pictures = (folder / "input.bin").read_bytes()


def read(job, offset):
    samples = np.frombuffer(pictures, np.uint8, job["width"] * job["height"] * job["channels"], offset)
    image = samples.reshape(job["height"], job["width"], job["channels"])
    return image.astype(np.float32) if job["floats"] else image


def run(job, image):
    size = (job["toWidth"], job["toHeight"])
    if job["kind"] == "pillow":
        return np.asarray(Image.fromarray(image).resize(size, job["code"]))
    if job["kind"] == "warp":
        matrix = np.array(job["matrix"]).reshape(2, 3)
        return cv2.warpAffine(image, matrix, size, flags=cv2.INTER_LINEAR)
    if job["kind"] == "factors":
        return cv2.resize(image, None, None, fx=job["fx"], fy=job["fy"], interpolation=job["code"])
    return cv2.resize(image, size, interpolation=job["code"])


offset = 0
with open(folder / "output.bin", "wb") as output:
    for job in jobs:
        result = run(job, read(job, offset))
        offset += job["width"] * job["height"] * job["channels"]
        assert result.shape[:2] == (job["toHeight"], job["toWidth"]), (job, result.shape)
        output.write(np.ascontiguousarray(result).tobytes())
