#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

// The target of drawing: RGB pixels, 8 bits each, rows from the top.
namespace paddlelab {

struct Rectangle {
  int left;
  int top;
  int width;
  int height;

  int right() const { return left + width; }
  int bottom() const { return top + height; }
  bool empty() const { return width <= 0 || height <= 0; }
  Rectangle Intersect(const Rectangle& other) const {
    const int x = std::max(left, other.left);
    const int y = std::max(top, other.top);
    return {x, y, std::min(right(), other.right()) - x, std::min(bottom(), other.bottom()) - y};
  }
};

struct Surface {
  uint8_t* pixels;
  int width;
  int height;

  uint8_t* At(int x, int y) const { return pixels + (static_cast<size_t>(y) * width + x) * 3; }
  Rectangle Bounds() const { return {0, 0, width, height}; }
};

struct Color {
  uint8_t red;
  uint8_t green;
  uint8_t blue;
  // 0 (invisible) to 255 (opaque).
  int alpha;
};

// x / 255, rounded, for x up to 255 · 255.
inline int DivideBy255(int x) { return (x + 128 + ((x + 128) >> 8)) >> 8; }

inline void BlendPixel(uint8_t* pixel, const Color& color, int alpha) {
  const int rest = 255 - alpha;
  pixel[0] = static_cast<uint8_t>(DivideBy255(pixel[0] * rest + color.red * alpha));
  pixel[1] = static_cast<uint8_t>(DivideBy255(pixel[1] * rest + color.green * alpha));
  pixel[2] = static_cast<uint8_t>(DivideBy255(pixel[2] * rest + color.blue * alpha));
}

}  // namespace paddlelab
