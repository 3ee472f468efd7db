"""Calls a server over gRPC with Triton's client. usage: tritonclient_calls.py HOST:PORT TOKEN, prints JSON"""
import json
import sys

import numpy as np
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException

client = triton.InferenceServerClient(sys.argv[1])
headers = {"authorization": "Bearer " + sys.argv[2]}
model = "shapes"
image = (np.arange(3 * 64 * 64, dtype=np.float32) / 12288).reshape(1, 3, 64, 64)


def tensor(name="x", value=image, datatype="FP32"):
    given = triton.InferInput(name, list(value.shape), datatype)
    given.set_data_from_numpy(value)
    return given


def infer(inputs=None, **more):
    return client.infer(more.pop("model_name", model), inputs or [tensor()], headers=more.pop("headers", headers), **more)


def refused(call):
    """The status of a refusal; None if there was none."""
    try:
        call()
    except InferenceServerException as error:
        return [error.status(), error.message()]
    return None


def values(result):
    names = [output.name for output in result.get_response().outputs]
    return [[name, list(result.as_numpy(name).shape), result.as_numpy(name).flatten().tolist()] for name in names]


metadata = client.get_model_metadata(model, headers=headers, as_json=True)
output = metadata["outputs"][0]["name"]
first = values(infer())
found = {
    "live": client.is_server_live(),
    "ready": client.is_server_ready(),
    "model": client.is_model_ready(model, headers=headers),
    "version": client.is_model_ready(model, "1", headers=headers),
    "server": client.get_server_metadata(headers=headers, as_json=True)["name"],
    "metadata": metadata,
    "index": client.get_model_repository_index(headers=headers, as_json=True),
    "first": first,
    "wanted": values(infer(outputs=[triton.InferRequestedOutput(output)])) == first,
    "id": infer(request_id="a-1").get_response().id,
    "compressed": values(infer(compression_algorithm="gzip")) == first,
    "timed": values(infer(client_timeout=60)) == first,
    "batch": values(infer([tensor(value=np.concatenate([image] * 3))]))[0][1],
    "refused": {
        "model": refused(lambda: infer(model_name="other")),
        "version": refused(lambda: infer(model_version="7")),
        "input": refused(lambda: infer([tensor(name="y")])),
        "type": refused(lambda: infer([tensor(value=image.astype(np.float64), datatype="FP64")])),
        "shape": refused(lambda: infer([tensor(value=image[:, :1])])),
        "output": refused(lambda: infer(outputs=[triton.InferRequestedOutput("z")])),
        "token": refused(lambda: infer(headers={})),
        "late": refused(lambda: infer(client_timeout=0.000001)),
        "config": refused(lambda: client.get_model_config(model, headers=headers)),
    },
}

done = []
for _ in range(8):
    keep = lambda result, error: done.append(error or values(result))
    client.async_infer(model, [tensor()], callback=keep, headers=headers)
while len(done) < 8:
    client.is_server_live()
found["parallel"] = sum(one == first for one in done)
client.unload_model(model, headers=headers)
found["unloaded"] = client.is_model_ready(model, headers=headers)
found["refused"]["unloaded"] = refused(infer)
client.load_model(model, headers=headers)
found["again"] = values(infer()) == first
print(json.dumps(found))
