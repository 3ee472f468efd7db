#include "draw/filter.h"

#include <cmath>

namespace paddlelab {
namespace {

bool Inside(const MaskRegion& region, int x, int y) { return region.bits.empty() || region.Row(y)[x] != 0; }

bool AnyInside(const MaskRegion& region, const Rectangle& cell) {
  for (int y = cell.top; y < cell.bottom(); y++) {
    for (int x = cell.left; x < cell.right(); x++) {
      if (Inside(region, x, y)) return true;
    }
  }
  return false;
}

// The mean over 2 · radius + 1 samples at a distance of `step`, with the border repeated.
void BoxBlurLine(const uint8_t* from, uint8_t* to, int count, ptrdiff_t step, int radius) {
  const int size = 2 * radius + 1;
  const auto sample = [&](int i) { return static_cast<int>(from[std::clamp(i, 0, count - 1) * step]); };
  int64_t sum = 0;
  for (int i = -radius; i <= radius; i++) sum += sample(i);
  for (int i = 0; i < count; i++) {
    to[i * step] = static_cast<uint8_t>((sum + size / 2) / size);
    sum += sample(i + radius + 1) - sample(i - radius);
  }
}

void CopyBack(const Surface& surface, const MaskRegion& region, const std::vector<uint8_t>& pixels) {
  const Rectangle& bounds = region.bounds;
  for (int y = 0; y < bounds.height; y++) {
    uint8_t* line = surface.At(bounds.left, bounds.top + y);
    const uint8_t* from = pixels.data() + static_cast<size_t>(y) * bounds.width * 3;
    for (int x = 0; x < bounds.width; x++) {
      if (Inside(region, x, y)) std::copy_n(from + x * 3, 3, line + x * 3);
    }
  }
}

}  // namespace

void BlurRegion(const Surface& surface, const MaskRegion& region, int radius) {
  const Rectangle& bounds = region.bounds;
  const ptrdiff_t stride = static_cast<ptrdiff_t>(bounds.width) * 3;
  std::vector<uint8_t> pixels(stride * bounds.height);
  for (int y = 0; y < bounds.height; y++) {
    std::copy_n(surface.At(bounds.left, bounds.top + y), stride, pixels.data() + y * stride);
  }
  std::vector<uint8_t> other(pixels.size());
  // Three box blurs approximate a Gaussian.
  for (int pass = 0; pass < 3; pass++) {
    for (int y = 0; y < bounds.height; y++) {
      for (int channel = 0; channel < 3; channel++) {
        const ptrdiff_t start = y * stride + channel;
        BoxBlurLine(pixels.data() + start, other.data() + start, bounds.width, 3, radius);
      }
    }
    for (ptrdiff_t start = 0; start < stride; start++) {
      BoxBlurLine(other.data() + start, pixels.data() + start, bounds.height, stride, radius);
    }
  }
  CopyBack(surface, region, pixels);
}

void CoverBackground(const Surface& surface, const std::vector<MaskRegion>& kept, const Color& color, int radius) {
  const size_t stride = static_cast<size_t>(surface.width) * 3;
  const std::vector<uint8_t> before(surface.pixels, surface.pixels + stride * surface.height);
  if (radius > 0) BlurRegion(surface, {surface.Bounds(), 0, {}}, radius);
  if (color.alpha > 0) {
    uint8_t* end = surface.pixels + stride * surface.height;
    for (uint8_t* pixel = surface.pixels; pixel < end; pixel += 3) BlendPixel(pixel, color, color.alpha);
  }
  for (const MaskRegion& region : kept) {
    const Rectangle& bounds = region.bounds;
    for (int y = 0; y < bounds.height; y++) {
      const size_t start = static_cast<size_t>(bounds.top + y) * stride + static_cast<size_t>(bounds.left) * 3;
      for (int x = 0; x < bounds.width; x++) {
        if (Inside(region, x, y)) std::copy_n(before.data() + start + x * 3, 3, surface.pixels + start + x * 3);
      }
    }
  }
}

void PaintHalo(const Surface& surface, const MaskRegion& region, const Color& color, int radius) {
  const Rectangle& inner = region.bounds;
  if (inner.empty()) return;
  const int reach = 3 * radius;
  const int width = inner.width + 2 * reach;
  const int height = inner.height + 2 * reach;
  std::vector<uint8_t> glow(static_cast<size_t>(width) * height, 0);
  for (int y = 0; y < inner.height; y++) {
    uint8_t* row = glow.data() + static_cast<size_t>(y + reach) * width + reach;
    for (int x = 0; x < inner.width; x++) row[x] = Inside(region, x, y) ? 255 : 0;
  }
  std::vector<uint8_t> other(glow.size());
  for (int pass = 0; pass < 3; pass++) {
    for (int y = 0; y < height; y++) {
      const size_t start = static_cast<size_t>(y) * width;
      BoxBlurLine(glow.data() + start, other.data() + start, width, 1, radius);
    }
    for (int x = 0; x < width; x++) BoxBlurLine(other.data() + x, glow.data() + x, height, width, radius);
  }
  const Rectangle place{inner.left - reach, inner.top - reach, width, height};
  const Rectangle seen = place.Intersect(surface.Bounds());
  for (int y = seen.top; y < seen.bottom(); y++) {
    for (int x = seen.left; x < seen.right(); x++) {
      const int in_x = x - inner.left;
      const int in_y = y - inner.top;
      const bool within = in_x >= 0 && in_y >= 0 && in_x < inner.width && in_y < inner.height;
      if (within && Inside(region, in_x, in_y)) continue;
      // At the border of the object the blurred value is about a half.
      const int value = std::min(255, 2 * glow[static_cast<size_t>(y - place.top) * width + (x - place.left)]);
      if (value != 0) BlendPixel(surface.At(x, y), color, DivideBy255(value * color.alpha));
    }
  }
}

void PixelateRegion(const Surface& surface, const MaskRegion& region, int cell) {
  const Rectangle& bounds = region.bounds;
  for (int top = 0; top < bounds.height; top += cell) {
    for (int left = 0; left < bounds.width; left += cell) {
      const int right = std::min(left + cell, bounds.width);
      const int bottom = std::min(top + cell, bounds.height);
      if (!AnyInside(region, {left, top, right - left, bottom - top})) continue;
      int64_t sums[3] = {0, 0, 0};
      for (int y = top; y < bottom; y++) {
        const uint8_t* pixel = surface.At(bounds.left + left, bounds.top + y);
        for (int i = 0; i < (right - left) * 3; i++) sums[i % 3] += pixel[i];
      }
      const int64_t count = static_cast<int64_t>(right - left) * (bottom - top);
      for (int y = top; y < bottom; y++) {
        uint8_t* pixel = surface.At(bounds.left + left, bounds.top + y);
        for (int x = left; x < right; x++, pixel += 3) {
          for (int i = 0; i < 3; i++) pixel[i] = static_cast<uint8_t>((sums[i] + count / 2) / count);
        }
      }
    }
  }
}

void PaintHeatMap(const Surface& surface, const HeatMap& map) {
  const double scale = map.high > map.low ? 255 / (map.high - map.low) : 0;
  for (int y = 0; y < surface.height; y++) {
    const double at_y = std::clamp((y + 0.5) * map.height / surface.height - 0.5, 0.0, map.height - 1.0);
    const int y0 = static_cast<int>(at_y);
    const float* upper = map.values + static_cast<size_t>(y0) * map.width;
    const float* lower = map.values + static_cast<size_t>(std::min(y0 + 1, map.height - 1)) * map.width;
    for (int x = 0; x < surface.width; x++) {
      const double at_x = std::clamp((x + 0.5) * map.width / surface.width - 0.5, 0.0, map.width - 1.0);
      const int x0 = static_cast<int>(at_x);
      const int x1 = std::min(x0 + 1, map.width - 1);
      const double above = upper[x0] + (upper[x1] - upper[x0]) * (at_x - x0);
      const double below = lower[x0] + (lower[x1] - lower[x0]) * (at_x - x0);
      const double value = (above + (below - above) * (at_y - y0) - map.low) * scale;
      // The comparison is false for NaN, which is then treated as the minimum.
      const int index = value > 0 ? static_cast<int>(std::min(value, 255.0) + 0.5) : 0;
      const uint8_t* color = map.colors + index * 4;
      BlendPixel(surface.At(x, y), {color[0], color[1], color[2], 255}, color[3]);
    }
  }
}

void BlendLayer(const Surface& surface, const uint8_t* rgba, const Rectangle& place, int opacity) {
  const Rectangle seen = place.Intersect(surface.Bounds());
  for (int y = seen.top; y < seen.bottom(); y++) {
    for (int x = seen.left; x < seen.right(); x++) {
      const uint8_t* from = rgba + (static_cast<size_t>(y - place.top) * place.width + x - place.left) * 4;
      if (from[3] != 0) BlendPixel(surface.At(x, y), {from[0], from[1], from[2], 255}, DivideBy255(from[3] * opacity));
    }
  }
}

void BlendCoverage(const Surface& surface, const uint8_t* coverage, const Rectangle& place, const Color& color) {
  const Rectangle seen = place.Intersect(surface.Bounds());
  for (int y = seen.top; y < seen.bottom(); y++) {
    for (int x = seen.left; x < seen.right(); x++) {
      const int covered = coverage[static_cast<size_t>(y - place.top) * place.width + x - place.left];
      if (covered != 0) BlendPixel(surface.At(x, y), color, DivideBy255(covered * color.alpha));
    }
  }
}

}  // namespace paddlelab
