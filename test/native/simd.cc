// Prints the results of the vector functions of `image/simd.h`, and of the resizes based on them, so that builds with
// and without SSE4.1 can be compared.
#include "image/simd.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "image/horizontal_pass.h"
#include "image/horizontal_pass_avx2.h"
#include "image/resize.h"

namespace {

using namespace paddlelab;

void Print(const char* name, simd::Floats lanes) {
  float values[4];
  simd::Store(lanes, values);
  std::printf("%s", name);
  for (float value : values) std::isnan(value) ? std::printf(" nan") : std::printf(" %a", value);
  std::printf("\n");
}

void Print(const char* name, simd::Ints lanes) {
  int values[4];
  simd::Store(lanes, values);
  std::printf("%s %d %d %d %d\n", name, values[0], values[1], values[2], values[3]);
}

// FNV-1a.
void PrintHash(const std::string& name, const void* data, size_t bytes) {
  uint64_t hash = 14695981039346656037u;
  for (size_t i = 0; i < bytes; i++) hash = (hash ^ static_cast<const uint8_t*>(data)[i]) * 1099511628211u;
  std::printf("%s %016llx\n", name.c_str(), static_cast<unsigned long long>(hash));
}

// Deterministic: the same bytes in every build.
std::vector<uint8_t> Noise(size_t count) {
  std::vector<uint8_t> bytes(count);
  uint32_t state = 1;
  for (uint8_t& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<uint8_t>(state >> 24);
  }
  return bytes;
}

void Lanes() {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values = {0.0f,           -0.0f,      0.5f,      1.5f,   2.5f,    -0.5f,
                                     -1.5f,          254.5f,     255.5f,    256.0f, -7.25f,  1e-40f,
                                     0.4999999702f,  8388609.0f, 1e10f,     -1e10f, 0x1p31f, -0x1p31f,
                                     0x1.fffffep30f, infinity,   -infinity, nan,    0.4995f, 127.4996f};
  const size_t count = values.size();
  for (size_t i = 0; i < count; i++) {
    const simd::Floats a = simd::Splat(values[i]);
    Print("round", simd::Round(a));
    Print("abs", simd::Abs(a));
    for (size_t j = 0; j < count; j += 4) {
      const simd::Floats b = simd::Load(&values[j]);
      Print("add", a + b);
      Print("subtract", a - b);
      Print("multiply", a * b);
      Print("min", simd::Min(a, b));
      Print("max", simd::Max(a, b));
      std::printf("greater %d %d\n", simd::Greater(a, b), simd::AtLeast(a, b));
    }
  }
  for (size_t j = 0; j + 16 <= count; j++) {
    simd::Ints quarters[4];
    for (int k = 0; k < 4; k++) quarters[k] = simd::Round(simd::Load(&values[j + k * 4]));
    uint8_t bytes[16];
    simd::StoreBytes(quarters, bytes);
    std::printf("bytes");
    for (uint8_t byte : bytes) std::printf(" %d", byte);
    std::printf("\n");
  }
  const auto bytes = Noise(256);
  for (size_t i = 0; i + 8 <= bytes.size(); i++) {
    const int weight = static_cast<int>(i * 8);
    Print("load", simd::ToFloats(simd::LoadBytes(&bytes[i])));
    Print("two", simd::SumTwoPixels(&bytes[i], 2048 - weight, weight));
    if (i + 16 > bytes.size()) continue;
    const int16_t weights[] = {static_cast<int16_t>(-weight), 32767, static_cast<int16_t>(weight * 16), -32768};
    Print("four", simd::SumFourPixels(&bytes[i], weights) + simd::Round(simd::Splat(static_cast<float>(weight))));
  }
}

// One row by each of the passes for bytes; all of them add in the same order.
void Passes() {
  constexpr int kSource = 61, kLength = 40;
  const auto row = Noise(kSource * 3);
  for (int taps = 2; taps <= 12; taps++) {
    Axis<float> axis(kLength, taps);
    for (int x = 0; x < kLength; x++) {
      for (int k = 0; k < taps; k++) {
        const int source = std::clamp(x * kSource / kLength + k - taps / 2, 0, kSource - 1);
        axis.Set(x, k, source, static_cast<float>(std::sin(x * taps + k)));
      }
    }
    std::vector<float> sums(kLength * 3 + 16);
    const auto print = [&](const char* name, const RowPass<uint8_t, float>& pass) {
      pass(row.data(), kSource, axis, sums.data());
      PrintHash("pass " + std::to_string(taps) + " " + name, sums.data(), kLength * 3 * sizeof(float));
    };
    print("plain", PlainPass<uint8_t, float, 3>);
    print("lanes", ManyTapsPassRgb);
    print("chosen", BytePass(3, axis));
  }
}

void Resizes() {
  const int sizes[][4] = {{97, 61, 40, 50}, {97, 61, 193, 120}, {50, 40, 25, 20}, {64, 48, 96, 31}, {5, 4, 33, 29}};
  for (const auto& size : sizes) {
    for (int channels : {1, 3, 4}) {
      const auto pixels = Noise(static_cast<size_t>(size[0]) * size[1] * channels);
      const ImageView source{pixels.data(), size[0], size[1], channels, false};
      for (auto interpolation : {Interpolation::kLinear, Interpolation::kCubic, Interpolation::kArea}) {
        const double step_x = static_cast<double>(size[0]) / size[2], step_y = static_cast<double>(size[1]) / size[3];
        const ResizeSpec spec{size[2], size[3], step_x, step_y, interpolation};
        std::vector<uint8_t> result;
        Resize(source, spec, {0, size[3]}, [&](int, const void* out) {
          const auto* bytes = static_cast<const uint8_t*>(out);
          result.insert(result.end(), bytes, bytes + size[2] * channels);
        });
        PrintHash("resize " + std::to_string(static_cast<int>(interpolation)), result.data(), result.size());
      }
    }
  }
}

}  // namespace

int main() {
  Lanes();
  Passes();
  Resizes();
}
