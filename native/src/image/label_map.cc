#include "image/label_map.h"

namespace paddlelab {
namespace {

// The runs of one class down the columns, and the end of the last run.
struct ClassRuns {
  std::vector<int64_t> runs;
  int64_t end = 0;
  int64_t area = 0;
};

void Softmax(float* maps, int classes, size_t pixels) {
  std::vector<double> weights(classes);
  for (size_t i = 0; i < pixels; i++) {
    float highest = -INFINITY;
    for (int c = 0; c < classes; c++) highest = std::max(highest, maps[c * pixels + i]);
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      weights[c] = std::exp(static_cast<double>(maps[c * pixels + i]) - highest);
      sum += weights[c];
    }
    for (int c = 0; c < classes; c++) maps[c * pixels + i] = static_cast<float>(static_cast<float>(weights[c]) / sum);
  }
}

}  // namespace

std::vector<int> NearestSources(int from, int to) {
  std::vector<int> sources(to);
  const double ratio = static_cast<double>(to) / from;
  for (int i = 0; i < to; i++) sources[i] = std::min(static_cast<int>(std::floor(i / ratio)), from - 1);
  return sources;
}

LabelSegments EncodeLabelColumns(const std::vector<int32_t>& columns, MaskSize image) {
  std::vector<ClassRuns> classes(kMostClasses);
  const auto pixels = static_cast<int64_t>(image.height) * image.width;
  int64_t start = 0;
  for (int64_t position = 1; position <= pixels; position++) {
    if (position < pixels && columns[position] == columns[start]) continue;
    ClassRuns& own = classes[columns[start]];
    own.runs.push_back(start - own.end);
    own.runs.push_back(position - start);
    own.area += position - start;
    own.end = start = position;
  }
  LabelSegments found;
  for (int id = 0; id < kMostClasses; id++) {
    ClassRuns& own = classes[id];
    if (own.area == 0) continue;
    if (own.end < pixels) own.runs.push_back(pixels - own.end);
    found.segments.push_back({id, own.area, WriteRuns(own.runs)});
  }
  return found;
}

int64_t ToProbabilities(const float* maps, float* target, int classes, size_t pixels, double tolerance) {
  std::vector<float> sums(pixels, 0);
  bool within = true;
  int64_t not_numbers = 0;
  for (int c = 0; c < classes; c++) {
    for (size_t i = 0; i < pixels; i++) {
      const float value = maps[c * pixels + i];
      not_numbers += value != value;
      within &= !(value < 0);
      sums[i] += value;
      target[c * pixels + i] = value;
    }
  }
  if (not_numbers > 0) return not_numbers;
  for (size_t i = 0; within && i < pixels; i++) within = std::abs(static_cast<double>(sums[i]) - 1) <= tolerance;
  if (!within) Softmax(target, classes, pixels);
  return 0;
}

}  // namespace paddlelab
