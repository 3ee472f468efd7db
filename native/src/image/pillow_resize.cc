#include "image/pillow_resize.h"

#include <algorithm>
#include <cmath>

namespace paddlelab {
namespace {

constexpr int kPrecision = 22;

// The source positions of one destination position, with weights in 22-bit fixed point.
struct Taps {
  int first;
  std::vector<int> weights;
};

double Sinc(double x) { return x == 0 ? 1.0 : std::sin(M_PI * x) / (M_PI * x); }

double Bicubic(double t) {
  constexpr double a = -0.5;
  t = std::abs(t);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

double Kernel(PillowFilter filter, double t) {
  switch (filter) {
    case PillowFilter::kLanczos:
      return t >= -3 && t < 3 ? Sinc(t) * Sinc(t / 3) : 0.0;
    case PillowFilter::kBicubic:
      return Bicubic(t);
    case PillowFilter::kBox:
      return t > -0.5 && t <= 0.5 ? 1.0 : 0.0;
    case PillowFilter::kHamming:
      if (t == 0) return 1;
      return std::abs(t) >= 1 ? 0.0 : Sinc(t) * (0.54f + 0.46f * std::cos(M_PI * t));
    default:
      return std::max(0.0, 1 - std::abs(t));
  }
}

double Support(PillowFilter filter) {
  switch (filter) {
    case PillowFilter::kLanczos:
      return 3;
    case PillowFilter::kBicubic:
      return 2;
    case PillowFilter::kBox:
      return 0.5;
    default:
      return 1;
  }
}

std::vector<Taps> MakeTaps(int length, int source_length, PillowFilter filter) {
  const double scale = static_cast<double>(source_length) / length;
  const double spread = std::max(scale, 1.0);
  const double support = Support(filter) * spread;
  std::vector<Taps> all(length);
  for (int d = 0; d < length; d++) {
    const double centre = (d + 0.5) * scale;
    const int first = std::max(0, static_cast<int>(centre - support + 0.5));
    const int end = std::min(source_length, static_cast<int>(centre + support + 0.5));
    std::vector<double> weights;
    double sum = 0;
    for (int j = first; j < end; j++) {
      weights.push_back(Kernel(filter, (j - centre + 0.5) * (1.0 / spread)));
      sum += weights.back();
    }
    all[d].first = first;
    for (double weight : weights) {
      const double fixed = (sum == 0 ? weight : weight / sum) * (1 << kPrecision);
      all[d].weights.push_back(static_cast<int>(fixed < 0 ? fixed - 0.5 : fixed + 0.5));
    }
  }
  return all;
}

uint8_t Finish(int sum) { return static_cast<uint8_t>(std::clamp(sum >> kPrecision, 0, 255)); }

// Weighted sum of samples at a distance of `stride`.
uint8_t Sum(const uint8_t* samples, size_t stride, const Taps& taps) {
  int sum = 1 << (kPrecision - 1);
  for (size_t k = 0; k < taps.weights.size(); k++) sum += samples[k * stride] * taps.weights[k];
  return Finish(sum);
}

std::vector<uint8_t> Horizontal(const ImageView& source, int width, PillowFilter filter) {
  const std::vector<Taps> taps = MakeTaps(width, source.width, filter);
  const int channels = source.channels;
  std::vector<uint8_t> out(static_cast<size_t>(width) * source.height * channels);
  uint8_t* target = out.data();
  for (int y = 0; y < source.height; y++) {
    const uint8_t* row = source.Row<uint8_t>(y);
    for (int x = 0; x < width; x++) {
      for (int c = 0; c < channels; c++) *target++ = Sum(row + taps[x].first * channels + c, channels, taps[x]);
    }
  }
  return out;
}

// Positions are accumulated like in Pillow, including rounding errors.
std::vector<int> NearestPositions(int length, int source_length) {
  const double step = static_cast<double>(source_length) / length;
  std::vector<int> positions(length);
  double position = step * 0.5;
  for (int d = 0; d < length; d++, position += step) {
    positions[d] = std::min(static_cast<int>(position), source_length - 1);
  }
  return positions;
}

void Nearest(const ImageView& source, int width, int height, const RowSink& sink) {
  const std::vector<int> columns = NearestPositions(width, source.width);
  const std::vector<int> rows = NearestPositions(height, source.height);
  std::vector<uint8_t> out(static_cast<size_t>(width) * source.channels);
  for (int y = 0; y < height; y++) {
    const uint8_t* row = source.Row<uint8_t>(rows[y]);
    uint8_t* target = out.data();
    for (int column : columns) target = std::copy_n(row + column * source.channels, source.channels, target);
    sink(y, out.data());
  }
}

}  // namespace

void PillowResize(const ImageView& source, int width, int height, PillowFilter filter, const RowSink& sink) {
  if (filter == PillowFilter::kNearest) return Nearest(source, width, height, sink);
  // Pillow skips an axis whose length does not change.
  ImageView lines = source;
  std::vector<uint8_t> narrowed;
  if (width != source.width) {
    narrowed = Horizontal(source, width, filter);
    lines = {narrowed.data(), width, source.height, source.channels, false};
  }
  if (height == source.height) {
    for (int y = 0; y < height; y++) sink(y, lines.Row<uint8_t>(y));
    return;
  }
  const std::vector<Taps> taps = MakeTaps(height, source.height, filter);
  std::vector<uint8_t> out(lines.RowSamples());
  for (int y = 0; y < height; y++) {
    const uint8_t* first = lines.Row<uint8_t>(taps[y].first);
    for (size_t i = 0; i < out.size(); i++) out[i] = Sum(first + i, out.size(), taps[y]);
    sink(y, out.data());
  }
}

}  // namespace paddlelab
