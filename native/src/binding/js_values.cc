#include "binding/js_values.h"

#include <algorithm>

namespace paddlelab {
namespace {

ConfigArgument ToArgument(const Napi::Value& value) {
  if (value.IsBoolean()) return {value.As<Napi::Boolean>().Value()};
  if (value.IsNumber()) return {value.As<Napi::Number>().DoubleValue()};
  if (value.IsString()) return {value.As<Napi::String>().Utf8Value()};
  if (value.IsArray()) {
    ConfigArgument::List list;
    auto array = value.As<Napi::Array>();
    for (uint32_t i = 0; i < array.Length(); i++) list.push_back(ToArgument(array.Get(i)));
    return {list};
  }
  ConfigArgument::Map map;
  auto object = value.As<Napi::Object>();
  for (const std::string& key : ToStrings(object.GetPropertyNames()))
    map.emplace_back(key, ToArgument(object.Get(key)));
  return {map};
}

template <typename Number>
Napi::Array FromNumbers(Napi::Env env, const std::vector<Number>& numbers) {
  auto array = Napi::Array::New(env, numbers.size());
  for (uint32_t i = 0; i < numbers.size(); i++) {
    array.Set(i, Napi::Number::New(env, static_cast<double>(numbers[i])));
  }
  return array;
}

// Up to this number of bytes a copy is cheaper than the bookkeeping of external memory.
constexpr size_t kCheapCopy = 1024;

Napi::ArrayBuffer CopyBuffer(Napi::Env env, const FetchTensor& tensor) {
  auto copy = Napi::ArrayBuffer::New(env, tensor.bytes);
  std::copy_n(static_cast<const uint8_t*>(tensor.data.get()), tensor.bytes, static_cast<uint8_t*>(copy.Data()));
  return copy;
}

// Passes malloc'ed memory to JavaScript; copies small tensors, and all where the host forbids external memory
// (Electron).
Napi::ArrayBuffer TakeBuffer(Napi::Env env, FetchTensor& tensor) {
  if (tensor.bytes <= kCheapCopy) return CopyBuffer(env, tensor);
  napi_value buffer;
  auto finalize = [](napi_env, void* memory, void*) { std::free(memory); };
  napi_status status =
      napi_create_external_arraybuffer(env, tensor.data.get(), tensor.bytes, finalize, nullptr, &buffer);
  if (status == napi_ok) {
    tensor.data.release();
    return Napi::ArrayBuffer(env, buffer);
  }
  return CopyBuffer(env, tensor);
}

Napi::Value FromPorts(Napi::Env env, const std::vector<PortInfo>& ports) {
  auto array = Napi::Array::New(env, ports.size());
  for (uint32_t i = 0; i < ports.size(); i++) {
    auto object = Napi::Object::New(env);
    object.Set("name", ports[i].name);
    object.Set("type", ports[i].type);
    object.Set("shape", FromNumbers(env, ports[i].shape));
    array.Set(i, object);
  }
  return array;
}

}  // namespace

std::vector<std::string> ToStrings(const Napi::Value& value) {
  std::vector<std::string> list;
  auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) list.push_back(array.Get(i).As<Napi::String>().Utf8Value());
  return list;
}

std::vector<ConfigStep> ToSteps(const Napi::Value& value) {
  std::vector<ConfigStep> steps;
  auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) {
    auto object = array.Get(i).As<Napi::Object>();
    ConfigStep step;
    step.method = object.Get("method").As<Napi::String>().Utf8Value();
    auto arguments = object.Get("arguments").As<Napi::Array>();
    for (uint32_t k = 0; k < arguments.Length(); k++) step.arguments.push_back(ToArgument(arguments.Get(k)));
    steps.push_back(std::move(step));
  }
  return steps;
}

abi::Lod ToLod(const Napi::Value& value) {
  abi::Lod lod;
  auto levels = value.As<Napi::Array>();
  for (uint32_t i = 0; i < levels.Length(); i++) {
    auto offsets = levels.Get(i).As<Napi::Array>();
    lod.emplace_back();
    for (uint32_t k = 0; k < offsets.Length(); k++) {
      lod.back().push_back(static_cast<size_t>(offsets.Get(k).As<Napi::Number>().Int64Value()));
    }
  }
  return lod;
}

void* DataOf(const Napi::Value& value) {
  auto array = value.As<Napi::TypedArray>();
  return static_cast<uint8_t*>(array.ArrayBuffer().Data()) + array.ByteOffset();
}

FeedTensor ToFeed(const Napi::Value& value) {
  auto object = value.As<Napi::Object>();
  FeedTensor feed;
  feed.name = object.Get("name").As<Napi::String>().Utf8Value();
  Napi::Value data = object.Get("data");
  if (data.IsUndefined()) {
    feed.is_text = true;
    feed.strings = ToStrings(object.Get("strings"));
    return feed;
  }
  feed.type = static_cast<abi::DataType>(object.Get("type").As<Napi::Number>().Int32Value());
  auto shape = object.Get("shape").As<Napi::Array>();
  for (uint32_t k = 0; k < shape.Length(); k++) feed.shape.push_back(shape.Get(k).As<Napi::Number>().Int32Value());
  feed.data = DataOf(data);
  if (Napi::Value lod = object.Get("lod"); !lod.IsUndefined()) feed.lod = ToLod(lod);
  return feed;
}

std::vector<FeedTensor> ToFeeds(const Napi::Value& value) {
  std::vector<FeedTensor> feeds;
  auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) feeds.push_back(ToFeed(array.Get(i)));
  return feeds;
}

Napi::Array FromStrings(Napi::Env env, const std::vector<std::string>& strings) {
  auto array = Napi::Array::New(env, strings.size());
  for (uint32_t i = 0; i < strings.size(); i++) array.Set(i, strings[i]);
  return array;
}

Napi::Value FromTensorInfo(Napi::Env env, const TensorInfo& info) {
  auto object = Napi::Object::New(env);
  object.Set("name", info.name);
  object.Set("type", static_cast<int>(info.type));
  object.Set("shape", FromNumbers(env, info.shape));
  auto lod = Napi::Array::New(env, info.lod.size());
  for (uint32_t level = 0; level < info.lod.size(); level++) lod.Set(level, FromNumbers(env, info.lod[level]));
  object.Set("lod", lod);
  return object;
}

Napi::Value FromFetch(Napi::Env env, FetchTensor& tensor) {
  auto object = FromTensorInfo(env, tensor.info).As<Napi::Object>();
  object.Set("data", TakeBuffer(env, tensor));
  return object;
}

Napi::Value FromInfo(Napi::Env env, const PredictorInfo& info) {
  auto object = Napi::Object::New(env);
  object.Set("inputs", FromPorts(env, info.inputs));
  object.Set("outputs", FromPorts(env, info.outputs));
  object.Set("useGpu", info.use_gpu);
  object.Set("onednn", info.onednn);
  object.Set("openvino", info.openvino);
  object.Set("tensorrt", info.tensorrt);
  object.Set("summary", info.summary);
  return object;
}

Napi::Value FromEvents(Napi::Env env, const std::vector<HookEvent>& events) {
  auto array = Napi::Array::New(env, events.size());
  for (uint32_t i = 0; i < events.size(); i++) {
    auto object = Napi::Object::New(env);
    object.Set("isInput", events[i].is_input);
    object.Set("op", events[i].op);
    object.Set("variable", events[i].variable);
    object.Set("type", events[i].type);
    object.Set("shape", FromNumbers(env, events[i].shape));
    array.Set(i, object);
  }
  return array;
}

Napi::Value FromReport(Napi::Env env, const ConfigReport& report) {
  auto values = Napi::Object::New(env);
  for (const auto& [name, value] : report.values) {
    if (const bool* flag = std::get_if<bool>(&value)) {
      values.Set(name, *flag);
    } else {
      values.Set(name, std::get<double>(value));
    }
  }
  auto failures = Napi::Object::New(env);
  for (const auto& [name, message] : report.failures) failures.Set(name, message);
  auto object = Napi::Object::New(env);
  object.Set("values", values);
  object.Set("failures", failures);
  object.Set("summary", report.summary);
  object.Set("passes", FromStrings(env, report.passes));
  object.Set("analysisPasses", FromStrings(env, report.analysis_passes));
  object.Set("passesText", report.passes_text);
  return object;
}

}  // namespace paddlelab
