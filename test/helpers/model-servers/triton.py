"""Triton with a Paddle model, through nvidia-pytriton. usage: triton.py settings.json FOLDER, where Triton has its sockets"""
import os
import sys
import sysconfig
import tempfile

from paddle_model import PaddleModel, end_with_parent, read_settings
from pytriton.model_config import ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig, TritonSecurityConfig

settings = read_settings(sys.argv[1])
# Triton's own program loads Python's library, which is not in a folder of the system if Python was built by pyenv.
folders = [sysconfig.get_config_var("LIBDIR"), os.environ.get("LD_LIBRARY_PATH", "")]
os.environ["LD_LIBRARY_PATH"] = ":".join(folder for folder in folders if folder)
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
# pytriton lets only those register shared memory who know this token.
security = TritonSecurityConfig(access_token="secret")
# A new workspace for each start: what a killed server left in one is refused.
with Triton(config=config, security_config=security, workspace=tempfile.mkdtemp(dir=sys.argv[2]) + "/workspace") as triton:
    triton.bind(
        model_name=settings["model"],
        infer_func=infer,
        inputs=tensors(model.inputs),
        outputs=tensors(model.outputs),
        config=ModelConfig(batching=False),
    )
    triton.serve()
