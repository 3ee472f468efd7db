#include "binding/postprocess_api.h"

#include <memory>

#include "binding/promise_worker.h"
#include "image/joint_search.h"
#include "image/label_map.h"
#include "image/paste_mask.h"
#include "image/run_length.h"

namespace paddlelab {
namespace {

int Integer(const Napi::Object& job, const char* key) { return job.Get(key).As<Napi::Number>().Int32Value(); }

MaskSize ToSize(const Napi::Object& job, const char* key) {
  auto size = job.Get(key).As<Napi::Array>();
  return {size.Get(0u).As<Napi::Number>().Int32Value(), size.Get(1u).As<Napi::Number>().Int32Value()};
}

template <typename Number>
std::vector<Number> Copy(const Napi::Object& job, const char* key) {
  auto array = job.Get(key).As<Napi::TypedArrayOf<Number>>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

// Calls `use` with the elements of a typed array in their own type.
template <typename Use>
void WithElements(const Napi::TypedArray& array, Use use) {
  void* start = static_cast<uint8_t*>(array.ArrayBuffer().Data()) + array.ByteOffset();
  switch (array.TypedArrayType()) {
    case napi_float32_array:
      return use(static_cast<const float*>(start));
    case napi_float64_array:
      return use(static_cast<const double*>(start));
    case napi_int32_array:
      return use(static_cast<const int32_t*>(start));
    case napi_bigint64_array:
      return use(static_cast<const int64_t*>(start));
    case napi_int8_array:
      return use(static_cast<const int8_t*>(start));
    case napi_int16_array:
      return use(static_cast<const int16_t*>(start));
    default:
      return use(static_cast<const uint8_t*>(start));
  }
}

Napi::Array ToTexts(Napi::Env env, const std::vector<EncodedMask>& encoded) {
  auto array = Napi::Array::New(env, encoded.size());
  for (uint32_t i = 0; i < encoded.size(); i++) {
    const auto& [counts, box] = encoded[i];
    auto mask = Napi::Object::New(env);
    mask.Set("counts", counts);
    auto sides = Napi::Array::New(env, 4);
    uint32_t at = 0;
    for (int side : {box.left, box.top, box.right, box.bottom}) sides.Set(at++, side);
    mask.Set("box", sides);
    array.Set(i, mask);
  }
  return array;
}

Napi::Value EncodeMasks(const Napi::CallbackInfo& info) {
  auto job = info[0].As<Napi::Object>();
  const MaskSize size = ToSize(job, "size");
  const MaskSize image = ToSize(job, "image");
  auto indices = std::make_shared<std::vector<uint32_t>>(Copy<uint32_t>(job, "indices"));
  // Left, top, right and bottom of the visible part of each mask; empty: all masks are fully visible.
  auto visible = std::make_shared<std::vector<int32_t>>(Copy<int32_t>(job, "visible"));
  auto encoded = std::make_shared<std::vector<EncodedMask>>();
  std::function<void()> work;
  WithElements(job.Get("masks").As<Napi::TypedArray>(), [&](const auto* masks) {
    work = [=] {
      const size_t pixels = static_cast<size_t>(size.height) * size.width;
      for (size_t i = 0; i < indices->size(); i++) {
        const int32_t* sides = visible->empty() ? nullptr : visible->data() + 4 * i;
        const MaskBounds bounds =
            sides ? MaskBounds{sides[0], sides[1], sides[2], sides[3]} : MaskBounds{0, 0, image.width, image.height};
        encoded->push_back(EncodeMask(masks + (*indices)[i] * pixels, size, image, bounds));
      }
    };
  });
  return PromiseWorker::Start(info.Env(), job, work, [encoded](Napi::Env env) { return ToTexts(env, *encoded); });
}

Napi::Value PasteMasks(const Napi::CallbackInfo& info) {
  auto job = info[0].As<Napi::Object>();
  const float* probabilities = job.Get("probabilities").As<Napi::Float32Array>().Data();
  const int side = Integer(job, "side");
  const MaskSize image = ToSize(job, "image");
  auto indices = std::make_shared<std::vector<uint32_t>>(Copy<uint32_t>(job, "indices"));
  auto boxes = std::make_shared<std::vector<float>>(Copy<float>(job, "boxes"));
  auto counts = std::make_shared<std::vector<std::string>>();
  auto work = [=] {
    const size_t pixels = static_cast<size_t>(side) * side;
    for (size_t i = 0; i < indices->size(); i++) {
      const float* box = boxes->data() + 4 * i;
      counts->push_back(
          PasteMask(probabilities + (*indices)[i] * pixels, side, {box[0], box[1], box[2], box[3]}, image));
    }
  };
  return PromiseWorker::Start(info.Env(), job, work, [counts](Napi::Env env) {
    auto array = Napi::Array::New(env, counts->size());
    for (uint32_t i = 0; i < counts->size(); i++) array.Set(i, (*counts)[i]);
    return array;
  });
}

Napi::Value ToSegments(Napi::Env env, const LabelSegments& found) {
  auto answer = Napi::Object::New(env);
  answer.Set("notNumbers", static_cast<double>(found.not_numbers));
  answer.Set("notClasses", static_cast<double>(found.not_classes));
  auto segments = Napi::Array::New(env, found.segments.size());
  for (uint32_t i = 0; i < found.segments.size(); i++) {
    const auto& [class_id, area, counts] = found.segments[i];
    auto segment = Napi::Object::New(env);
    segment.Set("classId", class_id);
    segment.Set("area", static_cast<double>(area));
    segment.Set("counts", counts);
    segments.Set(i, segment);
  }
  answer.Set("segments", segments);
  return answer;
}

Napi::Value EncodeLabelMap(const Napi::CallbackInfo& info) {
  auto job = info[0].As<Napi::Object>();
  const int channels = Integer(job, "channels");
  const MaskSize size = ToSize(job, "size");
  const MaskSize content = ToSize(job, "content");
  const MaskSize image = ToSize(job, "image");
  auto found = std::make_shared<LabelSegments>();
  std::function<void()> work;
  WithElements(job.Get("labels").As<Napi::TypedArray>(), [&](const auto* labels) {
    using Number = std::remove_const_t<std::remove_pointer_t<decltype(labels)>>;
    work = [=] { *found = EncodeLabels(LabelSource<Number>{labels, channels, size, content}, image); };
  });
  return PromiseWorker::Start(info.Env(), job, work, [found](Napi::Env env) { return ToSegments(env, *found); });
}

Napi::Value MakeProbabilities(const Napi::CallbackInfo& info) {
  auto job = info[0].As<Napi::Object>();
  const float* maps = job.Get("maps").As<Napi::Float32Array>().Data();
  auto target = job.Get("target").As<Napi::Float32Array>();
  float* written = target.Data();
  const int classes = Integer(job, "classes");
  const size_t pixels = target.ElementLength() / classes;
  const double tolerance = job.Get("tolerance").As<Napi::Number>().DoubleValue();
  auto not_numbers = std::make_shared<int64_t>(0);
  auto work = [=] { *not_numbers = ToProbabilities(maps, written, classes, pixels, tolerance); };
  return PromiseWorker::Start(info.Env(), job, work, [not_numbers](Napi::Env env) {
    return Napi::Number::New(env, static_cast<double>(*not_numbers));
  });
}

Napi::Value FindJoints(const Napi::CallbackInfo& info) {
  auto job = info[0].As<Napi::Object>();
  JointMaps maps;
  maps.heat = job.Get("heat").As<Napi::Float32Array>().Data();
  maps.tags = job.Get("tags").As<Napi::Float32Array>().Data();
  maps.joints = Integer(job, "joints");
  maps.cells = job.Get("heat").As<Napi::Float32Array>().ElementLength() / maps.joints;
  maps.dimensions = Integer(job, "dimensions");
  auto wanted = std::make_shared<std::vector<uint32_t>>(Copy<uint32_t>(job, "wanted"));
  auto centres = std::make_shared<std::vector<double>>(Copy<double>(job, "centres"));
  auto found = std::make_shared<std::vector<FoundJoint>>(wanted->size());
  auto work = [=] {
    for (size_t i = 0; i < wanted->size(); i++) {
      const WantedJoint joint{static_cast<int>((*wanted)[i]), centres->data() + i * maps.dimensions};
      (*found)[i] = FindJoint(maps, joint);
    }
  };
  return PromiseWorker::Start(info.Env(), job, work, [found](Napi::Env env) {
    auto answer = Napi::Float64Array::New(env, 2 * found->size());
    for (size_t i = 0; i < found->size(); i++) {
      answer[2 * i] = static_cast<double>((*found)[i].cell);
      answer[2 * i + 1] = (*found)[i].heat;
    }
    return answer;
  });
}

}  // namespace

void RegisterPostprocessing(Napi::Env env, Napi::Object exports) {
  exports.Set("encodeMasks", Napi::Function::New(env, EncodeMasks, "encodeMasks"));
  exports.Set("pasteMasks", Napi::Function::New(env, PasteMasks, "pasteMasks"));
  exports.Set("encodeLabels", Napi::Function::New(env, EncodeLabelMap, "encodeLabels"));
  exports.Set("toProbabilities", Napi::Function::New(env, MakeProbabilities, "toProbabilities"));
  exports.Set("findJoints", Napi::Function::New(env, FindJoints, "findJoints"));
}

}  // namespace paddlelab
