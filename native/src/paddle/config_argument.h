#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace paddlelab {

// An argument from TypeScript for a method of the configuration, similar to a JSON value.
struct ConfigArgument {
  using List = std::vector<ConfigArgument>;
  using Map = std::vector<std::pair<std::string, ConfigArgument>>;
  std::variant<bool, double, std::string, List, Map> value;
};

using ConfigArguments = ConfigArgument::List;

// Converts an argument, already checked by TypeScript, to the C++ type of Paddle's method.
template <typename T>
struct Converter {
  static T Make(const ConfigArgument& argument) {
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string>) {
      return std::get<T>(argument.value);
    } else {
      return static_cast<T>(std::get<double>(argument.value));
    }
  }
};

template <typename T>
struct Converter<std::vector<T>> {
  static std::vector<T> Make(const ConfigArgument& argument) {
    std::vector<T> list;
    for (const auto& item : std::get<ConfigArgument::List>(argument.value)) list.push_back(Converter<T>::Make(item));
    return list;
  }
};

template <typename T>
struct Converter<std::unordered_set<T>> {
  static std::unordered_set<T> Make(const ConfigArgument& argument) {
    const auto list = Converter<std::vector<T>>::Make(argument);
    return std::unordered_set<T>(list.begin(), list.end());
  }
};

template <typename T>
struct Converter<std::map<std::string, T>> {
  static std::map<std::string, T> Make(const ConfigArgument& argument) {
    std::map<std::string, T> map;
    for (const auto& [key, item] : std::get<ConfigArgument::Map>(argument.value)) map[key] = Converter<T>::Make(item);
    return map;
  }
};

// How the Itanium C++ ABI passes a parameter, on every processor: numbers by value, a non-trivial class as a pointer,
// for a `const T&` to the object itself and for a `T` to a temporary that the callee may move from. Both are a
// reference to a temporary here.
template <typename T>
using Pass = std::conditional_t<std::is_arithmetic_v<T>, T, const T&>;

template <typename... T, size_t... I>
void CallMethodWith(void* function, void* object, const ConfigArguments& arguments, std::index_sequence<I...>) {
  reinterpret_cast<void (*)(void*, Pass<T>...)>(function)(object, Converter<T>::Make(arguments.at(I))...);
}

// Calls a method whose parameters are `T...`, listed by value.
template <typename... T>
void CallMethod(void* function, void* object, const ConfigArguments& arguments) {
  CallMethodWith<T...>(function, object, arguments, std::index_sequence_for<T...>{});
}

}  // namespace paddlelab
