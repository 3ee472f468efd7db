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

// A joint to find: of a person whose tags have this centre (`dimensions` numbers).
struct WantedJoint {
  int joint;
  const double* centre;
};

struct FoundJoint {
  // -1 if no cell's value is positive.
  int64_t cell = -1;
  double heat = 0;
};

// The cell with the highest heat minus the rounded distance of its tag from the centre, the first of equal ones, like
// `HrHRNetPostProcess` of PaddleDetection for joints without a candidate.
FoundJoint FindJoint(const JointMaps& maps, const WantedJoint& wanted);

}  // namespace paddlelab
