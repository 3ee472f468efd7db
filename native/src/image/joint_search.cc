#include "image/joint_search.h"

#include <cmath>

namespace paddlelab {

FoundJoint FindJoint(const JointMaps& maps, const WantedJoint& wanted) {
  const float* heat = maps.heat + wanted.joint * maps.cells;
  const float* tags = maps.tags + wanted.joint * maps.cells * maps.dimensions;
  FoundJoint best;
  for (size_t cell = 0; cell < maps.cells; cell++) {
    const double own = heat[cell];
    if (!(own > best.heat)) continue;
    double squares = 0;
    for (int i = 0; i < maps.dimensions; i++) {
      const double difference = tags[cell * maps.dimensions + i] - wanted.centre[i];
      squares += difference * difference;
    }
    const double left = own - std::nearbyint(std::sqrt(squares));
    if (left > best.heat) best = {static_cast<int64_t>(cell), left};
  }
  return best;
}

}  // namespace paddlelab
