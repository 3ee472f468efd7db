"""The same measurement with Paddle's Python API."""
import json
import re
import sys
import time

import numpy as np
import paddle.inference as inference

job = json.loads(sys.argv[1])


def create():
    config = inference.Config(job["program"], job["params"])
    config.disable_gpu()
    config.disable_glog_info()
    config.set_cpu_math_library_num_threads(job["threads"])
    if job["engine"] == "plain":
        config.disable_mkldnn()
    if job["engine"] == "onednn":
        config.enable_mkldnn()
    if job["engine"] == "openvino":
        config.set_optim_cache_dir(job["cache"])
        config.enable_openvino_engine(inference.PrecisionType.Float32)
    return inference.create_predictor(config)


predictor = create()
inputs = {
    name: np.full(shape, 1 if name == "scale_factor" else 0.5, "float32") for name, shape in job["shapes"].items()
}
feeds = [(predictor.get_input_handle(name), inputs[name]) for name in predictor.get_input_names()]
fetches = [predictor.get_output_handle(name) for name in predictor.get_output_names()]


def run():
    for handle, value in feeds:
        handle.copy_from_cpu(value)
    predictor.run()
    return [handle.copy_to_cpu() for handle in fetches]


first = run()
if job["kind"] == "first":
    with open("/proc/self/status") as status:
        peak = int(re.search(r"VmHWM:\s*(\d+)", status.read()).group(1))
    answer = {"outputs": len(first), "peakMiB": peak / 1024}
else:
    for _ in range(job["warmup"]):
        run()
    times = []
    for _ in range(job["runs"]):
        before = time.perf_counter()
        for _ in range(job["calls"]):
            run()
        times.append((time.perf_counter() - before) * 1000 / job["calls"])
    answer = {"times": times}
print(json.dumps(answer), flush=True)
