#pragma once

#include <string>
#include <unordered_set>

#include "paddle/library.h"

namespace paddlelab {

struct MixedPrecisionJob {
  std::string model;
  std::string params;
  std::string mixed_model;
  std::string mixed_params;
  // paddle_infer::PrecisionType and PlaceType.
  int precision;
  int backend;
  bool keep_io_types;
  std::unordered_set<std::string> black_list;
  std::unordered_set<std::string> white_list;
};

// Writes a copy of the job's model, with weights and operators of lower precision.
void ConvertToMixedPrecision(const PaddleLibrary& library, const MixedPrecisionJob& job);

}  // namespace paddlelab
