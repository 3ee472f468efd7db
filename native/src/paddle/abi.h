// The part of Paddle's C++ inference ABI that the addon calls, declared here because wheels ship no headers. Every
// function is looked up by its mangled name when the library is loaded; Paddle is not needed for compiling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace paddlelab::abi {

// paddle_infer::Predictor and paddle_infer::Tensor; only ever handled by pointer.
struct Predictor;
struct Tensor;

// Functions that return a class by value are declared with that class, or with another non-trivial one of the same
// layout: the compiler then passes the address of the result correctly (rdi on x86-64, x8 on AArch64).
//
// A std::unique_ptr returned by Paddle. Its deleter does nothing, because Paddle exports no destructors for these
// objects.
struct NoDelete {
  void operator()(const void*) const {}
};
template <typename T>
using UniquePtr = std::unique_ptr<T, NoDelete>;
static_assert(sizeof(UniquePtr<Tensor>) == sizeof(Tensor*) && !std::is_trivially_copyable_v<UniquePtr<Tensor>>);

using Names = std::vector<std::string>;
using Shapes = std::map<std::string, std::vector<int64_t>>;
using Lod = std::vector<std::vector<size_t>>;

// paddle_infer::DataType, the same numbers in 2.6 and 3.x (bfloat16 from 3.0).
enum class DataType : int {
  kFloat32 = 0,
  kInt64 = 1,
  kInt32 = 2,
  kUint8 = 3,
  kInt8 = 4,
  kFloat16 = 5,
  kBool = 6,
  kFloat64 = 7,
  kBfloat16 = 8,
};
using Types = std::map<std::string, DataType>;

// Mangled std::string, as it occurs inside a mangled name.
#define PADDLELAB_STRING "NSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"

}  // namespace paddlelab::abi
