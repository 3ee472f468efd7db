#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace paddlelab {

struct MaskSize {
  int height;
  int width;
};

// Pixels from `left` and `top` to `right` and `bottom`, which are excluded.
struct MaskBounds {
  int left;
  int top;
  int right;
  int bottom;
};

// A mask as COCO's compressed run lengths (pycocotools), and the bounding box of its set pixels; all zeros if there are
// none.
struct EncodedMask {
  std::string counts;
  MaskBounds box;
};

// Run lengths, zeros first, in pycocotools' format.
std::string WriteRuns(const std::vector<int64_t>& runs);

// Encodes a mask from the image's pixels in column order, each 0 or 1.
EncodedMask EncodeColumns(const std::vector<uint8_t>& columns, MaskSize image);

// Values above 0 are inside the mask, except beyond `visible`. The mask is read row by row and the runs are counted
// column by column. A mask of another size than the image is cropped or padded with zeros at the right and bottom.
template <typename Number>
EncodedMask EncodeMask(const Number* mask, MaskSize size, MaskSize image, MaskBounds visible) {
  // Masks are in rows and mostly empty: with a transposed byte copy the loop over columns stays in the cache.
  std::vector<uint8_t> columns(static_cast<size_t>(image.height) * image.width, 0);
  const int right = std::min({size.width, image.width, visible.right});
  const int bottom = std::min({size.height, image.height, visible.bottom});
  for (int y = std::max(0, visible.top); y < bottom; y++) {
    const Number* row = mask + static_cast<size_t>(y) * size.width;
    for (int x = std::max(0, visible.left); x < right; x++) {
      if (row[x] > 0) columns[static_cast<size_t>(x) * image.height + y] = 1;
    }
  }
  return EncodeColumns(columns, image);
}

}  // namespace paddlelab
