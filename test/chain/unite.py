"""What PaddleDetection's det_keypoint_unite_infer.py finds, for unite.test.ts:
python3 unite.py PADDLEDETECTION_DEPLOY_PYTHON PROJECT
writes test/golden/unite/results.json and the small network of joints beside it, whose weights are random.
needs paddlepaddle 3.3, opencv 4.10 (later ones warp in another way), pyyaml, scipy"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
import types

deploy, project = map(os.path.abspath, sys.argv[1:3])
sys.path.insert(0, deploy)
sys.argv = sys.argv[:1]
os.environ["FLAGS_enable_pir_api"] = "0"  # or Paddle 3 looks for a program that is not `.pdmodel`
# Used for lanes only, and does not run with NumPy 2.
sys.modules["imgaug"] = types.ModuleType("imgaug")
sys.modules["imgaug.augmenters"] = types.ModuleType("imgaug.augmenters")

import numpy as np  # noqa: E402
import paddle  # noqa: E402

paddle.enable_static()

CONFIG = """mode: paddle
draw_threshold: 0.5
metric: KeyPointTopDownCOCOEval
use_dynamic_shape: false
arch: HRNet
min_subgraph_size: 3
Preprocess:
- trainsize:
  - 96
  - 128
  type: TopDownEvalAffine
- is_scale: true
  mean:
  - 0.485
  - 0.456
  - 0.406
  std:
  - 0.229
  - 0.224
  - 0.225
  type: NormalizeImage
- type: Permute
label_list:
- keypoint
"""


def save_network(folder):
    """128×96 to 17 maps of 32×24: joints are where the image is like a random pattern."""
    random = np.random.default_rng(9)
    with paddle.pir_utils.OldIrGuard(), paddle.static.program_guard(paddle.static.Program(), paddle.static.Program()):
        image = paddle.static.data("image", [-1, 3, 128, 96], "float32")
        pattern = paddle.static.create_parameter(
            [17, 3, 8, 8], "float32", default_initializer=paddle.nn.initializer.Assign(random.normal(0, 0.02, (17, 3, 8, 8)).astype("float32"))
        )
        # Paddle 3 has no function for this operator of old programs.
        values = paddle.nn.functional.conv2d(image, pattern, stride=4, padding=2)
        block = paddle.static.default_main_program().global_block()
        heat = block.create_var(name="heat", dtype="float32", shape=values.shape)
        block.append_op(type="sigmoid", inputs={"X": values}, outputs={"Out": heat})
        executor = paddle.static.Executor(paddle.CPUPlace())
        executor.run(paddle.static.default_startup_program())
        paddle.static.save_inference_model(os.path.join(folder, "model"), [image], [heat], executor)
    with open(os.path.join(folder, "infer_cfg.yml"), "w") as file:
        file.write(CONFIG)


def main():
    folder = os.path.join(project, "test/golden/unite")
    os.makedirs(folder, exist_ok=True)
    save_network(folder)

    import det_keypoint_unite_infer as unite
    from infer import Detector
    from keypoint_infer import KeyPointDetector

    unite.visualize_pose = lambda *_, **__: None  # needs an older matplotlib
    model = os.path.join(project, "notebooks/models/shapes_det_picodet")
    detector = Detector(model, device="CPU", cpu_threads=1, threshold=0.5)
    joints = KeyPointDetector(folder, device="CPU", batch_size=8, cpu_threads=1, use_dark=True)
    images = ["a_rgb_402x270.png", "b_exif6_300x360.jpg", "f_rgb_640x480.jpg", "c_gray_320x256.png"]
    with tempfile.TemporaryDirectory() as work:
        unite.FLAGS = argparse.Namespace(
            run_benchmark=False, det_threshold=0.4, keypoint_threshold=0.5, output_dir=os.path.join(work, "out")
        )
        os.chdir(work)
        paths = [os.path.join(project, "test/golden/images", image) for image in images]
        unite.topdown_unite_predict(detector, joints, paths, 8, save_res=True)
        with open("det_keypoint_unite_image_results.json") as file:
            found = json.load(file)
    results = [
        {"image": os.path.basename(path), "boxes": boxes, "people": [[round(v, 5) for joint in person for v in joint] for person in people], "scores": scores}
        for path, boxes, (people, scores) in found
    ]
    with open(os.path.join(folder, "results.json"), "w") as file:
        json.dump({"threshold": 0.4, "images": images, "results": results}, file, separators=(",", ":"))
        file.write("\n")


with contextlib.redirect_stdout(sys.stderr):
    main()
