"""COCO's figures of many data sets. Reads from stdin a JSON list of {kind, truth, results}; writes the statistics of each."""

import contextlib
import json
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

answers = []
for request in json.load(sys.stdin):
    with contextlib.redirect_stdout(sys.stderr):
        truth = COCO()
        truth.dataset = request["truth"]
        truth.createIndex()
        if request["results"]:
            found = truth.loadRes(request["results"])
        else:
            found = COCO()
            found.dataset = {"images": request["truth"]["images"], "categories": request["truth"]["categories"], "annotations": []}
            found.createIndex()
        evaluation = COCOeval(truth, found, request["kind"])
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    answers.append([float(value) for value in evaluation.stats])
json.dump(answers, sys.stdout)
