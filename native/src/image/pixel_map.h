#pragma once

#include <cstdint>
#include <vector>

#include "image/image.h"

namespace paddlelab {

// One step of arithmetic with a constant for each channel, stored as float32 after computing in float32 or in double.
struct Arithmetic {
  enum class Kind { kMultiply, kDivide, kAdd, kSubtract };
  Kind kind;
  bool in_double;
  std::vector<double> values;
};

// The conversion of every pixel after the geometry: channels, arithmetic, padding, memory layout.
struct MapSpec {
  // Source channel of each channel of the result; −1 for zeros.
  std::vector<int> order;
  std::vector<Arithmetic> arithmetic;
  // Size of the canvas; the image is at (left, top), the rest is `fill` (one value per channel).
  int width;
  int height;
  int left;
  int top;
  std::vector<float> fill;
  // Planar channels, instead of interleaved.
  bool planes;
  // The result is truncated to 8 bits instead of kept as float32.
  bool bytes;
};

// Fills the canvas in `out`, unless the image covers it completely.
void FillCanvas(const MapSpec& spec, int width, int height, void* out);

// Writes rows to their positions in `out`, which has the size of the canvas.
class MapWriter {
 public:
  MapWriter(const MapSpec& spec, const ImageView& format, void* out);
  void Row(int y, const void* row);

 private:
  void RowOfBytes(const uint8_t* row, size_t channel, float* line) const;
  void RowOfFloats(const float* row, size_t channel, float* line) const;
  template <typename Pixel>
  void Scatter(const float* line, size_t channel, int y);
  bool ThreePlanesOfBytes() const;
  void WriteThreePlanes(const uint8_t* row, int y);

  const MapSpec& spec_;
  const ImageView format_;
  void* out_;
  // The result for each 8-bit sample: 256 entries per channel.
  std::vector<float> lookup_;
  std::vector<float> line_;
};

}  // namespace paddlelab
