"""Triton with a Paddle model, through nvidia-pytriton. usage: triton.py settings.json"""
import sys

from paddle_model import PaddleModel, end_with_parent, read_settings
from pytriton.model_config import ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

settings = read_settings(sys.argv[1])
end_with_parent()
model = PaddleModel(settings)


def infer(requests):
    return [model.serve({name: request[name] for name, _, _ in model.inputs}) for request in requests]


def tensors(ports):
    return [Tensor(name=name, dtype=dtype, shape=tuple(shape)) for name, dtype, shape in ports]


config = TritonConfig(
    http_address="127.0.0.1",
    http_port=settings["httpPort"],
    grpc_address="127.0.0.1",
    grpc_port=settings["grpcPort"],
    allow_metrics=False,
)
with Triton(config=config, workspace=settings["workspace"]) as triton:
    triton.bind(
        model_name=settings["model"],
        infer_func=infer,
        inputs=tensors(model.inputs),
        outputs=tensors(model.outputs),
        config=ModelConfig(batching=False),
    )
    triton.serve()
