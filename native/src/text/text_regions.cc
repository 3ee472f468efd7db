#include "text/text_regions.h"

#include <algorithm>
#include <cmath>

#include "text/approximate_polygon.h"
#include "text/offset_polygon.h"
#include "text/polygon_mean.h"
#include "text/polygon_measures.h"

namespace paddlelab {
namespace {

// How far an outline may be from the border, as a part of its length.
constexpr double kOutlineTolerance = 0.002;

// 1 for pixels of text.
PaddedBitmap Binarize(const TextMap& map, const TextRules& rules) {
  PaddedBitmap bitmap(map.width, map.height);
  for (int y = 0; y < map.height; y++) {
    const float* values = map.values + static_cast<size_t>(y) * map.width;
    int8_t* row = bitmap.Row(y);
    for (int x = 0; x < map.width; x++) row[x] = values[x] > rules.pixel_threshold;
  }
  return bitmap;
}

// Widens what is 1 by one pixel to the right and to the bottom.
void Dilate(PaddedBitmap* bitmap) {
  const int width = bitmap->width;
  std::vector<int8_t> both(width + 1);
  for (int y = bitmap->height - 1; y >= 0; y--) {
    int8_t* row = bitmap->Row(y);
    const int8_t* above = bitmap->Row(y - 1);
    for (int x = 0; x <= width; x++) both[x] = row[x - 1] | above[x - 1];
    for (int x = 0; x < width; x++) row[x] = both[x] | both[x + 1];
  }
}

std::vector<Contour> FindBorders(const TextMap& map, const TextRules& rules) {
  PaddedBitmap bitmap = Binarize(map, rules);
  if (rules.dilation) Dilate(&bitmap);
  return FindContours(std::move(bitmap), rules.max_candidates);
}

// The mean over a polygon, whose corners are cut to whole pixels of the window around it.
double Score(const TextMap& map, const std::vector<FloatPoint>& polygon) {
  float left = polygon[0].x, right = left, top = polygon[0].y, bottom = top;
  for (const auto& [x, y] : polygon) {
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
  }
  const auto inside = [](float value, int size) { return std::clamp(static_cast<int>(value), 0, size - 1); };
  const int x1 = inside(std::floor(left), map.width);
  const int x2 = inside(std::ceil(right), map.width);
  const int y1 = inside(std::floor(top), map.height);
  const int y2 = inside(std::ceil(bottom), map.height);
  std::vector<IntPoint> corners;
  for (const auto& [x, y] : polygon) corners.push_back({static_cast<int>(x - x1), static_cast<int>(y - y1)});
  const float* values = map.values + static_cast<size_t>(y1) * map.width + x1;
  return MeanInPolygon({values, map.width, x2 - x1 + 1, y2 - y1 + 1}, corners);
}

// Widened by the ratio; coordinates are cut to whole pixels first.
std::vector<IntPoint> Widen(const std::vector<FloatPoint>& polygon, const TextRules& rules) {
  const double distance = PolygonArea(polygon) * rules.unclip_ratio / PolygonLength(polygon, rules.single_lengths);
  std::vector<IntPoint> points;
  for (const auto& [x, y] : polygon) points.push_back({static_cast<int>(x), static_cast<int>(y)});
  return OffsetPolygon(points, distance);
}

double ShortSide(const TurnedRectangle& rectangle) { return std::min(rectangle.width, rectangle.height); }

}  // namespace

std::vector<TextBox> FindTextBoxes(const TextMap& map, const TextRules& rules) {
  std::vector<TextBox> found;
  for (const Contour& border : FindBorders(map, rules)) {
    const TurnedRectangle rectangle = MinimumRectangle(border);
    if (ShortSide(rectangle) < rules.min_size) continue;
    const std::array<FloatPoint, 4> corners = OrderedCorners(rectangle);
    const std::vector<FloatPoint> box(corners.begin(), corners.end());
    const double score = Score(map, rules.slow_scores ? ToFloats(border) : box);
    if (!(score >= rules.box_threshold)) continue;
    const TurnedRectangle widened = MinimumRectangle(Widen(box, rules));
    if (ShortSide(widened) < rules.min_size + 2) continue;
    found.push_back({OrderedCorners(widened), score});
  }
  return found;
}

std::vector<TextOutline> FindTextOutlines(const TextMap& map, const TextRules& rules) {
  std::vector<TextOutline> found;
  for (const Contour& border : FindBorders(map, rules)) {
    const double length = PolygonLength(ToFloats(border), true);
    const std::vector<FloatPoint> polygon = ToFloats(ApproximatePolygon(border, kOutlineTolerance * length));
    if (polygon.size() < 4) continue;
    const double score = Score(map, polygon);
    if (!(score >= rules.box_threshold)) continue;
    std::vector<IntPoint> outline = Widen(polygon, rules);
    if (!outline.empty()) found.push_back({std::move(outline), score});
  }
  return found;
}

int64_t CountNotNumbers(const TextMap& map) {
  const size_t pixels = static_cast<size_t>(map.width) * map.height;
  return std::count_if(map.values, map.values + pixels, [](float value) { return value != value; });
}

}  // namespace paddlelab
