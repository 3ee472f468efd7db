#include "image_tensor_api.h"

#include <memory>

#include "image_tensor.h"
#include "promise_worker.h"

namespace paddlelab {
namespace {

int Integer(const Napi::Object& object, const char* key) { return object.Get(key).As<Napi::Number>().Int32Value(); }
double Double(const Napi::Object& object, const char* key) { return object.Get(key).As<Napi::Number>().DoubleValue(); }

ResizeSpec ToResizeSpec(const Napi::Object& object) {
  ResizeSpec spec;
  spec.source_width = Integer(object, "sourceWidth");
  spec.source_height = Integer(object, "sourceHeight");
  spec.channels = Integer(object, "channels");
  spec.width = Integer(object, "width");
  spec.height = Integer(object, "height");
  spec.step_x = Double(object, "stepX");
  spec.step_y = Double(object, "stepY");
  spec.interpolation = static_cast<Interpolation>(Integer(object, "interpolation"));
  return spec;
}

std::vector<float> ToFloats(const Napi::Value& value) {
  auto array = value.As<Napi::Float32Array>();
  return std::vector<float>(array.Data(), array.Data() + array.ElementLength());
}

ImageTensorSpec ToImageTensorSpec(const Napi::Object& object) {
  ImageTensorSpec spec;
  spec.resize = ToResizeSpec(object.Get("resize").As<Napi::Object>());
  spec.lookup = ToFloats(object.Get("lookup"));
  spec.fill = ToFloats(object.Get("fill"));
  auto order = object.Get("channelOrder").As<Napi::Array>();
  for (uint32_t i = 0; i < order.Length(); i++) {
    spec.channel_order.push_back(order.Get(i).As<Napi::Number>().Int32Value());
  }
  spec.canvas_width = Integer(object, "canvasWidth");
  spec.canvas_height = Integer(object, "canvasHeight");
  spec.left = Integer(object, "left");
  spec.top = Integer(object, "top");
  return spec;
}

// (source: Uint8Array, spec, target: Float32Array) → Promise<void>
Napi::Value ImageToTensorApi(const Napi::CallbackInfo& info) {
  auto spec = std::make_shared<ImageTensorSpec>(ToImageTensorSpec(info[1].As<Napi::Object>()));
  const uint8_t* source = info[0].As<Napi::Uint8Array>().Data();
  float* target = info[2].As<Napi::Float32Array>().Data();
  auto keep_alive = Napi::Array::New(info.Env(), 2);
  keep_alive.Set(0u, info[0]);
  keep_alive.Set(1u, info[2]);
  return PromiseWorker::Start(
      info.Env(), keep_alive, [spec, source, target] { ImageToTensor(source, *spec, target); },
      [](Napi::Env env) { return env.Undefined(); });
}

// (source: Uint8Array, spec) → Promise<Uint8Array>
Napi::Value ResizeImageApi(const Napi::CallbackInfo& info) {
  auto spec = std::make_shared<ResizeSpec>(ToResizeSpec(info[1].As<Napi::Object>()));
  auto result = std::make_shared<std::vector<uint8_t>>();
  const uint8_t* source = info[0].As<Napi::Uint8Array>().Data();
  return PromiseWorker::Start(
      info.Env(), info[0].As<Napi::Object>(), [spec, source, result] { *result = Resize(source, *spec); },
      [result](Napi::Env env) {
        auto array = Napi::Uint8Array::New(env, result->size());
        std::copy(result->begin(), result->end(), array.Data());
        return array;
      });
}

}  // namespace

void RegisterImageTensor(Napi::Env env, Napi::Object exports) {
  exports.Set("imageToTensor", Napi::Function::New(env, ImageToTensorApi, "imageToTensor"));
  exports.Set("resizeImage", Napi::Function::New(env, ResizeImageApi, "resizeImage"));
}

}  // namespace paddlelab
