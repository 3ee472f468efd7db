"""Converts a Paddle program to ONNX: program, parameters, target and opset version are the arguments.

Tells what happens in lines of JSON on standard output, each with a `kind`; ends with 3 where a package is missing.
"""
import importlib
import inspect
import json
import os
import sys
import tempfile


def tell(**content):
    print("\n" + json.dumps(content), flush=True)


def need(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        tell(kind="missing", package=error.name or name, message=str(error))
        sys.exit(3)


def main(program, params, target, opset):
    paddle = need("paddle")
    paddle2onnx = need("paddle2onnx")
    tell(kind="begin", paddle=paddle.__version__, paddle2onnx=paddle2onnx.__version__)
    with tempfile.TemporaryDirectory() as folder:
        # The converter decides by file extensions, and 1.x models have none.
        ending = ".json" if program.endswith(".json") else ".pdmodel"
        model = os.path.join(folder, "model")
        os.symlink(os.path.abspath(program), model + ending)
        os.symlink(os.path.abspath(params), model + ".pdiparams")
        known = inspect.signature(paddle2onnx.export).parameters
        # Its constant folding would install packages by itself.
        extra = {"optimize_tool": "None"} if "optimize_tool" in known else {}
        paddle2onnx.export(model + ending, model + ".pdiparams", target, opset_version=int(opset), **extra)


main(*sys.argv[1:])
