#include "draw/mask.h"

#include <cstring>

namespace paddlelab {
namespace {

// Calls `visit(begin, end)` for each run of ones, counted down the columns; never beyond `pixels`.
template <typename Visit>
void ForEachRun(const std::string& counts, int64_t pixels, Visit visit) {
  int64_t previous[2] = {0, 0};
  int64_t position = 0;
  size_t at = 0;
  for (int index = 0; at < counts.size(); index++) {
    int64_t run = 0;
    int shift = 0;
    // Only damaged text has more groups than a 64-bit number.
    for (bool more = true; more && at < counts.size() && shift < 60; shift += 5) {
      const int group = counts[at++] - 48;
      run |= static_cast<int64_t>(group & 31) << shift;
      more = (group & 32) != 0;
      if (!more && (group & 16) != 0) run |= -(int64_t{1} << (shift + 5));
    }
    if (index > 2) run += previous[index % 2];
    previous[index % 2] = run;
    const int64_t end = std::clamp<int64_t>(position + run, position, pixels);
    if (index % 2 == 1 && end > position) visit(position, end);
    position = end;
  }
}

Rectangle MaskBounds(const std::string& counts, int width, int height) {
  int left = width, top = height, right = 0, bottom = 0;
  ForEachRun(counts, static_cast<int64_t>(width) * height, [&](int64_t begin, int64_t end) {
    const int first = static_cast<int>(begin / height);
    const int last = static_cast<int>((end - 1) / height);
    left = std::min(left, first);
    right = std::max(right, last + 1);
    top = first == last ? std::min(top, static_cast<int>(begin % height)) : 0;
    bottom = first == last ? std::max(bottom, static_cast<int>((end - 1) % height) + 1) : height;
  });
  return {left, top, right - left, bottom - top};
}

void MarkBeyondImage(MaskRegion* mask, int width, int height) {
  const Rectangle& bounds = mask->bounds;
  for (int y = -mask->rim; y < bounds.height + mask->rim; y++) {
    uint8_t* row = mask->bits.data() + static_cast<size_t>(y + mask->rim) * mask->stride();
    for (int x = -mask->rim; x < bounds.width + mask->rim; x++) {
      const int image_x = bounds.left + x;
      const int image_y = bounds.top + y;
      if (image_x < 0 || image_y < 0 || image_x >= width || image_y >= height) row[x + mask->rim] = 1;
      // Except for the two rim columns nothing is outside the image, unless the whole row is.
      if (x == 0 && bounds.width > 1 && image_y >= 0 && image_y < height) x = bounds.width - 1;
    }
  }
}

int64_t MaskArea(const std::string& counts, int width, int height) {
  int64_t area = 0;
  ForEachRun(counts, static_cast<int64_t>(width) * height, [&](int64_t begin, int64_t end) { area += end - begin; });
  return area;
}

void PaintMask(const Surface& surface, const MaskRegion& mask, const MaskPaint& paint, std::vector<uint8_t>* taken) {
  const Rectangle& bounds = mask.bounds;
  const int reach = paint.reach;
  const ptrdiff_t step = static_cast<ptrdiff_t>(reach) * mask.stride();
  for (int y = 0; y < bounds.height; y++) {
    const uint8_t* row = mask.Row(y);
    const uint8_t* row_end = row + bounds.width;
    uint8_t* line = surface.At(bounds.left, bounds.top + y);
    uint8_t* taken_row = nullptr;
    if (taken != nullptr) {
      taken_row = taken->data() + static_cast<size_t>(bounds.top + y) * surface.width + bounds.left;
    }
    for (const uint8_t* at = row; at < row_end; at++) {
      if (*at == 0) {
        at = static_cast<const uint8_t*>(std::memchr(at, 1, row_end - at));
        if (at == nullptr) break;
      }
      if (taken_row != nullptr) {
        if (taken_row[at - row] != 0) continue;
        taken_row[at - row] = 1;
      }
      const bool inner = (at[-reach] & at[reach] & at[-step] & at[step]) != 0;
      BlendTable table = inner ? paint.fill : paint.edge;
      uint8_t* pixel = line + (at - row) * 3;
      pixel[0] = table[pixel[0]];
      pixel[1] = table[256 + pixel[1]];
      pixel[2] = table[512 + pixel[2]];
    }
  }
}

}  // namespace

MaskRegion DecodeMask(const std::string& counts, int width, int height, int rim) {
  MaskRegion mask{MaskBounds(counts, width, height), rim, {}};
  if (mask.bounds.empty()) return mask;
  const int stride = mask.stride();
  mask.bits.resize(static_cast<size_t>(stride) * (mask.bounds.height + 2 * rim), 0);
  uint8_t* origin = mask.bits.data() + static_cast<size_t>(rim) * stride + rim;
  ForEachRun(counts, static_cast<int64_t>(width) * height, [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int x = static_cast<int>(begin / height);
      const int64_t column_end = std::min<int64_t>(end, static_cast<int64_t>(x + 1) * height);
      uint8_t* pixel = origin + (begin % height - mask.bounds.top) * stride + (x - mask.bounds.left);
      for (; begin < column_end; begin++, pixel += stride) *pixel = 1;
    }
  });
  MarkBeyondImage(&mask, width, height);
  return mask;
}

void PaintMasks(const Surface& surface, std::vector<PaintedMask> masks) {
  for (PaintedMask& mask : masks) {
    mask.area = masks.size() > 1 ? MaskArea(*mask.counts, surface.width, surface.height) : 0;
  }
  std::stable_sort(masks.begin(), masks.end(),
                   [](const PaintedMask& a, const PaintedMask& b) { return a.area < b.area; });
  std::vector<uint8_t> taken(masks.size() > 1 ? static_cast<size_t>(surface.width) * surface.height : 0, 0);
  for (const PaintedMask& mask : masks) {
    const MaskRegion region = DecodeMask(*mask.counts, surface.width, surface.height, mask.paint.reach);
    PaintMask(surface, region, mask.paint, taken.empty() ? nullptr : &taken);
  }
}

void PaintMasksInFloat(const Surface& surface, const std::vector<TintedMask>& masks, double opacity) {
  const size_t samples = static_cast<size_t>(surface.width) * surface.height * 3;
  std::vector<float> image(surface.pixels, surface.pixels + samples);
  // The script multiplies an array of float32 by a Python number, which numpy rounds to float32 first.
  const float rest = static_cast<float>(1.0 - opacity);
  for (const TintedMask& mask : masks) {
    const MaskRegion region = DecodeMask(mask.counts, surface.width, surface.height, 0);
    for (int y = 0; y < region.bounds.height; y++) {
      const uint8_t* row = region.Row(y);
      float* line = image.data() + (surface.At(region.bounds.left, region.bounds.top + y) - surface.pixels);
      for (int x = 0; x < region.bounds.width; x++) {
        if (row[x] == 0) continue;
        for (int channel = 0; channel < 3; channel++) {
          float& value = line[x * 3 + channel];
          value = value * rest;
          value = static_cast<float>(static_cast<double>(value) + opacity * mask.color[channel]);
        }
      }
    }
  }
  for (size_t i = 0; i < samples; i++) surface.pixels[i] = static_cast<uint8_t>(image[i]);
}

}  // namespace paddlelab
