#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "paddle/abi.h"
#include "paddle/library.h"

namespace paddlelab {

struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }
};
using Memory = std::unique_ptr<void, FreeMemory>;

// What goes into an input; `data` points into JavaScript's memory.
struct FeedTensor {
  std::string name;
  abi::DataType type = abi::DataType::kFloat32;
  std::vector<int> shape;
  const void* data = nullptr;
  abi::Lod lod;
  // For inputs of strings, instead of the four above.
  bool is_text = false;
  std::vector<std::string> strings;
};

// What a tensor of Paddle is at the moment.
struct TensorInfo {
  std::string name;
  abi::DataType type = abi::DataType::kFloat32;
  std::vector<int> shape;
  abi::Lod lod;
};

// What came out; the memory is handed over to JavaScript without another copy.
struct FetchTensor {
  TensorInfo info;
  size_t bytes = 0;
  Memory data;
};

// Copies the elements into memory that Paddle owns.
void CopyIn(const PaddleLibrary& library, abi::Tensor* handle, const FeedTensor& tensor);
// Lets Paddle read `tensor.data` itself, which must stay until something else is fed.
void ShareIn(const PaddleLibrary& library, abi::Tensor* handle, const FeedTensor& tensor);
// Whether this Paddle can; never texts, nor sequences.
bool CanShare(const PaddleLibrary& library, const FeedTensor& tensor);
// A copy of the elements, for when Paddle's own memory must not be written to.
Memory CopyOf(const FeedTensor& tensor);
void SetLod(const PaddleLibrary& library, abi::Tensor* handle, const abi::Lod& lod);
TensorInfo Describe(const PaddleLibrary& library, abi::Tensor* handle, const std::string& name);
FetchTensor Fetch(const PaddleLibrary& library, abi::Tensor* handle, const std::string& name);

}  // namespace paddlelab
