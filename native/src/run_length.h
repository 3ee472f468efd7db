#pragma once

#include <cstdint>
#include <string>

namespace paddlelab {

struct MaskSize {
  int height;
  int width;
};

// COCO's compressed run lengths (pycocotools) of one mask; non-zero is inside. The mask is read row by row and the runs
// are counted column by column. A mask of another size than the image's is cut or padded with zeros at the right and
// bottom.
std::string EncodeRunLength(const int32_t* mask, MaskSize size, MaskSize image);

}  // namespace paddlelab
