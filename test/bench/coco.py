"""Times pycocotools on a data set: coco.py TRUTH.json FOUND.json; prints the seconds and the twelve figures as JSON."""

import contextlib
import json
import sys
import time

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

with contextlib.redirect_stdout(sys.stderr):
    truth = COCO(sys.argv[1])
    found = truth.loadRes(sys.argv[2])
    begun = time.perf_counter()
    evaluation = COCOeval(truth, found, sys.argv[3])
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    seconds = time.perf_counter() - begun
json.dump({"seconds": seconds, "figures": [float(value) for value in evaluation.stats]}, sys.stdout)
