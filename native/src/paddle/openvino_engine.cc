#include "paddle/openvino_engine.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace paddlelab {
namespace {

// The same memory as Paddle's `std::unordered_map<std::string, std::unique_ptr<OpenVINOEngine>>`.
using Engines = std::unordered_map<std::string, void*>;

// Paddle's `OVEngineManager`.
struct Table {
  std::mutex mutex;
  Engines engines;
};

#define PADDLELAB_ENGINE_POINTER "St10unique_ptrIN6paddle9inference8openvino14OpenVINOEngineESt14default_deleteI"

constexpr char kTable[] = "_ZZN6paddle9inference9SingletonINS0_8openvino15OVEngineManagerEE6GlobalEvE1x";
constexpr char kFind[] =
    "_ZNKSt10_HashtableINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEESt4pairIKS5_" PADDLELAB_ENGINE_POINTER
    "SC_EEESaISG_ENSt8__detail10_Select1stESt8equal_toIS5_ESt4hashIS5_ENSI_18_Mod_range_hashingENSI_20_Default_"
    "ranged_hashENSI_20_Prime_rehash_policyENSI_17_Hashtable_traitsILb1ELb0ELb1EEEE4findERS7_";
constexpr char kDestroy[] = "_ZN" PADDLELAB_ENGINE_POINTER "S3_EED1Ev";

// The table, once it has been made and if it looks as expected: Paddle finds its first entry where we do.
Table* FindTable(const PaddleLibrary& library) {
  auto* const place = static_cast<Table**>(library.Find({kTable}));
  using FindEntry = Engines::const_iterator (*)(const Engines*, const std::string&);
  const auto find = reinterpret_cast<FindEntry>(library.Find({kFind}));
  if (place == nullptr || *place == nullptr || find == nullptr || library.Find({kDestroy}) == nullptr) return nullptr;
  Table* const table = *place;
  std::lock_guard<std::mutex> lock(table->mutex);
  const Engines& engines = table->engines;
  if (engines.empty()) return table;
  return find(&engines, engines.begin()->first) == engines.begin() ? table : nullptr;
}

std::vector<std::string> Keys(Table* table) {
  std::vector<std::string> keys;
  if (table == nullptr) return keys;
  std::lock_guard<std::mutex> lock(table->mutex);
  for (const auto& entry : table->engines) keys.push_back(entry.first);
  return keys;
}

}  // namespace

OpenvinoEngine::OpenvinoEngine(const PaddleLibrary& library) : library_(library), before_(Keys(FindTable(library))) {}

void OpenvinoEngine::Created() {
  if (created_) return;
  created_ = true;
  for (std::string& key : Keys(FindTable(library_))) {
    if (std::find(before_.begin(), before_.end(), key) == before_.end()) own_.push_back(std::move(key));
  }
}

OpenvinoEngine::~OpenvinoEngine() {
  Created();
  Table* const table = own_.empty() ? nullptr : FindTable(library_);
  if (table == nullptr) return;
  const auto destroy = library_.Require<void(void*)>(kDestroy);
  std::lock_guard<std::mutex> lock(table->mutex);
  for (const std::string& key : own_) {
    const auto entry = table->engines.find(key);
    if (entry == table->engines.end()) continue;
    destroy(&entry->second);
    table->engines.erase(entry);
  }
}

}  // namespace paddlelab
