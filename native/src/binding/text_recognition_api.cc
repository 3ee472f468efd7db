#include "binding/text_recognition_api.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include "binding/js_values.h"
#include "binding/promise_worker.h"
#include "image/shared_bands.h"
#include "text/crop.h"
#include "text/ctc.h"
#include "text/minimum_rectangle.h"

namespace paddlelab {
namespace {

int Integer(const Napi::Object& job, const char* key) { return job.Get(key).As<Napi::Number>().Int32Value(); }

struct Crop {
  CropSpec spec;
  uint8_t* out;
};

std::vector<Crop> ToCrops(const Napi::Object& job) {
  const float* corners = job.Get("corners").As<Napi::Float32Array>().Data();
  const int32_t* sizes = job.Get("sizes").As<Napi::Int32Array>().Data();
  const uint8_t* turned = job.Get("turned").As<Napi::Uint8Array>().Data();
  auto targets = job.Get("targets").As<Napi::Array>();
  std::vector<Crop> crops;
  for (uint32_t i = 0; i < targets.Length(); i++) {
    CropSpec spec{{}, sizes[2 * i], sizes[2 * i + 1], turned[i] != 0};
    for (uint32_t k = 0; k < 4; k++) spec.corners[k] = {corners[8 * i + 2 * k], corners[8 * i + 2 * k + 1]};
    crops.push_back({spec, static_cast<uint8_t*>(DataOf(targets.Get(i)))});
  }
  return crops;
}

// The number of threads that is worthwhile for the crops.
int CountThreads(const std::vector<Crop>& crops) {
  constexpr int64_t pixels_each = 30'000;
  constexpr int64_t most = 4;
  int64_t pixels = 0;
  for (const auto& [spec, out] : crops) pixels += int64_t{spec.width} * spec.height;
  const int64_t worth = std::min({pixels / pixels_each, most, static_cast<int64_t>(crops.size())});
  return static_cast<int>(std::clamp<int64_t>(std::thread::hardware_concurrency(), 1, std::max<int64_t>(worth, 1)));
}

Napi::Value CropQuadranglesApi(const Napi::CallbackInfo& info) {
  auto job = info[0].As<Napi::Object>();
  const ImageView source{DataOf(job.Get("data")), Integer(job, "width"), Integer(job, "height"), 3, false};
  auto crops = std::make_shared<std::vector<Crop>>(ToCrops(job));
  auto helpers = BandHelpers::Start(CountThreads(*crops) - 1);
  auto work = [source, crops, helpers] {
    helpers->Run(static_cast<int>(crops->size()), [&](int i) {
      const auto& [spec, out] = (*crops)[i];
      CropQuadrangle(source, spec, out);
    });
    helpers->Close();
  };
  return PromiseWorker::Start(info.Env(), job, work, [](Napi::Env env) { return env.Undefined(); });
}

// (points: Int32Array, ends: Uint32Array) → Float32Array
Napi::Value SmallestQuadsApi(const Napi::CallbackInfo& info) {
  const int32_t* points = info[0].As<Napi::Int32Array>().Data();
  auto ends = info[1].As<Napi::Uint32Array>();
  auto corners = Napi::Float32Array::New(info.Env(), 8 * ends.ElementLength());
  uint32_t start = 0;
  for (size_t i = 0; i < ends.ElementLength(); i++) {
    std::vector<IntPoint> polygon;
    for (uint32_t k = start; k < ends[i]; k++) polygon.push_back({points[2 * k], points[2 * k + 1]});
    const auto ordered = OrderedCorners(MinimumRectangle(polygon));
    for (size_t k = 0; k < 4; k++) {
      corners[8 * i + 2 * k] = ordered[k].x;
      corners[8 * i + 2 * k + 1] = ordered[k].y;
    }
    start = ends[i];
  }
  return corners;
}

Napi::Value FromCtc(Napi::Env env, const CtcText& text) {
  const size_t count = text.characters.size();
  auto classes = Napi::Int32Array::New(env, count);
  auto scores = Napi::Float32Array::New(env, count);
  auto columns = Napi::Int32Array::New(env, 2 * count);
  for (size_t i = 0; i < count; i++) {
    const auto& character = text.characters[i];
    classes[i] = character.class_id;
    scores[i] = character.score;
    columns[2 * i] = character.start;
    columns[2 * i + 1] = character.end;
  }
  auto answer = Napi::Object::New(env);
  answer.Set("classes", classes);
  answer.Set("scores", scores);
  answer.Set("columns", columns);
  answer.Set("notNumbers", text.not_numbers);
  return answer;
}

Napi::Value DecodeCtcApi(const Napi::CallbackInfo& info) {
  auto job = info[0].As<Napi::Object>();
  const float* probabilities = job.Get("probabilities").As<Napi::Float32Array>().Data();
  const int columns = Integer(job, "columns"), classes = Integer(job, "classes");
  auto text = std::make_shared<CtcText>();
  auto work = [=] { *text = DecodeCtc(probabilities, columns, classes); };
  return PromiseWorker::Start(info.Env(), job, work, [text](Napi::Env env) { return FromCtc(env, *text); });
}

}  // namespace

void RegisterTextRecognition(Napi::Env env, Napi::Object exports) {
  exports.Set("cropQuadrangles", Napi::Function::New(env, CropQuadranglesApi, "cropQuadrangles"));
  exports.Set("smallestQuads", Napi::Function::New(env, SmallestQuadsApi, "smallestQuads"));
  exports.Set("decodeCtc", Napi::Function::New(env, DecodeCtcApi, "decodeCtc"));
}

}  // namespace paddlelab
