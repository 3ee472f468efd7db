"""The operators of the Python deploy script on one image: Resize by factors, NormalizeImage, Permute.

Arguments: width and height of the picture, side of the network's input, interpolation. Preprocesses once for each line
of input and prints the milliseconds that it took and the sum of the tensor.
"""

import sys
import time

import cv2
import numpy as np

width, height, side, interpolation = map(int, sys.argv[1:])
rows, columns = np.mgrid[0:height, 0:width]
planes = [(37 * rows + 59 * columns + 83 * channel + 11 * rows * columns) % 256 for channel in range(3)]
picture = np.stack(planes, axis=2).astype(np.uint8)
mean = np.array([0.485, 0.456, 0.406])[np.newaxis, np.newaxis, :]
std = np.array([0.229, 0.224, 0.225])[np.newaxis, np.newaxis, :]


def preprocess():
    image = cv2.resize(picture, None, None, fx=side / width, fy=side / height, interpolation=interpolation)
    image = image.astype(np.float32, copy=False)
    image *= 1.0 / 255.0
    image -= mean
    image /= std
    return np.expand_dims(image.transpose((2, 0, 1)).copy(), 0)


for _ in sys.stdin:
    started = time.perf_counter()
    result = preprocess()
    milliseconds = (time.perf_counter() - started) * 1000
    print(milliseconds, float(np.sum(result, dtype=np.float64)), flush=True)
