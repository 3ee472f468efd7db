"""Makes the tiny model beside this script, in both formats: 8 numbers in, 4 out. Needs paddlepaddle 3.3.

usage: FLAGS_enable_pir_api=1 python make_tiny_model.py && FLAGS_enable_pir_api=0 python make_tiny_model.py
"""
from pathlib import Path

import paddle

paddle.seed(1)
layer = paddle.nn.Sequential(paddle.nn.Linear(8, 4), paddle.nn.ReLU())
layer.eval()
spec = [paddle.static.InputSpec([None, 8], "float32", "x")]
paddle.jit.save(layer, str(Path(__file__).parent / "model"), input_spec=spec)
