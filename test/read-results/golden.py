"""Files as the packages themselves write them, for golden.test.ts:
python3 golden.py ultralytics FOLDER   needs ultralytics
python3 golden.py others FOLDER        needs supervision, pycocotools
FOLDER is ../golden/read-results; `ultralytics.json` and `others.json` there say what the files have."""

import contextlib
import io
import json
import os
import sys
import tempfile

import numpy as np

HEIGHT, WIDTH = 60, 80
NAMES = {0: "person", 1: "car", 2: "traffic light"}
BOXES = [[5.5, 6.25, 30.75, 41.5, 0.875, 1], [20.0, 10.0, 70.5, 55.25, 0.625, 0], [1.0, 2.0, 9.0, 12.0, 0.375, 2]]


def planes():
    """A disc, two parts, a stripe."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    disc = np.hypot(x - 18, y - 24) < 12
    parts = (np.hypot(x - 30, y - 30) < 8) | (np.hypot(x - 55, y - 40) < 10)
    stripe = (np.abs(x - y) < 4) & (y < 12)
    return np.stack([disc, parts, stripe])


def save(folder, name, content):
    with open(os.path.join(folder, name), "w") as file:
        file.write(content if isinstance(content, str) else json.dumps(content, separators=(",", ":")) + "\n")


def ultralytics(folder):
    os.environ["YOLO_CONFIG_DIR"] = tempfile.mkdtemp()
    import torch
    from ultralytics.engine.results import Results

    def result(**parts):
        return Results(np.zeros((HEIGHT, WIDTH, 3), np.uint8), path="a.jpg", names=NAMES, **parts)

    boxes = torch.tensor(BOXES)
    tracked = torch.tensor([[*row[:4], index + 7, *row[4:]] for index, row in enumerate(BOXES)])
    joints = torch.tensor([[[10.0 * j + i, 5.0 * j, 0.9 - 0.1 * j] for j in range(4)] for i in range(3)])
    rotated = torch.tensor([[30.0, 25.0, 20.0, 10.0, 0.5, 0.75, 1], [50.0, 30.0, 12.0, 8.0, 1.25, 0.5, 0]])
    results = {
        "detect": result(boxes=boxes),
        "track": result(boxes=tracked),
        "segment": result(boxes=boxes, masks=torch.tensor(planes()[[0, 2, 0]].astype(np.float32))),
        "pose": result(boxes=boxes, keypoints=joints),
        "obb": result(obb=rotated),
        "classify": result(probs=torch.tensor([0.25, 0.625, 0.125])),
    }
    expected = {}
    for name, one in results.items():
        save(folder, f"{name}.json", one.to_json() + "\n")
        expected[name] = {"summary": len(one.summary())}
        found = one.obb if one.obb is not None else one.boxes
        if found is not None:
            table = {"cls": found.cls, "conf": found.conf, "xyxy": found.xyxy}
            expected[name] |= {key: value.tolist() for key, value in table.items()}
        if found is not None and found.is_track:
            expected[name]["id"] = found.id.tolist()
        if one.obb is not None:
            expected[name]["corners"] = one.obb.xyxyxyxy.reshape(-1, 8).tolist()
        if one.masks is not None:
            expected[name]["areas"] = one.masks.data.sum((1, 2)).tolist()
        if one.keypoints is not None:
            expected[name]["joints"] = one.keypoints.data.tolist()
        if name == "classify":
            expected[name] |= {"top5": one.probs.top5, "conf": one.probs.top5conf.tolist()}
            continue
        for scores in (True, False):
            file = os.path.join(folder, f"{name}{'' if scores else '-no-scores'}.txt")
            if os.path.exists(file):
                os.remove(file)
            if name != "pose":
                one.save_txt(file, save_conf=scores)
    save(folder, "ultralytics.json", expected)


def others(folder):
    import supervision as sv
    from pycocotools import mask as coco
    from pycocotools.coco import COCO

    encoded = [coco.encode(np.asfortranarray(plane.astype(np.uint8))) for plane in planes()]
    polygon = [[10.5, 10.5, 40.25, 12.0, 38.0, 50.75, 8.0, 44.5]]
    record = lambda image, category, score, **parts: {"image_id": image, "category_id": category, "score": score, **parts}  # noqa: E731
    bbox = lambda row: [row[0], row[1], row[2] - row[0], row[3] - row[1]]  # noqa: E731
    text = lambda mask: {"size": mask["size"], "counts": mask["counts"].decode()}  # noqa: E731
    plain = [{"size": [HEIGHT, WIDTH], "counts": lengths(plane)} for plane in planes()]
    files = {
        "coco-boxes": [record(i % 2 + 4, int(row[5]) + 10, row[4], bbox=bbox(row)) for i, row in enumerate(BOXES)],
        "coco-masks": [record(4, 10 + i, 0.9 - i / 10, segmentation=text(mask)) for i, mask in enumerate(encoded)],
        "coco-plain": [record(4, 10 + i, 0.9 - i / 10, segmentation=mask) for i, mask in enumerate(plain)],
        "coco-joints": [record(4, 10, 0.75, keypoints=[10, 20, 0.5, 30.5, 15, 0.25, 22, 44, 1])],
        "coco-polygons": [record(4, 11, 0.5, segmentation=polygon)],
    }
    truth = COCO()
    truth.dataset = {
        "images": [{"id": i, "height": HEIGHT, "width": WIDTH} for i in (4, 5)],
        "categories": [{"id": i} for i in (10, 11, 12)],
        "annotations": [],
    }
    truth.createIndex()
    expected = {}
    for name, records in files.items():
        save(folder, f"{name}.json", records)
        if name == "coco-polygons":  # as ground truth: `loadRes` takes no polygons
            masks = [coco.merge(coco.frPyObjects(one["segmentation"], HEIGHT, WIDTH)) for one in records]
            expected[name] = [{**text(m), "bbox": coco.toBbox(m).tolist()} for m in masks]
            continue
        if name == "coco-plain":
            masks = [coco.frPyObjects(one["segmentation"], HEIGHT, WIDTH) for one in records]
            expected[name] = [{**text(m), "bbox": coco.toBbox(m).tolist()} for m in masks]
            continue
        loaded = truth.loadRes(json.loads(json.dumps(records)))
        expected[name] = [
            {"image": one["image_id"], "bbox": [float(v) for v in one["bbox"]], "area": float(one["area"])}
            for one in loaded.loadAnns(loaded.getAnnIds())
        ]
    table = np.array(BOXES)
    names = np.array([NAMES[int(c)] for c in table[:, 5]])
    full = sv.Detections(
        xyxy=table[:, :4], confidence=table[:, 4], class_id=table[:, 5].astype(int), tracker_id=np.array([3, 9, -1]), data={"class_name": names}
    )
    bare = sv.Detections(xyxy=table[:2, :4])
    for name, sink in (("supervision.json", sv.JSONSink), ("supervision.csv", sv.CSVSink)):
        with sink(os.path.join(folder, name)) as open_sink:
            for frame in (3, 7):
                open_sink.append(full[int(frame == 7) :], custom_data={"frame_index": frame, "note": 'a "b", c'})
    for name, sink in (("supervision-bare.json", sv.JSONSink), ("supervision-bare.csv", sv.CSVSink)):
        with sink(os.path.join(folder, name)) as open_sink:
            open_sink.append(bare)
    save(folder, "others.json", expected)


def lengths(plane):
    """COCO's uncompressed run lengths."""
    flat = np.r_[0, plane.ravel(order="F").astype(int)]
    ends = np.r_[np.flatnonzero(np.diff(flat)), plane.size]
    return [int(n) for n in np.diff(np.r_[0, ends])]


with contextlib.redirect_stdout(io.StringIO()):
    {"ultralytics": ultralytics, "others": others}[sys.argv[1]](sys.argv[2])
