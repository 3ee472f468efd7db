#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace paddlelab {

// A view of interleaved pixels of 8 bits or float32, without ownership.
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

// The rows of a result to compute; bands of rows are computed in parallel.
struct RowRange {
  int begin;
  int end;
};

// Gets the finished rows of an image in order; the type of the samples depends on the producer.
using RowSink = std::function<void(int y, const void* row)>;

}  // namespace paddlelab
