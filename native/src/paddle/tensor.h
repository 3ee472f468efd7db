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

// The content of an input; `data` points into JavaScript's memory.
struct FeedTensor {
  std::string name;
  abi::DataType type = abi::DataType::kFloat32;
  std::vector<int> shape;
  const void* data = nullptr;
  abi::Lod lod;
  // For inputs of strings, instead of the four fields above.
  bool is_text = false;
  std::vector<std::string> strings;
};

// The current type and shape of a Paddle tensor.
struct TensorInfo {
  std::string name;
  abi::DataType type = abi::DataType::kFloat32;
  std::vector<int> shape;
  abi::Lod lod;
};

// The content of an output; the memory is passed to JavaScript without another copy.
struct FetchTensor {
  TensorInfo info;
  size_t bytes = 0;
  Memory data;
};

// Copies the elements into memory that Paddle owns.
void CopyIn(const PaddleLibrary& library, abi::Tensor* handle, const FeedTensor& tensor);
// Shares `tensor.data` with Paddle (zero-copy); it must stay valid until something else is fed.
void ShareIn(const PaddleLibrary& library, abi::Tensor* handle, const FeedTensor& tensor);
// Whether this Paddle supports that; never for texts or sequences.
bool CanShare(const PaddleLibrary& library, const FeedTensor& tensor);
// A copy of the elements, if Paddle's own memory must not be written to.
Memory CopyOf(const FeedTensor& tensor);
void SetLod(const PaddleLibrary& library, abi::Tensor* handle, const abi::Lod& lod);
TensorInfo Describe(const PaddleLibrary& library, abi::Tensor* handle, const std::string& name);
FetchTensor Fetch(const PaddleLibrary& library, abi::Tensor* handle, const std::string& name);

}  // namespace paddlelab
