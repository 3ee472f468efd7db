#include "run_length.h"

#include <algorithm>
#include <vector>

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

// Masks arrive row by row and are mostly empty: a transposed byte copy keeps the walk over columns in the cache.
std::vector<uint8_t> Transpose(const int32_t* mask, MaskSize size, MaskSize image) {
  std::vector<uint8_t> columns(static_cast<size_t>(image.height) * image.width, 0);
  const int width = std::min(size.width, image.width);
  for (int y = 0; y < std::min(size.height, image.height); y++) {
    const int32_t* row = mask + static_cast<size_t>(y) * size.width;
    for (int x = 0; x < width; x++) {
      if (row[x] != 0) columns[static_cast<size_t>(x) * image.height + y] = 1;
    }
  }
  return columns;
}

}  // namespace

std::string EncodeRunLength(const int32_t* mask, MaskSize size, MaskSize image) {
  const std::vector<uint8_t> columns = Transpose(mask, size, image);
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
  std::string text;
  for (size_t i = 0; i < runs.size(); i++) AppendRun(i > 2 ? runs[i] - runs[i - 2] : runs[i], &text);
  return text;
}

}  // namespace paddlelab
