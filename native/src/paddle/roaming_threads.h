#pragma once

namespace paddlelab {

// OpenVINO binds the threads of a predictor to processors, counted from the first: alone they stay where their caches
// are, but those of two predictors share a processor while others are idle. While one of these objects is beside
// another, threads go where the system sends them.
class RoamingThreads {
 public:
  RoamingThreads();
  ~RoamingThreads();
  RoamingThreads(const RoamingThreads&) = delete;
  RoamingThreads& operator=(const RoamingThreads&) = delete;
};

}  // namespace paddlelab
