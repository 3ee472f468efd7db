"""Figures of random regions of text by the rules of PaddleOCR's `DetectionIoUEvaluator`, with Shapely."""
import json
import sys

from shapely.geometry import Polygon


def evaluate(found, truths):
    found = [Polygon(polygon) for polygon in found if Polygon(polygon).is_valid]
    truths = [(Polygon(one["points"]), one["ignored"]) for one in truths if Polygon(one["points"]).is_valid]
    ignored = [polygon for polygon, is_ignored in truths if is_ignored]
    counted = [polygon for polygon, is_ignored in truths if not is_ignored]
    free = [one for one in found if not any(one.intersection(other).area / one.area > 0.5 for other in ignored)]
    count, matched = len(free), 0
    for truth in counted:
        for one in free:
            if truth.intersection(one).area / truth.union(one).area > 0.5:
                free.remove(one)
                matched += 1
                break
    return [matched, count, len(counted)]


json.dump([evaluate(one["found"], one["truths"]) for one in json.load(sys.stdin)], sys.stdout)
