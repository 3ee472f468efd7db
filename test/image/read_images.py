"""Reads the image files named by the arguments with OpenCV as Paddle's scripts do; writes each one's RGB pixels beside
it, as `<file>.rgb` after a line `width height`."""

import sys

import cv2

for file in sys.argv[1:]:
    image = cv2.imread(file, cv2.IMREAD_COLOR)
    with open(file + ".rgb", "wb") as output:
        output.write(f"{image.shape[1]} {image.shape[0]}\n".encode())
        output.write(image[:, :, ::-1].tobytes())
