"""What PaddleDetection's own `predict_image_slice` finds, for slices-golden.test.ts:
python3 slices.py PADDLEDETECTION_DEPLOY_PYTHON PROJECT > ../golden/slices.json
needs paddlepaddle, sahi, opencv, pyyaml, scipy"""

import json
import os
import sys
import tempfile
import types

deploy, project = map(os.path.abspath, sys.argv[1:3])
sys.path.insert(0, deploy)
sys.argv = sys.argv[:1]
os.environ["FLAGS_enable_pir_api"] = "0"  # or Paddle 3 looks for a program that is not `.pdmodel`
out = os.dup(1)
os.dup2(2, 1)  # the script prints, and this one writes JSON

# Used for lanes only, and does not run with NumPy 2.
sys.modules["imgaug"] = types.ModuleType("imgaug")
sys.modules["imgaug.augmenters"] = types.ModuleType("imgaug.augmenters")

import cv2  # noqa: E402
import infer  # noqa: E402
import numpy as np  # noqa: E402
import sahi  # noqa: E402
import sahi.slicing  # noqa: E402

model = os.path.join(project, "notebooks/models/shapes_det_picodet")
# The script reads `infer_cfg.yml` beside the model.
detector = infer.Detector(model, device="CPU", cpu_threads=1, output_dir=tempfile.gettempdir(), threshold=0.5)
runs = []
for image, size, overlap, combine, metric, threshold in (
    ("f_rgb_640x480.jpg", [256, 256], [0.25, 0.25], "nms", "ios", 0.6),
    ("f_rgb_640x480.jpg", [200, 320], [0.1, 0.3], "nms", "iou", 0.3),
    ("a_rgb_402x270.png", [160, 160], [0.2, 0.2], "concat", "ios", 0.6),
    ("a_rgb_402x270.png", [128, 200], [0.25, 0.25], "nms", "ios", 0.5),
    ("e_rgb16_288x224.png", [640, 640], [0.25, 0.25], "nms", "ios", 0.6),
):
    pixels = cv2.cvtColor(cv2.imread(os.path.join(project, "test/golden/images", image)), cv2.COLOR_BGR2RGB)
    found = detector.predict_image_slice([pixels], size, overlap, combine, threshold, metric, visual=False)
    rows = np.concatenate([np.atleast_2d(found["boxes"])])
    runs.append(
        {
            **{"image": image, "size": size, "overlap": overlap, "combine": combine, "metric": metric},
            **{"matchThreshold": threshold, "rows": [[round(float(v), 6) for v in row] for row in rows if row[1] > 0.05]},
        }
    )
text = json.dumps({"sahi": sahi.__version__, "runs": runs}, separators=(",", ":"))
os.write(out, (text + "\n").encode())
