#pragma once

#include <array>

#include "text/minimum_rectangle.h"

namespace paddlelab {

// A map of the probability that a pixel belongs to text, and how regions are found in it (PaddleOCR's `DBPostProcess`).
struct TextMap {
  const float* values;
  int width;
  int height;
};

struct TextRules {
  // A pixel above this belongs to text.
  float pixel_threshold;
  // Mean probability of a region, at least.
  double box_threshold;
  // How far regions are widened: area × ratio ÷ length of the outline.
  double unclip_ratio;
  // At most so many borders are looked at.
  size_t max_candidates;
  // Pixels of the short side before widening; two more after it.
  double min_size;
  // Whether pixels of text are widened by one to the right and bottom first.
  bool dilation;
  // The mean inside the region's own border instead of inside its box.
  bool slow_scores;
  // Lengths of outlines as in OpenCV (PaddleX), in float32; otherwise as in Shapely (RapidOCR).
  bool single_lengths;
};

// Corners are in pixels of the map, clockwise from the top left.
struct TextBox {
  std::array<FloatPoint, 4> corners;
  double score;
};

// An outline that may cross itself: to be united.
struct TextOutline {
  std::vector<IntPoint> points;
  double score;
};

// In OpenCV's order of borders.
std::vector<TextBox> FindTextBoxes(const TextMap& map, const TextRules& rules);
std::vector<TextOutline> FindTextOutlines(const TextMap& map, const TextRules& rules);

int64_t CountNotNumbers(const TextMap& map);

}  // namespace paddlelab
