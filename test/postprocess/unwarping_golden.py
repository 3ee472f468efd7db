"""Writes what PaddleX's processors make of a picture and of a network's output: unwarping_golden.py > ../golden/unwarping.json

Needs paddlex 3.7.2 (its files are enough), numpy and opencv-contrib-python."""

import importlib.util
import json
import sys
import types

import numpy as np

place = importlib.util.find_spec("paddlex").submodule_search_locations[0]
parts = ["", ".utils", ".inference", ".inference.utils", ".inference.models", ".inference.models.image_unwarping"]
for name in [*parts, ".inference.models.common", ".inference.models.common.vision"]:
    package = types.ModuleType(f"paddlex{name}")
    package.__path__ = [place + name.replace(".", "/")]
    sys.modules[package.__name__] = package
unchanged = lambda value: value
deps = types.ModuleType("paddlex.utils.deps")
deps.class_requires_deps = deps.function_requires_deps = lambda *names: unchanged
deps.is_dep_available = lambda name: True
benchmark = types.ModuleType("paddlex.inference.utils.benchmark")
benchmark.benchmark = types.SimpleNamespace(timeit=unchanged)
logging = types.ModuleType("paddlex.utils.logging")
sys.modules.update({module.__name__: module for module in (deps, benchmark, logging)})
sys.modules["paddlex.utils"].logging = logging
common = importlib.import_module("paddlex.inference.models.common.vision.processors")
own = importlib.import_module("paddlex.inference.models.image_unwarping.processors")

r = np.random.RandomState(7)
picture = r.randint(0, 256, (5, 7, 3)).astype(np.uint8)  # BGR
tensor = common.ToBatch()(common.ToCHWImage()(common.Normalize(mean=0.0, std=1.0, scale=1.0 / 255)([picture])))[0]
output = r.uniform(0, 1, (1, 3, 5, 7)).astype(np.float32)
output[0, :, 0, 0] = (0, 1, 0.5)
# Halves and whole levels.
output[0, 0, 1] = np.arange(7, dtype=np.float32) / 255
output[0, 1, 1] = (np.arange(7, dtype=np.float32) + 0.5) / 255
unwarped = own.DocTrPostProcess()([output.copy()])[0]
print(
    json.dumps(
        {
            "width": 7,
            "height": 5,
            "picture": picture[:, :, ::-1].ravel().tolist(),
            "tensor": [float(v) for v in tensor.ravel()],
            "output": [float(v) for v in output.ravel()],
            "unwarped": unwarped.ravel().tolist(),
        }
    )
)
