#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "paddle_abi.h"
#include "paddle_library.h"

namespace paddlelab {

struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }
};

// What goes into an input; `data` points into JavaScript's memory and is read once, on the predictor's thread.
struct FeedTensor {
  std::string name;
  abi::DataType type;
  std::vector<int> shape;
  const void* data;
  abi::Lod lod;
};

// What came out; the memory is handed over to JavaScript without another copy.
struct FetchTensor {
  std::string name;
  abi::DataType type;
  std::vector<int> shape;
  abi::Lod lod;
  size_t bytes = 0;
  std::unique_ptr<void, FreeMemory> data;
};

size_t BytesPerElement(abi::DataType type);

void Feed(const PaddleLibrary& library, abi::Tensor* handle, const FeedTensor& tensor);
FetchTensor Fetch(const PaddleLibrary& library, abi::Tensor* handle, const std::string& name);

}  // namespace paddlelab
