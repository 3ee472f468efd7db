"""Loads models with Paddle's Python API, each in a separate process, and reports how each ended.

usage: python_load.py < cases.json > answers.json
       cases: [{"program", "params", "engine", "threads", "inputs": {name: {"shape", "file"}}, "save"}]
"""
import hashlib
import json
import os
import resource
import signal
import sys
import tempfile

import numpy as np
import paddle.inference as inference

TIMEOUT_S = 180
# A damaged model may request all available memory; that must not affect the machine.
MEMORY_BYTES = 12 << 30
# Default inputs: those of the demo models.
SHAPES = {"image": [1, 3, 256, 256], "im_shape": [1, 2], "scale_factor": [1, 2]}


def load(case):
    config = inference.Config(case["program"], case["params"])
    config.disable_gpu()
    config.disable_glog_info()
    config.set_cpu_math_library_num_threads(case.get("threads", 1))
    if case["engine"] == "plain":
        config.disable_mkldnn()
    if case["engine"] == "onednn":
        config.enable_mkldnn()
    if case["engine"] == "openvino":
        config.set_optim_cache_dir(tempfile.mkdtemp())
        config.enable_openvino_engine(inference.PrecisionType.Float32)
    predictor = inference.create_predictor(config)
    for name in predictor.get_input_names():
        predictor.get_input_handle(name).copy_from_cpu(value_of(case, name))
    predictor.run()
    handles = [predictor.get_output_handle(name) for name in predictor.get_output_names()]
    return [describe(handle.copy_to_cpu(), case.get("save"), i) for i, handle in enumerate(handles)]


def value_of(case, name):
    if "inputs" not in case:
        return np.full(SHAPES.get(name, [1, 3, 64, 64]), 0.5, "float32")
    given = case["inputs"][name]
    # Sizes are integers, and this input of 1.x models requires integers.
    dtype = "int32" if name == "im_size" else "float32"
    return np.fromfile(given["file"], "float32").astype(dtype).reshape(given["shape"])


def describe(array, save, index):
    data = np.ascontiguousarray(array).tobytes()
    if save:
        with open(f"{save}.{index}", "wb") as file:
            file.write(data)
    return {"dtype": str(array.dtype), "shape": list(array.shape), "digest": hashlib.sha256(data).hexdigest()}


def attempt(case):
    """Forked, because a crash is a valid outcome."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        signal.alarm(TIMEOUT_S)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        try:
            answer = {"kind": "works", "outputs": load(case)}
        except BaseException as error:
            answer = {"kind": "error", "message": str(error)[-300:]}
        os.write(writer, json.dumps(answer).encode()[:65000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        killer = os.WTERMSIG(status)
        return {"kind": "hung"} if killer == signal.SIGALRM else {"kind": "died", "signal": killer}
    return json.loads(text) if text else {"kind": "died"}


os.chdir(tempfile.mkdtemp())
json.dump([attempt(case) for case in json.load(sys.stdin)], sys.stdout)
