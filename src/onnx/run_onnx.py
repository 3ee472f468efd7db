"""Runs an ONNX model once with onnxruntime; the argument is a JSON file that names the model, the inputs and a folder.

Answers a line of JSON; ends with 3 where a package is missing.
"""
import json
import os
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    request = json.load(file)
try:
    import numpy as np
    import onnxruntime
except ImportError as error:
    print(json.dumps({"kind": "missing", "package": error.name or "onnxruntime", "message": str(error)}))
    sys.exit(3)

session = onnxruntime.InferenceSession(request["model"], providers=["CPUExecutionProvider"])
wanted = {node.name for node in session.get_inputs()}
feeds = {
    tensor["name"]: np.fromfile(tensor["file"], tensor["dtype"]).reshape(tensor["shape"])
    for tensor in request["inputs"]
    if tensor["name"] in wanted
}
outputs = []
for i, value in enumerate(session.run(None, feeds)):
    path = os.path.join(request["folder"], f"output-{i}")
    np.ascontiguousarray(value).tofile(path)
    outputs.append({"dtype": value.dtype.name, "shape": list(value.shape), "file": path})
print(json.dumps({"kind": "outputs", "onnxruntime": onnxruntime.__version__, "outputs": outputs}))
