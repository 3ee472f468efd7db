#include <napi.h>

#include "binding/draw_api.h"
#include "binding/environment.h"
#include "binding/image_api.h"
#include "binding/library_api.h"
#include "binding/postprocess_api.h"
#include "binding/predictor_api.h"
#include "binding/standard_streams_api.h"
#include "binding/text_detection_api.h"
#include "binding/text_recognition_api.h"

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new paddlelab::Environment(env));
  // For environments that end normally or are terminated; `process.exit` runs no hooks, so TypeScript calls `shutdown`
  // then. Hooks run last in, first out: this one runs after the thread-safe function's, when no callbacks are possible
  // any more.
  env.AddCleanupHook([](paddlelab::Environment* environment) { environment->Shutdown(); },
                     &paddlelab::GetEnvironment(env));
  paddlelab::RegisterLibrary(env, exports);
  paddlelab::RegisterPredictor(env, exports);
  paddlelab::RegisterImages(env, exports);
  paddlelab::RegisterPostprocessing(env, exports);
  paddlelab::RegisterDrawing(env, exports);
  paddlelab::RegisterStandardStreams(env, exports);
  paddlelab::RegisterTextDetection(env, exports);
  paddlelab::RegisterTextRecognition(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(paddlelab, Init)
