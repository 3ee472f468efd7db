"""Calls a server of paddlelab with Triton's and KServe's clients; prints what came back as one JSON object.

Arguments: URL, name of a detector, file of its inputs (.npz).
"""

import asyncio
import base64
import json
import sys
from urllib.parse import urlparse

import numpy as np
import tritonclient.http as triton
from kserve import InferInput, InferRequest, InferenceRESTClient, RESTConfig
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

url, model, file = sys.argv[1:4]
feeds = dict(np.load(file))


def packed(array):
    return {"shape": list(array.shape), "dtype": str(array.dtype), "bytes": base64.b64encode(array.tobytes()).decode()}


def refused(call):
    try:
        call()
    except InferenceServerException as error:
        return [error.status(), error.message()]
    return "nothing was raised"


def triton_inputs(binary, arrays=feeds):
    inputs = []
    for name, array in arrays.items():
        one = triton.InferInput(name, list(array.shape), np_to_triton_dtype(array.dtype))
        one.set_data_from_numpy(array, binary_data=binary)
        inputs.append(one)
    return inputs


def triton_calls():
    client = triton.InferenceServerClient(urlparse(url).netloc, concurrency=4)
    metadata = client.get_model_metadata(model)
    names = [output["name"] for output in metadata["outputs"]]
    found = {
        "live": client.is_server_live(),
        "ready": client.is_server_ready(),
        "model ready": client.is_model_ready(model),
        "version ready": client.is_model_ready(model, "1"),
        "other ready": client.is_model_ready("other"),
        "server": client.get_server_metadata(),
        "metadata": metadata,
        "index": client.get_model_repository_index(),
    }

    def run(binary_in, binary_out):
        outputs = [triton.InferRequestedOutput(name, binary_data=binary_out) for name in names]
        result = client.infer(model, triton_inputs(binary_in), outputs=outputs, request_id="one")
        return {"id": result.get_response()["id"], "tensors": {name: packed(result.as_numpy(name)) for name in names}}

    for binary_in in (True, False):
        for binary_out in (True, False):
            found[f"binary {binary_in} {binary_out}"] = run(binary_in, binary_out)
    every = client.infer(model, triton_inputs(True), model_version="1")
    found["every output"] = {name: packed(every.as_numpy(name)) for name in names}
    one = client.infer(model, triton_inputs(True), outputs=[triton.InferRequestedOutput(names[1])])
    found["one output"] = [output["name"] for output in one.get_response()["outputs"]]
    pending = [client.async_infer(model, triton_inputs(True)) for _ in range(8)]
    found["async"] = [packed(request.get_result().as_numpy(names[0])) for request in pending]
    wrong = {**feeds, "image": feeds["image"][:, :, :8, :8]}
    found["wrong shape"] = refused(lambda: client.infer(model, triton_inputs(True, wrong)))
    wrong = {**feeds, "image": feeds["image"].astype(np.float64)}
    found["wrong type"] = refused(lambda: client.infer(model, triton_inputs(True, wrong)))
    found["missing"] = refused(lambda: client.infer(model, triton_inputs(True)[:1]))
    found["unknown model"] = refused(lambda: client.infer("other", triton_inputs(True)))
    found["unknown version"] = refused(lambda: client.infer(model, triton_inputs(True), model_version="2"))
    found["compressed"] = refused(
        lambda: client.infer(model, triton_inputs(True), request_compression_algorithm="gzip")
    )
    client.unload_model(model)
    found["unloaded"] = [client.is_model_ready(model), refused(lambda: client.infer(model, triton_inputs(True)))]
    client.load_model(model)
    found["loaded"] = client.is_model_ready(model)
    client.close()
    return found


async def kserve_calls():
    client = InferenceRESTClient(RESTConfig(protocol="v2"))
    found = {
        "live": await client.is_server_live(url),
        "ready": await client.is_server_ready(url),
        "model ready": await client.is_model_ready(url, model),
        "other ready": await client.is_model_ready(url, "other"),
    }
    for binary in (True, False):
        inputs = []
        for name, array in feeds.items():
            one = InferInput(name, list(array.shape), "FP32")
            one.set_data_from_numpy(array, binary_data=binary)
            inputs.append(one)
        request = InferRequest(model, inputs, request_id="two")
        response = await client.infer(url, request, model_name=model)
        found[f"binary {binary}"] = {
            "id": response.id,
            "tensors": {output.name: packed(output.as_numpy()) for output in response.outputs},
        }
    await client.close()
    return found


print(json.dumps({"triton": triton_calls(), "kserve": asyncio.run(kserve_calls())}))
