"""MLServer's side of a Paddle model."""
import asyncio

from mlserver import MLModel, types
from mlserver.codecs import NumpyCodec
from paddle_model import PaddleModel, read_settings

TYPES = {"float32": "FP32", "float64": "FP64", "int32": "INT32", "int64": "INT64"}


class PaddleRuntime(MLModel):
    async def load(self):
        self.model = PaddleModel(read_settings(self.settings.parameters.uri))
        self.inputs = [metadata(port) for port in self.model.inputs]
        self.outputs = [metadata(port) for port in self.model.outputs]
        return True

    async def predict(self, payload):
        feed = {tensor.name: NumpyCodec.decode_input(tensor) for tensor in payload.inputs}
        # Other requests, such as that for readiness, are answered meanwhile.
        found = await asyncio.to_thread(self.model.serve, feed)
        outputs = [answer(name, value) for name, value in found.items()]
        return types.InferenceResponse(model_name=self.name, outputs=outputs)


def metadata(port):
    name, dtype, shape = port
    return types.MetadataTensor(name=name, datatype=TYPES[dtype.name], shape=shape)


def answer(name, value):
    # NumpyCodec would make [n, 1] of the shape [n].
    return types.ResponseOutput(
        name=name, datatype=TYPES[value.dtype.name], shape=list(value.shape), data=value.flatten().tolist()
    )
