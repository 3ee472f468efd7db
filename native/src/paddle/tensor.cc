#include "paddle/tensor.h"

#include <cstring>
#include <map>

namespace paddlelab {
namespace {

using abi::DataType;
using abi::Tensor;

// The spelling of an element type in a mangled template argument, and its size.
struct ElementType {
  DataType type;
  size_t bytes;
  const char* mangled;
};

constexpr ElementType kElementTypes[] = {
    {DataType::kFloat32, 4, "f"}, {DataType::kInt64, 8, "l"},   {DataType::kInt32, 4, "i"},
    {DataType::kUint8, 1, "h"},   {DataType::kInt8, 1, "a"},    {DataType::kFloat16, 2, "N3phi5dtype7float16E"},
    {DataType::kBool, 1, "b"},    {DataType::kFloat64, 8, "d"}, {DataType::kBfloat16, 2, "N3phi5dtype8bfloat16E"},
};

// The functions for one element type; null if this Paddle lacks one.
struct ElementFunctions {
  size_t bytes;
  void (*copy_in)(Tensor*, const void*);
  void (*copy_out)(const Tensor*, void*);
  void (*share)(Tensor*, const void*, const std::vector<int>&, int place, int layout);
};

// paddle_infer::PlaceType and DataLayout.
constexpr int kPlaceCpu = 0;
constexpr int kLayoutNchw = 2;

template <typename Function>
Function Template(const PaddleLibrary& library, const char* head, const ElementType& element, const char* tail) {
  const std::string name = std::string(head) + "I" + element.mangled + tail;
  return reinterpret_cast<Function>(library.Find({name.c_str()}));
}

std::map<DataType, ElementFunctions> FindElementFunctions(const PaddleLibrary& library) {
  std::map<DataType, ElementFunctions> all;
  for (const ElementType& element : kElementTypes) {
    ElementFunctions functions{};
    functions.bytes = element.bytes;
    functions.copy_in =
        Template<decltype(functions.copy_in)>(library, "_ZN12paddle_infer6Tensor11CopyFromCpu", element, "EEvPKT_");
    functions.copy_out =
        Template<decltype(functions.copy_out)>(library, "_ZNK12paddle_infer6Tensor9CopyToCpu", element, "EEvPT_");
    functions.share =
        Template<decltype(functions.share)>(library, "_ZN12paddle_infer6Tensor17ShareExternalData", element,
                                            "EEvPKT_RKSt6vectorIiSaIiEENS_9PlaceTypeENS_10DataLayoutE");
    all[element.type] = functions;
  }
  return all;
}

// Looked up once: a process has only one Paddle, and a look-up by name takes longer than a small copy.
struct TensorFunctions {
  explicit TensorFunctions(const PaddleLibrary& library)
      : reshape(library.Require<void(Tensor*, const std::vector<int>&)>(
            "_ZN12paddle_infer6Tensor7ReshapeERKSt6vectorIiSaIiEE")),
        set_lod(library.Require<void(Tensor*, const abi::Lod&)>(
            "_ZN12paddle_infer6Tensor6SetLoDERKSt6vectorIS1_ImSaImEESaIS3_EE")),
        type(library.Require<DataType(const Tensor*)>("_ZNK12paddle_infer6Tensor4typeEv")),
        shape(library.Require<std::vector<int>(const Tensor*)>("_ZNK12paddle_infer6Tensor5shapeEv")),
        lod(library.Require<abi::Lod(const Tensor*)>("_ZNK12paddle_infer6Tensor3lodEv")),
        reshape_strings(library.Require<void(Tensor*, const size_t&)>("_ZN12paddle_infer6Tensor14ReshapeStringsERKm")),
        copy_strings(library.Require<void(Tensor*, const std::vector<std::string>*)>(
            "_ZN12paddle_infer6Tensor18CopyStringsFromCpuEPKSt6vectorI" PADDLELAB_STRING "SaIS7_EE")),
        elements(FindElementFunctions(library)) {}

  static const TensorFunctions& Get(const PaddleLibrary& library) {
    static const TensorFunctions functions(library);
    return functions;
  }

  const ElementFunctions& Of(DataType data_type) const {
    auto found = elements.find(data_type);
    if (found != elements.end()) return found->second;
    throw NativeError("METHOD_UNAVAILABLE", "Unknown Paddle data type " + std::to_string(static_cast<int>(data_type)));
  }

  void (*reshape)(Tensor*, const std::vector<int>&);
  void (*set_lod)(Tensor*, const abi::Lod&);
  DataType (*type)(const Tensor*);
  std::vector<int> (*shape)(const Tensor*);
  abi::Lod (*lod)(const Tensor*);
  void (*reshape_strings)(Tensor*, const size_t&);
  void (*copy_strings)(Tensor*, const std::vector<std::string>*);
  std::map<DataType, ElementFunctions> elements;
};

template <typename Function>
Function Present(Function function, const char* what) {
  if (function == nullptr) throw NativeError("METHOD_UNAVAILABLE", std::string(what) + " of this data type");
  return function;
}

size_t ElementCount(const std::vector<int>& shape) {
  size_t count = 1;
  for (int extent : shape) count *= static_cast<size_t>(extent);
  return count;
}

Memory Allocate(size_t bytes) {
  Memory memory(std::malloc(bytes));
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void CopyIn(const PaddleLibrary& library, Tensor* handle, const FeedTensor& tensor) {
  const auto& functions = TensorFunctions::Get(library);
  if (tensor.is_text) {
    functions.reshape_strings(handle, tensor.strings.size());
    functions.copy_strings(handle, &tensor.strings);
    return;
  }
  functions.reshape(handle, tensor.shape);
  Present(functions.Of(tensor.type).copy_in, "Tensor::CopyFromCpu")(handle, tensor.data);
  if (!tensor.lod.empty()) functions.set_lod(handle, tensor.lod);
}

void ShareIn(const PaddleLibrary& library, Tensor* handle, const FeedTensor& tensor) {
  const auto& functions = TensorFunctions::Get(library);
  Present(functions.Of(tensor.type).share, "Tensor::ShareExternalData")(handle, tensor.data, tensor.shape, kPlaceCpu,
                                                                        kLayoutNchw);
  if (!tensor.lod.empty()) functions.set_lod(handle, tensor.lod);
}

bool CanShare(const PaddleLibrary& library, const FeedTensor& tensor) {
  return !tensor.is_text && tensor.lod.empty() && TensorFunctions::Get(library).Of(tensor.type).share != nullptr;
}

Memory CopyOf(const FeedTensor& tensor) {
  const size_t bytes = ElementCount(tensor.shape) * TensorFunctions::Get(PaddleLibrary::Get()).Of(tensor.type).bytes;
  Memory copy = Allocate(bytes);
  std::memcpy(copy.get(), tensor.data, bytes);
  return copy;
}

void SetLod(const PaddleLibrary& library, Tensor* handle, const abi::Lod& lod) {
  TensorFunctions::Get(library).set_lod(handle, lod);
}

TensorInfo Describe(const PaddleLibrary& library, Tensor* handle, const std::string& name) {
  const auto& functions = TensorFunctions::Get(library);
  return {name, functions.type(handle), functions.shape(handle), functions.lod(handle)};
}

FetchTensor Fetch(const PaddleLibrary& library, Tensor* handle, const std::string& name) {
  FetchTensor result{Describe(library, handle, name), 0, nullptr};
  const ElementFunctions& element = TensorFunctions::Get(library).Of(result.info.type);
  result.bytes = ElementCount(result.info.shape) * element.bytes;
  if (result.bytes == 0) return result;
  result.data = Allocate(result.bytes);
  Present(element.copy_out, "Tensor::CopyToCpu")(handle, result.data.get());
  return result;
}

}  // namespace paddlelab
