#pragma once

#include "draw/mask.h"

namespace paddlelab {

// The area of a filter: the pixels of a mask, or its whole bounds if it has no bits.
void BlurRegion(const Surface& surface, const MaskRegion& region, int radius);
// Whole cells: one that contains a pixel of the area is averaged up to its border.
void PixelateRegion(const Surface& surface, const MaskRegion& region, int cell);

// Blurs (with a radius above 0) and tints all pixels outside the areas.
void CoverBackground(const Surface& surface, const std::vector<MaskRegion>& kept, const Color& color, int radius);

// A glow around an area, which is left as it is; it fades within about twice the radius.
void PaintHalo(const Surface& surface, const MaskRegion& region, const Color& color, int radius);

// A map of values, stretched over the image (bilinear, by the centres of its cells) and coloured.
struct HeatMap {
  const float* values;
  int width;
  int height;
  // The values at both ends of the table.
  double low;
  double high;
  // 256 colours, each as red, green, blue and alpha.
  const uint8_t* colors;
};

void PaintHeatMap(const Surface& surface, const HeatMap& map);

// Blends straight (not premultiplied) red, green, blue and alpha over the pixels; parts outside are cut off.
void BlendLayer(const Surface& surface, const uint8_t* rgba, const Rectangle& place, int opacity);

// Blends one colour by coverage, 0 to 255 per pixel, for example for a letter.
void BlendCoverage(const Surface& surface, const uint8_t* coverage, const Rectangle& place, const Color& color);

}  // namespace paddlelab
