"""A model on Python's paddle.inference, with the settings that paddlelab uses, for the servers of this folder."""
import json
import os
import signal
import threading
import time

import numpy as np
import paddle.inference as inference


def end_with_parent():
    """Ends this process and those that it started when the test's process does: its pipe is then closed."""

    def watch():
        while os.read(0, 1):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


class PaddleModel:
    """One predictor, which handles one request at a time."""

    def __init__(self, settings):
        self.folder = settings["folder"]
        config = inference.Config(settings["program"], settings["params"])
        config.disable_gpu()
        config.disable_glog_info()
        config.set_cpu_math_library_num_threads(settings["threads"])
        if settings["engine"] == "plain":
            (getattr(config, "disable_onednn", None) or config.disable_mkldnn)()
        else:
            (getattr(config, "enable_onednn", None) or config.enable_mkldnn)()
        if settings["program"].endswith(".pdmodel"):
            config.enable_memory_optim()
        self.predictor = inference.create_predictor(config)
        self.lock = threading.Lock()
        # Paddle's Python API does not tell types and shapes.
        self.inputs = [(one["name"], np.dtype(one["dtype"]), one["shape"]) for one in settings["inputs"]]
        example = self.run({name: np.ones([max(n, 1) for n in shape], dtype) for name, dtype, shape in self.inputs})
        self.outputs = [(name, value.dtype, [-1] * value.ndim) for name, value in example.items()]

    def run(self, feed):
        with self.lock:
            for name, _, _ in self.inputs:
                self.predictor.get_input_handle(name).copy_from_cpu(np.ascontiguousarray(feed[name]))
            self.predictor.run()
            names = self.predictor.get_output_names()
            return {name: self.predictor.get_output_handle(name).copy_to_cpu() for name in names}

    def serve(self, feed):
        """A request: as long as the test says, and with a line for the test when it begins."""
        delay = os.path.join(self.folder, "delay")
        if os.path.exists(delay):
            print("a slow request began", flush=True)
            with open(delay) as file:
                time.sleep(float(file.read()))
        return self.run(feed)


def read_settings(path):
    with open(path) as file:
        return json.load(file)
