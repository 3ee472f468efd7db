#pragma once

#include <string>
#include <variant>
#include <vector>

#include "paddle/config_argument.h"
#include "paddle/library.h"

namespace paddlelab {

// One symbol of a method in some version of Paddle, with the function that calls it.
struct ConfigSymbol {
  const char* mangled;
  void (*invoke)(void* function, void* object, const ConfigArguments& arguments);
  // The class of the method: paddle::AnalysisConfig, or its pass builder.
  enum class Owner { kConfig, kPassBuilder } owner = Owner::kConfig;
};

struct ConfigMethod {
  const char* name;
  // The newest Paddle's symbol first.
  std::vector<ConfigSymbol> symbols;
};

// The return type of a getter; numbers are passed as double.
enum class GetterKind { kBool, kInt, kFloat };

struct ConfigGetter {
  const char* name;
  std::vector<const char*> mangled;
  GetterKind kind;
};

using ConfigValue = std::variant<bool, double>;

const std::vector<ConfigMethod>& ConfigMethods();
const std::vector<ConfigGetter>& ConfigGetters();

// The first symbol that this Paddle exports, and its address; null if there is none.
const ConfigSymbol* FindConfigMethod(const PaddleLibrary& library, const std::string& name, void** address);
void* FindConfigGetter(const PaddleLibrary& library, const ConfigGetter& getter);
ConfigValue CallConfigGetter(void* address, GetterKind kind, void* config);
void* PassBuilderOf(const PaddleLibrary& library, void* config);

// Names of the methods and getters that the loaded Paddle has.
std::vector<std::string> AvailableConfigMethods(const PaddleLibrary& library);

}  // namespace paddlelab
