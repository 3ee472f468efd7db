#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "paddle/config.h"
#include "paddle/predictor.h"
#include "paddle/tensor.h"

// Conversions between JavaScript values, already checked by TypeScript, and the addon's structures.
namespace paddlelab {

std::vector<ConfigStep> ToSteps(const Napi::Value& value);
std::vector<std::string> ToStrings(const Napi::Value& value);
abi::Lod ToLod(const Napi::Value& value);
FeedTensor ToFeed(const Napi::Value& value);
std::vector<FeedTensor> ToFeeds(const Napi::Value& value);
// The memory of a typed array.
void* DataOf(const Napi::Value& value);

Napi::Array FromStrings(Napi::Env env, const std::vector<std::string>& strings);
Napi::Value FromTensorInfo(Napi::Env env, const TensorInfo& info);
// Passes the tensor's memory to JavaScript.
Napi::Value FromFetch(Napi::Env env, FetchTensor& tensor);
Napi::Value FromInfo(Napi::Env env, const PredictorInfo& info);
Napi::Value FromEvents(Napi::Env env, const std::vector<HookEvent>& events);
Napi::Value FromReport(Napi::Env env, const ConfigReport& report);

}  // namespace paddlelab
