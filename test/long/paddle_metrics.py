"""Figures of the metrics of PaddleDetection, PaddleSeg and PaddleClas themselves.

paddle_metrics.py WHEELS: reads JSON sets from stdin, writes their figures. Only the modules with the metrics are loaded
from the wheels; what they import of Paddle is replaced by the same functions of numpy.
"""

import glob
import importlib.util
import json
import os
import sys
import tempfile
import types
import zipfile

import numpy as np


class Area(np.ndarray):
    """Has the `numpy` of a tensor."""

    def numpy(self):
        return np.asarray(self)


def stub(name, **members):
    module = types.ModuleType(name)
    for key, value in members.items():
        setattr(module, key, value)
    sys.modules[name] = module


def load(wheels, package, path):
    wheel = glob.glob(os.path.join(wheels, package + "-*.whl"))[0]
    with tempfile.TemporaryDirectory() as folder:
        file = zipfile.ZipFile(wheel).extract(path, folder)
        spec = importlib.util.spec_from_file_location(package + "_metrics", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def average_precisions(det, images, classes):
    figures = {}
    for rule in ("integral", "11point"):
        metric = det.DetectionMAP(classes, map_type=rule, catid2name={i: str(i) for i in range(classes)})
        for image in images:
            found, truths = image["found"], image["truths"]
            metric.update(
                [row[2:] for row in found],
                [row[1] for row in found],
                [row[0] for row in found],
                [row[1:5] for row in truths],
                [row[0] for row in truths],
                [row[5] for row in truths],
            )
        metric.accumulate()
        figures[rule] = metric.mAP
    return figures


def pixel_figures(seg, images, classes):
    totals = [np.zeros(classes, dtype="int64").view(Area) for _ in range(3)]
    for image in images:
        areas = seg.calculate_area(np.array(image["found"]), np.array(image["truth"]), classes)
        totals = [(total + area).view(Area) for total, area in zip(totals, areas)]
    both, predicted, real = totals
    ious, miou = seg.mean_iou(both, predicted, real)
    dices, dice = seg.dice(both, predicted, real)
    accuracy, precision, recall = seg.class_measurement(both, predicted, real)
    figures = [miou, accuracy, dice, seg.kappa(both, predicted, real)]
    rows = [list(map(float, row)) for row in zip(ious, precision, recall, dices)]
    return {"figures": [float(value) for value in figures], "classes": rows}


stub("paddle.nn.functional")
stub("paddle.nn", functional=sys.modules["paddle.nn.functional"])
stub(
    "paddle",
    nn=sys.modules["paddle.nn"],
    logical_and=np.logical_and,
    sum=np.sum,
    cast=lambda value, _: value,
    concat=lambda values: np.stack(values).view(Area),
)
for name in ("ppdet", "ppdet.modeling", "ppdet.utils"):
    stub(name)
stub("ppdet.modeling.rbox_utils", poly2rbox_np=None)
stub("ppdet.utils.logger", setup_logger=lambda *_: None)

det = load(sys.argv[1], "paddledet", "ppdet/metrics/map_utils.py")
seg = load(sys.argv[1], "paddleseg", "paddleseg/utils/metrics.py")
clas = load(sys.argv[1], "paddleclas", "paddleclas/ppcls/utils/metrics.py")
request = json.load(sys.stdin)
json.dump(
    {
        "boxes": [average_precisions(det, images, 4) for images in request["boxes"]],
        "pixels": [pixel_figures(seg, images, 5) for images in request["pixels"]],
        "labels": [
            float(clas.mean_average_precision(np.array(one["scores"]), np.array(one["truths"]))) for one in request["labels"]
        ],
    },
    sys.stdout,
)
