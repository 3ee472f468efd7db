#pragma once

#include <cmath>

#include "image/run_length.h"

namespace paddlelab {

// One class of a label map: its number of pixels, and its mask.
struct LabelledSegment {
  int class_id;
  int64_t area;
  std::string counts;
};

struct LabelSegments {
  std::vector<LabelledSegment> segments;
  // NaN values, for which no maximum can be determined.
  int64_t not_numbers = 0;
  // Pixels whose class is not 0 to `kMostClasses` - 1.
  int64_t not_classes = 0;
};

constexpr int kMostClasses = 65536;

// The network's output: labels, or maps whose maximum is chosen, the first of equal ones.
template <typename Number>
struct LabelSource {
  const Number* data;
  int channels;
  MaskSize size;
  // The image's part, at the top left.
  MaskSize content;
};

LabelSegments EncodeLabelColumns(const std::vector<int32_t>& columns, MaskSize image);

// The source of each pixel by OpenCV's nearest neighbour.
std::vector<int> NearestSources(int from, int to);

// The labels of one row of the network's output.
template <typename Number>
void ReadLabelRow(const LabelSource<Number>& source, int y, std::vector<int32_t>* labels, LabelSegments* found) {
  const size_t pixels = static_cast<size_t>(source.size.height) * source.size.width;
  const Number* row = source.data + static_cast<size_t>(y) * source.size.width;
  const int width = source.content.width;
  std::vector<Number> best(row, row + width);
  if (source.channels == 1) {
    for (int x = 0; x < width; x++) {
      const auto value = static_cast<double>(best[x]);
      const bool is_class = value >= 0 && value < kMostClasses;
      if (value != value)
        found->not_numbers++;
      else if (!is_class)
        found->not_classes++;
      (*labels)[x] = is_class ? static_cast<int32_t>(value) : 0;
    }
    return;
  }
  std::fill(labels->begin(), labels->end(), 0);
  for (int x = 0; x < width; x++) found->not_numbers += best[x] != best[x];
  for (int channel = 1; channel < source.channels; channel++) {
    const Number* values = row + channel * pixels;
    for (int x = 0; x < width; x++) {
      found->not_numbers += values[x] != values[x];
      if (values[x] > best[x]) {
        best[x] = values[x];
        (*labels)[x] = channel;
      }
    }
  }
}

// A mask for each class of the labels, resized to the image's size by nearest neighbours.
template <typename Number>
LabelSegments EncodeLabels(const LabelSource<Number>& source, MaskSize image) {
  const std::vector<int> rows = NearestSources(source.content.height, image.height);
  const std::vector<int> across = NearestSources(source.content.width, image.width);
  std::vector<int32_t> columns(static_cast<size_t>(image.height) * image.width);
  std::vector<int32_t> labels(source.content.width);
  LabelSegments found;
  int read = -1;
  for (int y = 0; y < image.height; y++) {
    if (rows[y] != read) ReadLabelRow(source, read = rows[y], &labels, &found);
    for (int x = 0; x < image.width; x++) columns[static_cast<size_t>(x) * image.height + y] = labels[across[x]];
  }
  LabelSegments encoded = EncodeLabelColumns(columns, image);
  encoded.not_numbers = found.not_numbers;
  encoded.not_classes = found.not_classes;
  return encoded;
}

// Converts maps `[classes, pixels]` to probabilities: unchanged if they already are (none below 0, sums of 1 within
// `tolerance`), else by softmax. Returns the number of NaN values.
int64_t ToProbabilities(const float* maps, float* target, int classes, size_t pixels, double tolerance);

}  // namespace paddlelab
