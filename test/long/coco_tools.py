"""Loads results with COCO's tools and evaluates them. Reads JSON from stdin: truth (images, categories, annotations) and
results; writes the loaded records with the pixels of their segmentations, and COCO's average precisions."""

import contextlib
import json
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

request = json.load(sys.stdin)
answer = {"loaded": []}
with contextlib.redirect_stdout(sys.stderr):
    truth = COCO()
    truth.dataset = request["truth"]
    truth.createIndex()
    found = truth.loadRes(request["results"])
    for record in found.loadAnns(found.getAnnIds()):
        mask = found.annToMask(record)
        answer["loaded"].append(
            {"bbox": record["bbox"], "segmentation": record["segmentation"], "pixels": int(mask.sum())}
        )
    for kind in ("segm", "bbox"):
        evaluation = COCOeval(truth, found, kind)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
        answer[kind] = float(evaluation.stats[0])
json.dump(answer, sys.stdout)
