#include "masks_api.h"

#include <memory>

#include "promise_worker.h"
#include "run_length.h"

namespace paddlelab {
namespace {

MaskSize ToSize(const Napi::Value& value) {
  auto size = value.As<Napi::Array>();
  return {size.Get(0u).As<Napi::Number>().Int32Value(), size.Get(1u).As<Napi::Number>().Int32Value()};
}

// (masks: Int32Array [N,height,width], indices: number[], size: [height, width], image: [height, width])
// → Promise<string[]>
Napi::Value EncodeMasks(const Napi::CallbackInfo& info) {
  const int32_t* masks = info[0].As<Napi::Int32Array>().Data();
  auto list = info[1].As<Napi::Array>();
  auto indices = std::make_shared<std::vector<uint32_t>>();
  for (uint32_t i = 0; i < list.Length(); i++) indices->push_back(list.Get(i).As<Napi::Number>().Uint32Value());
  const MaskSize size = ToSize(info[2]);
  const MaskSize image = ToSize(info[3]);
  auto encoded = std::make_shared<std::vector<std::string>>();
  auto work = [=] {
    const size_t pixels = static_cast<size_t>(size.height) * size.width;
    for (uint32_t index : *indices) encoded->push_back(EncodeRunLength(masks + index * pixels, size, image));
  };
  return PromiseWorker::Start(info.Env(), info[0].As<Napi::Object>(), work, [encoded](Napi::Env env) {
    auto array = Napi::Array::New(env, encoded->size());
    for (uint32_t i = 0; i < encoded->size(); i++) array.Set(i, (*encoded)[i]);
    return array;
  });
}

}  // namespace

void RegisterMasks(Napi::Env env, Napi::Object exports) {
  exports.Set("encodeMasks", Napi::Function::New(env, EncodeMasks, "encodeMasks"));
}

}  // namespace paddlelab
