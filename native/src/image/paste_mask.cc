#include "image/paste_mask.h"

#include <cmath>

namespace paddlelab {
namespace {

struct Span {
  double start;
  double end;
};

// The source positions of OpenCV's bilinear resize for one destination.
struct Sample {
  int first;
  int second;
  float near;
  float far;
};

// A box's extent grown by the border, in float32 like the boxes, with its ends truncated towards zero.
Span Grow(float start, float end, int side) {
  const float half = (end - start) * 0.5f * static_cast<float>(static_cast<double>(side + 2) / side);
  const float centre = (start + end) * 0.5f;
  return {std::trunc(static_cast<double>(centre - half)), std::trunc(static_cast<double>(centre + half))};
}

Sample SampleAt(double index, double destination, int source) {
  const double step = 1 / (destination / source);
  const double position = (index + 0.5) * step - 0.5;
  const double first = std::floor(position);
  const auto far = static_cast<float>(position - first);
  const auto clamp = [source](double at) { return static_cast<int>(std::min(std::max(at, 0.0), source - 1.0)); };
  return {clamp(first), clamp(first + 1), 1 - far, far};
}

// Samples of the part of a span inside the image; `begin` is the first pixel.
std::vector<Sample> SamplesOf(Span span, int extent, int source, int* begin) {
  const double destination = std::max(span.end - span.start + 1, 1.0);
  const double first = std::max(span.start, 0.0);
  const double end = std::min(span.end + 1, static_cast<double>(extent));
  std::vector<Sample> samples;
  *begin = first < extent ? static_cast<int>(first) : 0;
  for (double i = first; i < end; i++) samples.push_back(SampleAt(i - span.start, destination, source));
  return samples;
}

float Mix(const float* row, const Sample& sample) {
  return static_cast<float>(static_cast<double>(row[sample.first]) * sample.near +
                            static_cast<double>(row[sample.second]) * sample.far);
}

}  // namespace

std::string PasteMask(const float* probabilities, int side, const std::array<float, 4>& box, MaskSize image) {
  std::vector<uint8_t> columns(static_cast<size_t>(image.height) * image.width, 0);
  const Span across = Grow(box[0], box[2], side);
  const Span down = Grow(box[1], box[3], side);
  const bool finite =
      std::isfinite(across.start) && std::isfinite(across.end) && std::isfinite(down.start) && std::isfinite(down.end);
  if (!finite) return EncodeColumns(columns, image).counts;
  const int source = side + 2;
  std::vector<float> padded(static_cast<size_t>(source) * source, 0);
  for (int row = 0; row < side; row++) {
    std::copy_n(probabilities + static_cast<size_t>(row) * side, side, padded.data() + (row + 1) * source + 1);
  }
  int left = 0;
  int top = 0;
  const std::vector<Sample> xs = SamplesOf(across, image.width, source, &left);
  const std::vector<Sample> ys = SamplesOf(down, image.height, source, &top);
  for (size_t y = 0; y < ys.size(); y++) {
    const Sample& row = ys[y];
    for (size_t x = 0; x < xs.size(); x++) {
      const float upper = Mix(padded.data() + row.first * source, xs[x]);
      const float lower = Mix(padded.data() + row.second * source, xs[x]);
      const auto value =
          static_cast<float>(static_cast<double>(upper) * row.near + static_cast<double>(lower) * row.far);
      if (value > 0.5f) columns[(left + x) * image.height + top + y] = 1;
    }
  }
  return EncodeColumns(columns, image).counts;
}

}  // namespace paddlelab
