#pragma once

#include <string>
#include <vector>

#include "draw/surface.h"

namespace paddlelab {

// The operations to draw, in order: encoded as numbers (their codes are in display_list.cc and in TypeScript's
// `display-list.ts`), with the buffers and run lengths that they refer to by index.
struct DrawList {
  const double* numbers;
  size_t count;
  std::vector<const uint8_t*> buffers;
  std::vector<std::string> strings;
};

void Draw(const Surface& surface, const DrawList& list);

}  // namespace paddlelab
