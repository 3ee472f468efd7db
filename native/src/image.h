#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace paddlelab {

// Interleaved pixels of 8 bits or float32, owned by somebody else.
struct ImageView {
  const void* data;
  int width;
  int height;
  int channels;
  bool floats;

  size_t RowSamples() const { return static_cast<size_t>(width) * channels; }
  template <typename Pixel>
  const Pixel* Row(int y) const {
    return static_cast<const Pixel*>(data) + y * RowSamples();
  }
};

// Takes the finished rows of an image from the top; the samples are of the type that the producer works in.
using RowSink = std::function<void(int y, const void* row)>;

}  // namespace paddlelab
