#include "binding/text_detection_api.h"

#include <memory>

#include "binding/promise_worker.h"
#include "text/minimum_rectangle.h"
#include "text/text_regions.h"

namespace paddlelab {
namespace {

double Number(const Napi::Object& job, const char* key) { return job.Get(key).As<Napi::Number>().DoubleValue(); }
bool Boolean(const Napi::Object& job, const char* key) { return job.Get(key).As<Napi::Boolean>().Value(); }

TextMap ToMap(const Napi::Object& job) {
  return {job.Get("map").As<Napi::Float32Array>().Data(), static_cast<int>(Number(job, "width")),
          static_cast<int>(Number(job, "height"))};
}

TextRules ToRules(const Napi::Object& job) {
  TextRules rules;
  rules.pixel_threshold = static_cast<float>(Number(job, "pixelThreshold"));
  rules.box_threshold = Number(job, "boxThreshold");
  rules.unclip_ratio = Number(job, "unclipRatio");
  rules.max_candidates = static_cast<size_t>(Number(job, "maxCandidates"));
  rules.min_size = Number(job, "minSize");
  rules.dilation = Boolean(job, "dilation");
  rules.slow_scores = Boolean(job, "slowScores");
  rules.single_lengths = Boolean(job, "singleLengths");
  return rules;
}

template <typename Region>
struct Found {
  std::vector<Region> regions;
  int64_t not_numbers = 0;
};

template <typename Region>
Napi::Object WithScores(Napi::Env env, const Found<Region>& found) {
  auto scores = Napi::Float64Array::New(env, found.regions.size());
  for (size_t i = 0; i < found.regions.size(); i++) scores[i] = found.regions[i].score;
  auto answer = Napi::Object::New(env);
  answer.Set("scores", scores);
  answer.Set("notNumbers", static_cast<double>(found.not_numbers));
  return answer;
}

Napi::Value FindTextBoxesApi(const Napi::CallbackInfo& info) {
  auto job = info[0].As<Napi::Object>();
  const TextMap map = ToMap(job);
  const TextRules rules = ToRules(job);
  auto found = std::make_shared<Found<TextBox>>();
  auto work = [=] {
    found->not_numbers = CountNotNumbers(map);
    if (found->not_numbers == 0) found->regions = FindTextBoxes(map, rules);
  };
  return PromiseWorker::Start(info.Env(), job, work, [found](Napi::Env env) -> Napi::Value {
    auto corners = Napi::Float32Array::New(env, 8 * found->regions.size());
    size_t at = 0;
    for (const auto& region : found->regions) {
      for (const auto& [x, y] : region.corners) {
        corners[at++] = x;
        corners[at++] = y;
      }
    }
    auto answer = WithScores(env, *found);
    answer.Set("corners", corners);
    return answer;
  });
}

Napi::Value FindTextOutlinesApi(const Napi::CallbackInfo& info) {
  auto job = info[0].As<Napi::Object>();
  const TextMap map = ToMap(job);
  const TextRules rules = ToRules(job);
  auto found = std::make_shared<Found<TextOutline>>();
  auto work = [=] {
    found->not_numbers = CountNotNumbers(map);
    if (found->not_numbers == 0) found->regions = FindTextOutlines(map, rules);
  };
  return PromiseWorker::Start(info.Env(), job, work, [found](Napi::Env env) -> Napi::Value {
    auto outlines = Napi::Array::New(env, found->regions.size());
    for (uint32_t i = 0; i < found->regions.size(); i++) {
      const auto& points = found->regions[i].points;
      auto outline = Napi::Int32Array::New(env, 2 * points.size());
      for (size_t k = 0; k < points.size(); k++) {
        outline[2 * k] = points[k].x;
        outline[2 * k + 1] = points[k].y;
      }
      outlines.Set(i, outline);
    }
    auto answer = WithScores(env, *found);
    answer.Set("outlines", outlines);
    return answer;
  });
}

Napi::Value ShortSidesApi(const Napi::CallbackInfo& info) {
  auto polygons = info[0].As<Napi::Array>();
  auto points = std::make_shared<std::vector<std::vector<IntPoint>>>(polygons.Length());
  for (uint32_t i = 0; i < polygons.Length(); i++) {
    auto flat = polygons.Get(i).As<Napi::Int32Array>();
    for (size_t k = 0; k + 1 < flat.ElementLength(); k += 2) (*points)[i].push_back({flat[k], flat[k + 1]});
  }
  auto sides = std::make_shared<std::vector<float>>();
  auto work = [points, sides] {
    for (const auto& polygon : *points) {
      const TurnedRectangle rectangle = MinimumRectangle(polygon);
      sides->push_back(std::min(rectangle.width, rectangle.height));
    }
  };
  return PromiseWorker::Start(info.Env(), polygons, work, [sides](Napi::Env env) -> Napi::Value {
    auto answer = Napi::Float32Array::New(env, sides->size());
    std::copy(sides->begin(), sides->end(), answer.Data());
    return answer;
  });
}

}  // namespace

void RegisterTextDetection(Napi::Env env, Napi::Object exports) {
  exports.Set("findTextBoxes", Napi::Function::New(env, FindTextBoxesApi, "findTextBoxes"));
  exports.Set("findTextOutlines", Napi::Function::New(env, FindTextOutlinesApi, "findTextOutlines"));
  exports.Set("shortSides", Napi::Function::New(env, ShortSidesApi, "shortSides"));
}

}  // namespace paddlelab
