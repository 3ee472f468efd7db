#pragma once

#include <string>
#include <vector>

#include "draw/surface.h"

namespace paddlelab {

// The part of a mask inside its bounding rectangle, row by row, one byte a pixel, 0 or 1. Around it lies a rim that is
// 0 inside the image and 1 beyond its border, for an object goes on there.
struct MaskRegion {
  Rectangle bounds;
  int rim;
  std::vector<uint8_t> bits;

  int stride() const { return bounds.width + 2 * rim; }
  // Of the first pixel of a row of the region.
  const uint8_t* Row(int y) const { return bits.data() + static_cast<size_t>(y + rim) * stride() + rim; }
};

// Reads COCO's compressed run lengths of a mask over the whole of an image.
MaskRegion DecodeMask(const std::string& counts, int width, int height, int rim);

// For each channel, the new value of every old one: 3 · 256 bytes.
using BlendTable = const uint8_t*;

// Changes the pixels of a mask by one table, and those that have the mask's end `reach` pixels away by another.
void PaintMask(const Surface& surface, const MaskRegion& mask, BlendTable fill, BlendTable edge, int reach);

struct TintedMask {
  std::string counts;
  double color[3];
};

// Masks one upon the other as PaddleDetection's script does: in float32, cut to bytes only at the end.
void PaintMasksInFloat(const Surface& surface, const std::vector<TintedMask>& masks, double opacity);

}  // namespace paddlelab
