"""A model on Python's paddle.inference, with the settings that paddlelab uses for the same engine."""
import os
import sys

from serve import Unavailable, serve


def create(request):
    try:
        import paddle
        import paddle.inference as inference
    except ImportError as error:
        hint = f"{sys.executable} -m pip install paddlepaddle"
        raise Unavailable(f"{sys.executable} has no paddle ({error}); {hint}, or name another with python: …") from None
    options = request["external"]
    config = inference.Config(request["program"], request["params"])
    config.disable_gpu()
    config.disable_glog_info()
    config.set_cpu_math_library_num_threads(options["threads"])
    set_engine(config, inference, request)
    if request["program"].endswith(".pdmodel"):
        config.enable_memory_optim()
    predictor = inference.create_predictor(config)
    names = predictor.get_output_names()
    inputs = {name: predictor.get_input_handle(name) for name in predictor.get_input_names()}
    outputs = [predictor.get_output_handle(name) for name in names]

    def run(feed):
        for name, handle in inputs.items():
            handle.copy_from_cpu(feed[name])
        predictor.run()
        return [(name, handle.copy_to_cpu()) for name, handle in zip(names, outputs)]

    return run, f"paddle.inference {paddle.__version__} (Python)"


def set_engine(config, inference, request):
    onednn = getattr(config, "enable_onednn", None) or config.enable_mkldnn
    engine, precision = request["external"]["engine"], request["external"]["precision"]
    if engine == "plain":
        (getattr(config, "disable_onednn", None) or config.disable_mkldnn)()
    elif engine.startswith("onednn"):
        onednn()
        if engine == "onednn-fused":
            config.delete_pass("onednn_placement_pass")
        if precision == "bf16":
            (getattr(config, "enable_onednn_bfloat16", None) or config.enable_mkldnn_bfloat16)()
    else:
        if not hasattr(config, "enable_openvino_engine"):
            raise Unavailable("this paddle has no OpenVINO engine; it came with 3.0")
        config.set_optim_cache_dir(os.path.join(request["folder"], "openvino"))
        types = inference.PrecisionType
        kinds = {"fp32": types.Float32, "fp16": types.Half, "bf16": types.Bfloat16}
        config.enable_openvino_engine(kinds[precision])


if __name__ == "__main__":
    serve(create)
