#pragma once

#include <array>
#include <vector>

#include "image/image.h"
#include "image/pillow_resize.h"
#include "image/pixel_map.h"
#include "image/resize.h"
#include "image/shared_bands.h"

namespace paddlelab {

// The geometric operation: at most one of these per pass.
struct Geometry {
  enum class Kind { kNone, kResize, kPillow, kWarp, kCrop };
  Kind kind = Kind::kNone;
  // Size of the result.
  int width = 0;
  int height = 0;
  ResizeSpec resize;
  PillowFilter filter;
  std::array<double, 6> matrix;
  int left = 0;
  int top = 0;
};

// Geometry and arithmetic together: each row is finished while it is still in the cache.
struct Pass {
  Geometry geometry;
  MapSpec map;
};

// The number of threads that is worthwhile for the passes.
int CountThreads(const ImageView& source, const std::vector<Pass>& passes);

// Runs the passes one after another; the last one writes directly into `out`.
void RunPasses(const ImageView& source, const std::vector<Pass>& passes, void* out, BandHelpers* helpers);

}  // namespace paddlelab
