#pragma once

#include <cstdint>
#include <vector>

#include "resize.h"

namespace paddlelab {

// From 8-bit interleaved pixels to the float planes that a network reads, in one pass over the resized pixels.
struct ImageTensorSpec {
  ResizeSpec resize;
  // What the pixels become: 256 entries for each channel, in the order of the output planes.
  std::vector<float> lookup;
  // Source channel of each output plane: {0, 1, 2}, or {2, 1, 0} for BGR networks.
  std::vector<int> channel_order;
  // Size of the canvas; the image stands at (left, top), the rest is `fill` (one value for each plane).
  int canvas_width;
  int canvas_height;
  int left;
  int top;
  std::vector<float> fill;
};

// Writes planes (CHW) of canvas size to `out`.
void ImageToTensor(const uint8_t* source, const ImageTensorSpec& spec, float* out);

}  // namespace paddlelab
