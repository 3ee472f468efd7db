#include "binding/image_api.h"

#include <memory>
#include <string>

#include "binding/promise_worker.h"
#include "image/pipeline.h"

namespace paddlelab {
namespace {

int Integer(const Napi::Object& object, const char* key) { return object.Get(key).As<Napi::Number>().Int32Value(); }
double Double(const Napi::Object& object, const char* key) { return object.Get(key).As<Napi::Number>().DoubleValue(); }
bool Boolean(const Napi::Object& object, const char* key) { return object.Get(key).As<Napi::Boolean>().Value(); }

template <typename Number>
std::vector<Number> Numbers(const Napi::Object& object, const char* key) {
  auto array = object.Get(key).As<Napi::Array>();
  std::vector<Number> numbers;
  for (uint32_t i = 0; i < array.Length(); i++) {
    numbers.push_back(static_cast<Number>(array.Get(i).As<Napi::Number>().DoubleValue()));
  }
  return numbers;
}

Geometry ToGeometry(const Napi::Object& object) {
  Geometry geometry;
  geometry.width = Integer(object, "width");
  geometry.height = Integer(object, "height");
  const std::string kind = object.Get("kind").As<Napi::String>();
  if (kind == "resize") {
    geometry.kind = Geometry::Kind::kResize;
    geometry.resize = {geometry.width, geometry.height, Double(object, "stepX"), Double(object, "stepY"),
                       static_cast<Interpolation>(Integer(object, "interpolation"))};
  } else if (kind == "pillow") {
    geometry.kind = Geometry::Kind::kPillow;
    geometry.filter = static_cast<PillowFilter>(Integer(object, "filter"));
  } else if (kind == "warp") {
    geometry.kind = Geometry::Kind::kWarp;
    const auto matrix = Numbers<double>(object, "matrix");
    std::copy_n(matrix.begin(), 6, geometry.matrix.begin());
  } else if (kind == "crop") {
    geometry.kind = Geometry::Kind::kCrop;
    geometry.left = Integer(object, "left");
    geometry.top = Integer(object, "top");
  }
  return geometry;
}

Arithmetic ToArithmetic(const Napi::Object& object) {
  const std::string kind = object.Get("kind").As<Napi::String>();
  Arithmetic step;
  step.kind = kind == "multiply"   ? Arithmetic::Kind::kMultiply
              : kind == "divide"   ? Arithmetic::Kind::kDivide
              : kind == "subtract" ? Arithmetic::Kind::kSubtract
                                   : Arithmetic::Kind::kAdd;
  step.in_double = Boolean(object, "double");
  step.values = Numbers<double>(object, "values");
  return step;
}

MapSpec ToMap(const Napi::Object& object) {
  MapSpec map;
  map.order = Numbers<int>(object, "order");
  auto arithmetic = object.Get("arithmetic").As<Napi::Array>();
  for (uint32_t i = 0; i < arithmetic.Length(); i++) {
    map.arithmetic.push_back(ToArithmetic(arithmetic.Get(i).As<Napi::Object>()));
  }
  map.width = Integer(object, "width");
  map.height = Integer(object, "height");
  map.left = Integer(object, "left");
  map.top = Integer(object, "top");
  map.fill = Numbers<float>(object, "fill");
  map.planes = Boolean(object, "planes");
  map.bytes = Boolean(object, "bytes");
  return map;
}

std::vector<Pass> ToPasses(const Napi::Array& array) {
  std::vector<Pass> passes;
  for (uint32_t i = 0; i < array.Length(); i++) {
    auto object = array.Get(i).As<Napi::Object>();
    passes.push_back(
        {ToGeometry(object.Get("geometry").As<Napi::Object>()), ToMap(object.Get("map").As<Napi::Object>())});
  }
  return passes;
}

void* DataOf(const Napi::Value& value) {
  auto array = value.As<Napi::TypedArray>();
  return static_cast<uint8_t*>(array.ArrayBuffer().Data()) + array.ByteOffset();
}

// (source: {data: Uint8Array | Float32Array, width, height, channels}, passes, target: Uint8Array | Float32Array)
// → Promise<void>
Napi::Value RunPassesApi(const Napi::CallbackInfo& info) {
  auto source = info[0].As<Napi::Object>();
  const bool floats = source.Get("data").As<Napi::TypedArray>().TypedArrayType() == napi_float32_array;
  const ImageView view = {DataOf(source.Get("data")), Integer(source, "width"), Integer(source, "height"),
                          Integer(source, "channels"), floats};
  auto passes = std::make_shared<std::vector<Pass>>(ToPasses(info[1].As<Napi::Array>()));
  void* target = DataOf(info[2]);
  auto keep_alive = Napi::Array::New(info.Env(), 2);
  keep_alive.Set(0u, source.Get("data"));
  keep_alive.Set(1u, info[2]);
  auto helpers = BandHelpers::Start(CountThreads(view, *passes) - 1);
  auto work = [view, passes, target, helpers] {
    try {
      RunPasses(view, *passes, target, helpers.get());
    } catch (...) {
      helpers->Close();
      throw;
    }
    helpers->Close();
  };
  return PromiseWorker::Start(info.Env(), keep_alive, work, [](Napi::Env env) { return env.Undefined(); });
}

}  // namespace

void RegisterImages(Napi::Env env, Napi::Object exports) {
  exports.Set("runPasses", Napi::Function::New(env, RunPassesApi, "runPasses"));
}

}  // namespace paddlelab
