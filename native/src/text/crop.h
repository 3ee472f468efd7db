#pragma once

#include <array>
#include <cstdint>

#include "image/image.h"
#include "text/homography.h"

namespace paddlelab {

// A quadrangle of an image to be straightened: `corners` become those of an upright rectangle, clockwise from its top
// left.
struct CropSpec {
  std::array<Corner, 4> corners;
  int width;
  int height;
  // Turned to the left by 90° afterwards: the result is `height` wide.
  bool turned;
};

// Straightens a part of an RGB image of 8 bits by cubic interpolation, bit for bit like OpenCV up to version 4
// (`warpPerspective` with INTER_CUBIC and BORDER_REPLICATE). `out` has `width` × `height` RGB pixels.
void CropQuadrangle(const ImageView& source, const CropSpec& spec, uint8_t* out);

}  // namespace paddlelab
