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

// Rows of a result that are to be made; bands of rows are made side by side.
struct RowRange {
  int begin;
  int end;
};

// Takes the finished rows of an image in order; the samples are of the type that the producer works in.
using RowSink = std::function<void(int y, const void* row)>;

}  // namespace paddlelab
