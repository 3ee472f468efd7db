#include "tensor.h"

namespace paddlelab {
namespace {

using abi::DataType;

struct ElementType {
  DataType type;
  size_t bytes;
  // How the element is spelled in a mangled template argument.
  const char* mangled;
};

constexpr ElementType kElementTypes[] = {
    {DataType::kFloat32, 4, "f"}, {DataType::kInt64, 8, "l"},   {DataType::kInt32, 4, "i"},
    {DataType::kUint8, 1, "h"},   {DataType::kInt8, 1, "a"},    {DataType::kFloat16, 2, "N3phi5dtype7float16E"},
    {DataType::kBool, 1, "b"},    {DataType::kFloat64, 8, "d"}, {DataType::kBfloat16, 2, "N3phi5dtype8bfloat16E"},
};

const ElementType& Element(DataType type) {
  for (const ElementType& element : kElementTypes) {
    if (element.type == type) return element;
  }
  throw NativeError("METHOD_UNAVAILABLE", "Unknown Paddle data type " + std::to_string(static_cast<int>(type)));
}

size_t ElementCount(const std::vector<int>& shape) {
  size_t count = 1;
  for (int extent : shape) count *= static_cast<size_t>(extent);
  return count;
}

}  // namespace

size_t BytesPerElement(DataType type) { return Element(type).bytes; }

void Feed(const PaddleLibrary& library, abi::Tensor* handle, const FeedTensor& tensor) {
  using abi::Tensor;
  library.Require<void(Tensor*, const std::vector<int>&)>("_ZN12paddle_infer6Tensor7ReshapeERKSt6vectorIiSaIiEE")(
      handle, tensor.shape);
  const std::string copy =
      std::string("_ZN12paddle_infer6Tensor11CopyFromCpuI") + Element(tensor.type).mangled + "EEvPKT_";
  library.Require<void(Tensor*, const void*)>(copy.c_str())(handle, tensor.data);
  if (!tensor.lod.empty()) {
    library.Require<void(Tensor*, const abi::Lod&)>("_ZN12paddle_infer6Tensor6SetLoDERKSt6vectorIS1_ImSaImEESaIS3_EE")(
        handle, tensor.lod);
  }
}

FetchTensor Fetch(const PaddleLibrary& library, abi::Tensor* handle, const std::string& name) {
  using abi::Tensor;
  FetchTensor result;
  result.name = name;
  result.type = library.Require<DataType(const Tensor*)>("_ZNK12paddle_infer6Tensor4typeEv")(handle);
  result.shape = library.Require<std::vector<int>(const Tensor*)>("_ZNK12paddle_infer6Tensor5shapeEv")(handle);
  result.lod = library.Require<abi::Lod(const Tensor*)>("_ZNK12paddle_infer6Tensor3lodEv")(handle);
  const ElementType& element = Element(result.type);
  result.bytes = ElementCount(result.shape) * element.bytes;
  if (result.bytes == 0) return result;
  result.data.reset(std::malloc(result.bytes));
  if (result.data == nullptr) throw std::bad_alloc();
  const std::string copy = std::string("_ZNK12paddle_infer6Tensor9CopyToCpuI") + element.mangled + "EEvPT_";
  library.Require<void(const Tensor*, void*)>(copy.c_str())(handle, result.data.get());
  return result;
}

}  // namespace paddlelab
