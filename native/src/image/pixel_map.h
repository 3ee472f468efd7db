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

// What becomes of every pixel once it is where it belongs: channels, arithmetic, padding, order in memory.
struct MapSpec {
  // Source channel of each channel of the result; −1 for zeros.
  std::vector<int> order;
  std::vector<Arithmetic> arithmetic;
  // Size of the canvas; the image stands at (left, top), the rest is `fill` (one value for each channel).
  int width;
  int height;
  int left;
  int top;
  std::vector<float> fill;
  // Channels one after the other instead of interleaved.
  bool planes;
  // The result is cut to 8 bits instead of kept as float32.
  bool bytes;
};

// Fills the canvas in `out`, unless the image covers it.
void FillCanvas(const MapSpec& spec, int width, int height, void* out);

// Writes the rows that it is given to their places in `out`, which has room for the canvas.
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
  // What each 8-bit sample becomes: 256 entries for each channel.
  std::vector<float> lookup_;
  std::vector<float> line_;
};

}  // namespace paddlelab
