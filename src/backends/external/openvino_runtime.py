"""A model on OpenVINO's own runtime, which reads Paddle's programs itself."""
import sys

from serve import Unavailable, serve

PRECISIONS = {"fp32": "f32", "fp16": "f16", "bf16": "bf16"}


def create(request):
    try:
        import openvino
    except ImportError as error:
        hint = f"{sys.executable} -m pip install openvino"
        raise Unavailable(f"{sys.executable} has no openvino ({error}); {hint}, or name another with python: …") from None
    options = request["external"]
    core = openvino.Core()
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": 1,
        "INFERENCE_NUM_THREADS": options["threads"],
        "INFERENCE_PRECISION_HINT": PRECISIONS[options["precision"]],
    }
    compiled = core.compile_model(core.read_model(request["program"]), "CPU", settings)
    # On a CPU without such units OpenVINO falls back to float32, and reports it only here.
    actual = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
    if actual != PRECISIONS[options["precision"]]:
        raise Unavailable(f"OpenVINO computes {options['precision']} in {actual} on this CPU")
    inference = compiled.create_infer_request()
    names = [port.any_name if port.names else f"output {i}" for i, port in enumerate(compiled.outputs)]

    def run(feed):
        results = inference.infer(feed, share_inputs=True)
        return [(name, results[i].copy()) for i, name in enumerate(names)]

    return run, f"OpenVINO {openvino.__version__.split('-')[0]} (Python)"


if __name__ == "__main__":
    serve(create)
