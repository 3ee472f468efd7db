#pragma once

#include <string>
#include <vector>

#include "draw/surface.h"

namespace paddlelab {

// The part of a mask inside its bounding rectangle, row by row, one byte per pixel, 0 or 1. It is surrounded by a rim
// that is 0 inside the image and 1 beyond its border, because an object continues there.
struct MaskRegion {
  Rectangle bounds;
  int rim;
  std::vector<uint8_t> bits;

  int stride() const { return bounds.width + 2 * rim; }
  // The address of the first pixel of a row of the region.
  const uint8_t* Row(int y) const { return bits.data() + static_cast<size_t>(y + rim) * stride() + rim; }
};

// Reads COCO's compressed run lengths of a mask over a whole image.
MaskRegion DecodeMask(const std::string& counts, int width, int height, int rim);

// For each channel, the new value of every old one: 3 · 256 bytes.
using BlendTable = const uint8_t*;

// A table for the pixels of a mask, and one for those within `reach` pixels of its edge.
struct MaskPaint {
  BlendTable fill;
  BlendTable edge;
  int reach;
};

struct PaintedMask {
  const std::string* counts;
  MaskPaint paint;
  int64_t area = 0;
};

// Changes each pixel once, by the smallest mask that contains it; of masks of the same area, by the first.
void PaintMasks(const Surface& surface, std::vector<PaintedMask> masks);

struct TintedMask {
  std::string counts;
  double color[3];
};

// Blends masks one after another like PaddleDetection's script: in float32, truncated to bytes only at the end.
void PaintMasksInFloat(const Surface& surface, const std::vector<TintedMask>& masks, double opacity);

}  // namespace paddlelab
