#include "image/run_length.h"

namespace paddlelab {
namespace {

void AppendRun(int64_t value, std::string* text) {
  bool more = true;
  while (more) {
    int group = value & 31;
    value >>= 5;
    more = (group & 16) ? value != -1 : value != 0;
    text->push_back(static_cast<char>((more ? group | 32 : group) + 48));
  }
}

// The bounding box of the runs of set pixels: every second run, counted down the columns.
MaskBounds BoxAround(const std::vector<int64_t>& runs, int64_t height) {
  MaskBounds box{INT32_MAX, INT32_MAX, 0, 0};
  int64_t end = runs[0];
  for (size_t i = 1; i < runs.size(); i += 2) {
    const int64_t start = end;
    const int64_t last = start + runs[i] - 1;
    const bool whole = start / height != last / height;
    box.left = std::min(box.left, static_cast<int>(start / height));
    box.right = std::max(box.right, static_cast<int>(last / height) + 1);
    box.top = std::min(box.top, whole ? 0 : static_cast<int>(start % height));
    box.bottom = std::max(box.bottom, static_cast<int>(whole ? height : last % height + 1));
    end = last + 1 + (i + 1 < runs.size() ? runs[i + 1] : 0);
  }
  return box.right == 0 ? MaskBounds{0, 0, 0, 0} : box;
}

}  // namespace

std::string WriteRuns(const std::vector<int64_t>& runs) {
  std::string text;
  for (size_t i = 0; i < runs.size(); i++) AppendRun(i > 2 ? runs[i] - runs[i - 2] : runs[i], &text);
  return text;
}

EncodedMask EncodeColumns(const std::vector<uint8_t>& columns, MaskSize image) {
  std::vector<int64_t> runs;
  uint8_t current = 0;
  int64_t run = 0;
  for (uint8_t value : columns) {
    if (value != current) {
      runs.push_back(run);
      run = 0;
      current = value;
    }
    run++;
  }
  runs.push_back(run);
  return {WriteRuns(runs), BoxAround(runs, image.height)};
}

}  // namespace paddlelab
