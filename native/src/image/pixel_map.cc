#include "image/pixel_map.h"

#include <algorithm>

namespace paddlelab {
namespace {

template <typename Number>
void ApplyAs(Arithmetic::Kind kind, double constant, float* line, size_t count) {
  const Number value = static_cast<Number>(constant);
  switch (kind) {
    case Arithmetic::Kind::kMultiply:
      for (size_t i = 0; i < count; i++) line[i] = static_cast<float>(line[i] * value);
      break;
    case Arithmetic::Kind::kDivide:
      for (size_t i = 0; i < count; i++) line[i] = static_cast<float>(line[i] / value);
      break;
    case Arithmetic::Kind::kAdd:
      for (size_t i = 0; i < count; i++) line[i] = static_cast<float>(line[i] + value);
      break;
    case Arithmetic::Kind::kSubtract:
      for (size_t i = 0; i < count; i++) line[i] = static_cast<float>(line[i] - value);
      break;
  }
}

void Apply(const MapSpec& spec, size_t channel, float* line, size_t count) {
  for (const Arithmetic& step : spec.arithmetic) {
    const double value = step.values[channel];
    if (step.in_double) {
      ApplyAs<double>(step.kind, value, line, count);
    } else {
      ApplyAs<float>(step.kind, value, line, count);
    }
  }
}

}  // namespace

MapWriter::MapWriter(const MapSpec& spec, const ImageView& format, void* out)
    : spec_(spec), format_(format), out_(out), line_(format.width) {
  if (!format.floats) {
    lookup_.resize(spec.order.size() * 256);
    for (size_t channel = 0; channel < spec.order.size(); channel++) {
      float* table = &lookup_[channel * 256];
      if (spec.order[channel] >= 0) {
        for (int value = 0; value < 256; value++) table[value] = static_cast<float>(value);
      }
      Apply(spec, channel, table, 256);
    }
  }
}

void FillCanvas(const MapSpec& spec, int width, int height, void* out) {
  if (width == spec.width && height == spec.height) return;
  const size_t pixels = static_cast<size_t>(spec.width) * spec.height;
  const size_t channels = spec.order.size();
  for (size_t channel = 0; channel < channels; channel++) {
    const size_t start = spec.planes ? channel * pixels : channel;
    const size_t stride = spec.planes ? 1 : channels;
    const float value = spec.fill[channel];
    for (size_t i = 0; i < pixels; i++) {
      if (spec.bytes) {
        static_cast<uint8_t*>(out)[start + i * stride] = static_cast<uint8_t>(std::clamp(value, 0.0f, 255.0f));
      } else {
        static_cast<float*>(out)[start + i * stride] = value;
      }
    }
  }
}

void MapWriter::RowOfBytes(const uint8_t* row, size_t channel, float* line) const {
  const float* table = &lookup_[channel * 256];
  const uint8_t* samples = row + std::max(0, spec_.order[channel]);
  for (int x = 0; x < format_.width; x++) line[x] = table[samples[static_cast<size_t>(x) * format_.channels]];
}

void MapWriter::RowOfFloats(const float* row, size_t channel, float* line) const {
  const int from = spec_.order[channel];
  for (int x = 0; x < format_.width; x++) {
    line[x] = from < 0 ? 0.0f : row[static_cast<size_t>(x) * format_.channels + from];
  }
  Apply(spec_, channel, line, format_.width);
}

template <typename Pixel>
void MapWriter::Scatter(const float* line, size_t channel, int y) {
  const size_t canvas = static_cast<size_t>(spec_.width) * spec_.height;
  const size_t stride = spec_.planes ? 1 : spec_.order.size();
  const size_t position = static_cast<size_t>(y + spec_.top) * spec_.width + spec_.left;
  Pixel* target = static_cast<Pixel*>(out_) + position * stride + (spec_.planes ? channel * canvas : channel);
  for (int x = 0; x < format_.width; x++) {
    target[x * stride] =
        spec_.bytes ? static_cast<Pixel>(std::clamp(line[x], 0.0f, 255.0f)) : static_cast<Pixel>(line[x]);
  }
}

bool MapWriter::ThreePlanesOfBytes() const {
  return !format_.floats && format_.channels == 3 && spec_.planes && !spec_.bytes && spec_.order.size() == 3 &&
         *std::min_element(spec_.order.begin(), spec_.order.end()) >= 0;
}

// The usual case for networks.
void MapWriter::WriteThreePlanes(const uint8_t* row, int y) {
  const size_t canvas = static_cast<size_t>(spec_.width) * spec_.height;
  float* plane = static_cast<float*>(out_) + static_cast<size_t>(y + spec_.top) * spec_.width + spec_.left;
  float *first = plane, *second = plane + canvas, *third = plane + 2 * canvas;
  const float* table = lookup_.data();
  const uint8_t *a = row + spec_.order[0], *b = row + spec_.order[1], *c = row + spec_.order[2];
  for (int x = 0; x < format_.width; x++) {
    first[x] = table[a[x * 3]];
    second[x] = table[256 + b[x * 3]];
    third[x] = table[512 + c[x * 3]];
  }
}

void MapWriter::Row(int y, const void* row) {
  if (ThreePlanesOfBytes()) return WriteThreePlanes(static_cast<const uint8_t*>(row), y);
  for (size_t channel = 0; channel < spec_.order.size(); channel++) {
    if (format_.floats) {
      RowOfFloats(static_cast<const float*>(row), channel, line_.data());
    } else {
      RowOfBytes(static_cast<const uint8_t*>(row), channel, line_.data());
    }
    if (spec_.bytes) {
      Scatter<uint8_t>(line_.data(), channel, y);
    } else {
      Scatter<float>(line_.data(), channel, y);
    }
  }
}

}  // namespace paddlelab
