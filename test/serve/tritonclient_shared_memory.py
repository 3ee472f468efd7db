"""Calls a server with Triton's clients, tensors in shared memory. usage: tritonclient_shared_memory.py HTTP GRPC, prints JSON"""
import json
import os
import sys

import numpy as np
import tritonclient.grpc
import tritonclient.http
import tritonclient.utils.shared_memory as shm
from tritonclient.utils import InferenceServerException

model = "shapes"
image = (np.arange(3 * 64 * 64, dtype=np.float32) / 12288).reshape(1, 3, 64, 64)


def refused(call):
    try:
        call()
    except InferenceServerException as error:
        return error.message()
    return None


def calls(module, address):
    client = module.InferenceServerClient(address)
    keys = {name: f"/paddlelab-triton-{os.getpid()}-{name}" for name in ("in", "out")}
    given = shm.create_shared_memory_region("in", keys["in"], image.nbytes)
    taken = shm.create_shared_memory_region("out", keys["out"], 64)
    try:
        shm.set_shared_memory_region(given, [image])
        client.register_system_shared_memory("in", keys["in"], image.nbytes)
        client.register_system_shared_memory("out", keys["out"], 64)
        tensor = module.InferInput("x", list(image.shape), "FP32")
        tensor.set_shared_memory("in", image.nbytes)
        output = client.get_model_metadata(model)
        name = output["outputs"][0]["name"] if isinstance(output, dict) else output.outputs[0].name
        placed = module.InferRequestedOutput(name)
        placed.set_shared_memory("out", 64)
        result = client.infer(model, [tensor], outputs=[placed])
        found = result.get_output(name)
        shape = list(found["shape"] if isinstance(found, dict) else found.shape)
        values = shm.get_contents_as_numpy(taken, np.float32, shape).flatten().tolist()
        answered = client.infer(model, [tensor], outputs=[module.InferRequestedOutput(name)])
        status = client.get_system_shared_memory_status()
        names = [one["name"] for one in status] if isinstance(status, list) else list(status.regions)
        tensor.set_shared_memory("in", image.nbytes, offset=4)
        beyond = refused(lambda: client.infer(model, [tensor]))
        twice = refused(lambda: client.register_system_shared_memory("in", keys["in"], image.nbytes))
        client.unregister_system_shared_memory("in")
        tensor.set_shared_memory("in", image.nbytes)
        unknown = refused(lambda: client.infer(model, [tensor]))
        client.unregister_system_shared_memory()
        left = client.get_system_shared_memory_status()
        return {
            "shape": [int(extent) for extent in shape],
            "values": values,
            "answered": answered.as_numpy(name).flatten().tolist() == values,
            "names": sorted(names),
            "refused": [beyond, twice, unknown],
            "left": len(left if isinstance(left, list) else left.regions),
        }
    finally:
        shm.destroy_shared_memory_region(given)
        shm.destroy_shared_memory_region(taken)


found = {"http": calls(tritonclient.http, sys.argv[1]), "grpc": calls(tritonclient.grpc, sys.argv[2])}
print(json.dumps(found))
