#pragma once

#include <array>
#include <vector>

#include "image/image.h"
#include "image/pillow_resize.h"
#include "image/pixel_map.h"
#include "image/resize.h"
#include "image/shared_bands.h"

namespace paddlelab {

// How pixels move: at most one of these in a pass.
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

// How many threads the passes are worth.
int CountThreads(const ImageView& source, const std::vector<Pass>& passes);

// Runs the passes one after the other; the last one writes straight into `out`.
void RunPasses(const ImageView& source, const std::vector<Pass>& passes, void* out, BandHelpers* helpers);

}  // namespace paddlelab
