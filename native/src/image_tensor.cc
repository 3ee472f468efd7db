#include "image_tensor.h"

#include <algorithm>

namespace paddlelab {
namespace {

bool Unchanged(const ResizeSpec& spec) {
  return spec.width == spec.source_width && spec.height == spec.source_height && spec.step_x == 1 && spec.step_y == 1;
}

void WritePlane(const uint8_t* pixels, const ImageTensorSpec& spec, size_t plane, float* out) {
  const int channels = spec.resize.channels;
  const int channel = spec.channel_order[plane];
  const float* lookup = &spec.lookup[plane * 256];
  const size_t canvas = static_cast<size_t>(spec.canvas_width) * spec.canvas_height;
  const bool covered = spec.resize.width == spec.canvas_width && spec.resize.height == spec.canvas_height;
  if (!covered) std::fill_n(out, canvas, spec.fill[plane]);
  for (int y = 0; y < spec.resize.height; y++) {
    const uint8_t* row = pixels + static_cast<size_t>(y) * spec.resize.width * channels + channel;
    float* target = out + static_cast<size_t>(y + spec.top) * spec.canvas_width + spec.left;
    for (int x = 0; x < spec.resize.width; x++) target[x] = lookup[row[static_cast<size_t>(x) * channels]];
  }
}

}  // namespace

void ImageToTensor(const uint8_t* source, const ImageTensorSpec& spec, float* out) {
  std::vector<uint8_t> resized;
  const uint8_t* pixels = source;
  if (!Unchanged(spec.resize)) {
    resized = Resize(source, spec.resize);
    pixels = resized.data();
  }
  const size_t canvas = static_cast<size_t>(spec.canvas_width) * spec.canvas_height;
  for (size_t plane = 0; plane < spec.channel_order.size(); plane++) {
    WritePlane(pixels, spec, plane, out + plane * canvas);
  }
}

}  // namespace paddlelab
