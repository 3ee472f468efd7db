#include "paddle/mixed_precision.h"

#include <mutex>

#include "paddle/abi.h"
#include "paddle/predictor.h"

namespace paddlelab {

void ConvertToMixedPrecision(const PaddleLibrary& library, const MixedPrecisionJob& job) {
  using String = const std::string&;
  using StringSet = std::unordered_set<std::string>;
  std::lock_guard<std::mutex> lock(LifeMutex());
  // Creating a predictor does the same; without it the conversion would terminate the process.
  library.Require<void()>("_ZN6paddle9framework16InitMemoryMethodEv")();
  library.Require<void()>("_ZN6paddle9framework11InitDevicesEv")();
  library.Require<void(String, String, String, String, int, int, bool, StringSet, StringSet)>(
      "_ZN12paddle_infer23ConvertToMixedPrecisionERK" PADDLELAB_STRING
      "S7_S7_S7_N6paddle14AnalysisConfig9PrecisionENS_9PlaceTypeEbSt13unordered_setIS5_St4hashIS5_ESt8equal_toIS5_"
      "ESaIS5_EESI_")(job.model, job.params, job.mixed_model, job.mixed_params, job.precision, job.backend,
                      job.keep_io_types, job.black_list, job.white_list);
}

}  // namespace paddlelab
