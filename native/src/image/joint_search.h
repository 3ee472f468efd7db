#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace paddlelab {

// The maps of all joints of a bottom-up keypoint network.
struct JointMaps {
  // `[joints, cells]`.
  const float* heat;
  // `[joints, cells, dimensions]`.
  const float* tags;
  int joints;
  size_t cells;
  int dimensions;
};

// A joint that is looked for: of a person whose tags have this centre (`dimensions` numbers).
struct WantedJoint {
  int joint;
  const double* centre;
};

struct FoundJoint {
  // -1 if nothing is left of any cell's heat.
  int64_t cell = -1;
  double heat = 0;
};

// The cell that has most heat less the rounded distance of its tag from the centre, the first of equal ones, as
// `HrHRNetPostProcess` of PaddleDetection looks for joints that no candidate became.
FoundJoint FindJoint(const JointMaps& maps, const WantedJoint& wanted);

}  // namespace paddlelab
