#include "binding/draw_api.h"

#include <cstring>
#include <memory>

#include "binding/js_values.h"
#include "binding/promise_worker.h"
#include "draw/display_list.h"
#include "draw/path.h"

namespace paddlelab {
namespace {

std::shared_ptr<DrawList> ToList(const Napi::Object& drawing) {
  auto list = std::make_shared<DrawList>();
  auto numbers = drawing.Get("numbers").As<Napi::Float64Array>();
  list->numbers = numbers.Data();
  list->count = numbers.ElementLength();
  auto buffers = drawing.Get("buffers").As<Napi::Array>();
  for (uint32_t i = 0; i < buffers.Length(); i++) {
    list->buffers.push_back(static_cast<const uint8_t*>(DataOf(buffers.Get(i))));
  }
  list->strings = ToStrings(drawing.Get("strings"));
  return list;
}

// (drawing: { source: Uint8Array, target: Uint8Array, width, height, numbers: Float64Array, buffers, strings })
// → Promise<void>
Napi::Value DrawPixels(const Napi::CallbackInfo& info) {
  auto drawing = info[0].As<Napi::Object>();
  auto list = ToList(drawing);
  const auto* source = static_cast<const uint8_t*>(DataOf(drawing.Get("source")));
  auto* target = static_cast<uint8_t*>(DataOf(drawing.Get("target")));
  const Surface surface{target, drawing.Get("width").As<Napi::Number>().Int32Value(),
                        drawing.Get("height").As<Napi::Number>().Int32Value()};
  auto work = [=] {
    if (source != target) std::memcpy(target, source, static_cast<size_t>(surface.width) * surface.height * 3);
    Draw(surface, *list);
  };
  return PromiseWorker::Start(info.Env(), drawing, work, [](Napi::Env env) { return env.Undefined(); });
}

// (points: Float64Array of x and y, ends: Uint32Array (points up to each contour's end), width, height) → Uint8Array
// For a letter: too little work for another thread.
Napi::Value RasterizePath(const Napi::CallbackInfo& info) {
  const double* points = info[0].As<Napi::Float64Array>().Data();
  auto ends = info[1].As<Napi::Uint32Array>();
  const int width = info[2].As<Napi::Number>().Int32Value();
  const int height = info[3].As<Napi::Number>().Int32Value();
  auto result = Napi::Uint8Array::New(info.Env(), static_cast<size_t>(width) * height);
  Coverage coverage({0, 0, width, height});
  const auto* all = reinterpret_cast<const Point*>(points);
  for (size_t i = 0, begin = 0; i < ends.ElementLength(); begin = ends[i++]) {
    coverage.AddContour(all + begin, ends[i] - begin);
  }
  uint8_t* pixels = result.Data();
  coverage.Sweep(
      [=](int x, int y, int covered) { pixels[static_cast<size_t>(y) * width + x] = static_cast<uint8_t>(covered); });
  return result;
}

// (pixels: Uint8Array, rowBytes, rows, distance) → Promise<Uint8Array>: PNG's filter "Sub".
Napi::Value FilterRows(const Napi::CallbackInfo& info) {
  const auto* pixels = static_cast<const uint8_t*>(DataOf(info[0]));
  const size_t row_bytes = info[1].As<Napi::Number>().Uint32Value();
  const size_t rows = info[2].As<Napi::Number>().Uint32Value();
  const size_t distance = info[3].As<Napi::Number>().Uint32Value();
  auto filtered = std::make_shared<std::vector<uint8_t>>();
  auto work = [=] {
    filtered->resize((row_bytes + 1) * rows);
    for (size_t y = 0; y < rows; y++) {
      const uint8_t* from = pixels + y * row_bytes;
      uint8_t* to = filtered->data() + y * (row_bytes + 1);
      *to++ = 1;
      for (size_t i = 0; i < distance; i++) to[i] = from[i];
      for (size_t i = distance; i < row_bytes; i++) to[i] = static_cast<uint8_t>(from[i] - from[i - distance]);
    }
  };
  return PromiseWorker::Start(info.Env(), info[0].As<Napi::Object>(), work, [filtered](Napi::Env env) {
    auto* memory = new std::shared_ptr<std::vector<uint8_t>>(filtered);
    const auto free = [](Napi::Env, void*, std::shared_ptr<std::vector<uint8_t>>* held) { delete held; };
    auto buffer = Napi::ArrayBuffer::New(env, (*memory)->data(), (*memory)->size(), free, memory);
    return Napi::Uint8Array::New(env, buffer.ByteLength(), buffer, 0);
  });
}

}  // namespace

void RegisterDrawing(Napi::Env env, Napi::Object exports) {
  exports.Set("draw", Napi::Function::New(env, DrawPixels, "draw"));
  exports.Set("filterRows", Napi::Function::New(env, FilterRows, "filterRows"));
  exports.Set("rasterizePath", Napi::Function::New(env, RasterizePath, "rasterizePath"));
}

}  // namespace paddlelab
