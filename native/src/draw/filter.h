#pragma once

#include "draw/mask.h"

namespace paddlelab {

// Where a filter works: the pixels of a mask, or all of its bounds where it has no bits.
void BlurRegion(const Surface& surface, const MaskRegion& region, int radius);
void PixelateRegion(const Surface& surface, const MaskRegion& region, int cell);

// A map of numbers, stretched over the image (bilinear, by the centres of its cells) and coloured.
struct HeatMap {
  const float* values;
  int width;
  int height;
  // The values at both ends of the table.
  double low;
  double high;
  // 256 colours, red, green, blue and alpha each.
  const uint8_t* colors;
};

void PaintHeatMap(const Surface& surface, const HeatMap& map);

// Straight (not premultiplied) red, green, blue and alpha over the pixels; what lies outside is cut off.
void BlendLayer(const Surface& surface, const uint8_t* rgba, const Rectangle& place, int opacity);

// Coverage of one colour, 0 to 255 a pixel, as of a letter.
void BlendCoverage(const Surface& surface, const uint8_t* coverage, const Rectangle& place, const Color& color);

}  // namespace paddlelab
