"""Writes test/golden/text-regions.json: what the processors of RapidOCR 1.4.5 and PaddleX 3.7.2 themselves make of
drawn maps. Needs both packages, and OpenCV 4.10: `python test/postprocess/text_golden.py FILE`."""
import base64
import importlib
import importlib.util
import json
import pathlib
import sys
import types
import zlib

import cv2
import numpy as np
from rapidocr_paddle.ch_ppocr_det.text_detect import TextDetector
from rapidocr_paddle.ch_ppocr_det.utils import DBPostProcess as RapidPostProcess
from rapidocr_paddle.main import RapidOCR


def module(name, **members):
    """A module in place of one of PaddleX, whose own imports need all of its dependencies."""
    found = types.ModuleType(name)
    found.__dict__.update(members)
    sys.modules[name] = found
    return found


root = pathlib.Path(importlib.util.find_spec("paddlex").origin).parent
for name in (
    "",
    ".utils",
    ".inference",
    ".inference.utils",
    ".inference.models",
    ".inference.models.text_detection",
    ".inference.pipelines",
    ".inference.pipelines.components",
    ".inference.pipelines.components.common",
):
    module(f"paddlex{name}", __path__=[str(root / name[1:].replace(".", "/"))])
sys.modules["paddlex.utils"].logging = module("paddlex.utils.logging")
module("paddlex.utils.deps", class_requires_deps=lambda *_: lambda cls: cls, is_dep_available=lambda _: True)
module("paddlex.inference.utils.benchmark", benchmark=types.SimpleNamespace(timeit=lambda it: it))
module("paddlex.inference.pipelines.components.common.base_operator", BaseOperator=object)
PaddlexPostProcess = importlib.import_module("paddlex.inference.models.text_detection.processors").DBPostProcess
sorting = importlib.import_module("paddlex.inference.pipelines.components.common.sort_boxes")

rng = np.random.default_rng(19)


def draw(width, height):
    """Lines of text as a network sees them: blurred bars at all angles, some curved, in 8 bits."""
    image = np.zeros((height, width), np.float32)
    for _ in range(14):
        centre = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        size = (int(rng.integers(15, 70)), int(rng.integers(5, 12)))
        angle = float(rng.choice([0, 0, 0, 90, rng.integers(-90, 90)]))
        if rng.random() < 0.75:
            cv2.fillPoly(image, [cv2.boxPoints((centre, size, angle)).astype(np.int32)], float(rng.uniform(0.55, 1)))
        else:
            cv2.ellipse(image, centre, (size[0] // 2, size[0] // 3), angle, 10, 130, 0.95, 7)
    image = cv2.GaussianBlur(image, (0, 0), 1.2)
    return (image * 255).astype(np.uint8)


def rapid(values, width, height):
    detector = object.__new__(TextDetector)
    process = RapidPostProcess(
        thresh=0.3, box_thresh=0.5, max_candidates=1000, unclip_ratio=1.6, use_dilation=True, score_mode="fast"
    )
    boxes, _ = process(values[None, None], (height, width))
    boxes = detector.filter_tag_det_res(boxes, (height, width))
    return [box.tolist() for box in RapidOCR.sorted_boxes(boxes)] if len(boxes) else []


def paddlex(values, width, height, **settings):
    process = PaddlexPostProcess(thresh=0.3, box_thresh=0.6, unclip_ratio=1.5, **settings)
    boxes, scores = process([values[None, None]], [np.array([height, width, 1.0, 1.0])])
    found = {json.dumps(np.array(box).tolist()): float(score) for box, score in zip(boxes[0], scores[0])}
    sort = sorting.SortPolyBoxes() if settings.get("box_type") == "poly" else sorting.SortQuadBoxes()
    ordered = [np.array(box).tolist() for box in sort(boxes[0])] if found else []
    return [[box, found[json.dumps(box)]] for box in ordered]


cases = []
for n in range(8):
    width, height = 32 * int(rng.integers(5, 11)), 32 * int(rng.integers(4, 9))
    image = (int(width * rng.uniform(0.4, 3)), int(height * rng.uniform(0.4, 3)))
    drawn = draw(width, height)
    values = drawn.astype(np.float32) / np.float32(255)
    cases.append(
        {
            "map": {"width": width, "height": height, "data": base64.b64encode(zlib.compress(drawn.tobytes(), 9)).decode()},
            "image": {"width": image[0], "height": image[1]},
            "rapidocr": rapid(values, *image),
            "quad": paddlex(values, *image),
            "slow": paddlex(values, *image, score_mode="slow", use_dilation=True, max_candidates=6),
            "poly": paddlex(values, *image, box_type="poly"),
        }
    )
with open(sys.argv[1], "w") as out:
    json.dump(cases, out, separators=(",", ":"))
    out.write("\n")
print([[len(case[key]) for key in ("rapidocr", "quad", "slow", "poly")] for case in cases])
