#pragma once

// Vectors of numbers: the only file with intrinsics. Without SSE4.1 (another processor, or `-DPADDLELAB_SCALAR`) the
// functions of four lanes are plain C++ with identical results; those of eight lanes exist only for AVX2.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#if defined(__SSE4_1__) && !defined(PADDLELAB_SCALAR)
#define PADDLELAB_SSE
#include <immintrin.h>
#endif

namespace paddlelab::simd {

#ifdef PADDLELAB_SSE

struct Floats {
  __m128 lanes;
};
struct Ints {
  __m128i lanes;
};

inline Floats Splat(float value) { return {_mm_set1_ps(value)}; }
inline Floats Load(const float* from) { return {_mm_loadu_ps(from)}; }
inline void Store(Floats a, float* to) { _mm_storeu_ps(to, a.lanes); }
inline void Store(Ints a, int* to) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), a.lanes); }

inline Floats operator+(Floats a, Floats b) { return {_mm_add_ps(a.lanes, b.lanes)}; }
inline Floats operator-(Floats a, Floats b) { return {_mm_sub_ps(a.lanes, b.lanes)}; }
inline Floats operator*(Floats a, Floats b) { return {_mm_mul_ps(a.lanes, b.lanes)}; }
inline Ints operator+(Ints a, Ints b) { return {_mm_add_epi32(a.lanes, b.lanes)}; }
// If either lane is NaN: `b`.
inline Floats Min(Floats a, Floats b) { return {_mm_min_ps(a.lanes, b.lanes)}; }
inline Floats Max(Floats a, Floats b) { return {_mm_max_ps(a.lanes, b.lanes)}; }
inline Floats Abs(Floats a) { return {_mm_andnot_ps(_mm_set1_ps(-0.0f), a.lanes)}; }
// A bit mask of the lanes in which `a` is greater.
inline int Greater(Floats a, Floats b) { return _mm_movemask_ps(_mm_cmpgt_ps(a.lanes, b.lanes)); }
// The same of lanes that are not less, and not NaN either.
inline int AtLeast(Floats a, Floats b) { return _mm_movemask_ps(_mm_cmpge_ps(a.lanes, b.lanes)); }

inline Floats ToFloats(Ints a) { return {_mm_cvtepi32_ps(a.lanes)}; }
// To the nearest integer, half to even; the smallest int for NaN and values out of range.
inline Ints Round(Floats a) { return {_mm_cvtps_epi32(a.lanes)}; }

// Four bytes.
inline Ints LoadBytes(const uint8_t* from) {
  int four;
  std::memcpy(&four, from, 4);
  return {_mm_cvtepu8_epi32(_mm_cvtsi32_si128(four))};
}

// 16 numbers as bytes, clamped to 0 to 255.
inline void StoreBytes(const Ints (&a)[4], uint8_t* to) {
  const __m128i low = _mm_packs_epi32(a[0].lanes, a[1].lanes);
  const __m128i high = _mm_packs_epi32(a[2].lanes, a[3].lanes);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(low, high));
}

// The weighted sum of two neighbouring RGB pixels; the fourth lane is 0. The weights have 16 bits; 8 bytes are read.
inline Ints SumTwoPixels(const uint8_t* pixels, int weight0, int weight1) {
  const __m128i pairs = _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
  const __m128i weights = _mm_set1_epi32((weight1 << 16) | weight0);
  const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(pixels));
  return {_mm_madd_epi16(_mm_shuffle_epi8(bytes, pairs), weights)};
}

// The weighted sum of four neighbouring RGB pixels; the fourth lane is 0. 16 bytes are read.
inline Ints SumFourPixels(const uint8_t* pixels, const int16_t* weights) {
  const __m128i first = _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
  const __m128i last = _mm_setr_epi8(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pixels));
  const __m128i four = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(weights));
  return {_mm_add_epi32(_mm_madd_epi16(_mm_shuffle_epi8(bytes, first), _mm_shuffle_epi32(four, 0x00)),
                        _mm_madd_epi16(_mm_shuffle_epi8(bytes, last), _mm_shuffle_epi32(four, 0x55)))};
}

// Only functions with this attribute, but no lambdas or templates in them, are compiled for AVX2.
#define PADDLELAB_AVX2 __attribute__((target("avx2")))
#define PADDLELAB_AVX2_INLINE __attribute__((target("avx2"), always_inline)) inline

inline bool HasAvx2() { return __builtin_cpu_supports("avx2"); }

// Four lanes of one RGB pixel and four of another.
struct PixelPair {
  __m256 lanes;
};

PADDLELAB_AVX2_INLINE PixelPair ZeroPair() { return {_mm256_setzero_ps()}; }
// `sum` plus the pixels, each lane multiplied by its weight.
PADDLELAB_AVX2_INLINE PixelPair AddWeighted(PixelPair sum, PixelPair pixels, const float* weights) {
  return {_mm256_add_ps(sum.lanes, _mm256_mul_ps(pixels.lanes, _mm256_loadu_ps(weights)))};
}
PADDLELAB_AVX2_INLINE void Store(PixelPair a, float* left, float* right) {
  _mm_storeu_ps(left, _mm256_castps256_ps128(a.lanes));
  _mm_storeu_ps(right, _mm256_extractf128_ps(a.lanes, 1));
}

// Consecutive pixels from two positions at once; 16 bytes are read from each, which have `kPixels` whole ones.
struct PixelPairs {
  // With one byte left for the fourth lane.
  static constexpr int kPixels = 5;

  __m256i bytes;
  __m256i shuffle;

  PADDLELAB_AVX2_INLINE PixelPairs(const uint8_t* left, const uint8_t* right)
      : bytes(_mm256_loadu2_m128i(reinterpret_cast<const __m128i*>(right), reinterpret_cast<const __m128i*>(left))),
        shuffle(_mm256_setr_epi8(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1, -1, -1, 0, -1, -1, -1, 1, -1, -1,
                                 -1, 2, -1, -1, -1, 3, -1, -1, -1)) {}
  PADDLELAB_AVX2_INLINE PixelPair Next() {
    const __m256 pixels = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(bytes, shuffle));
    // The top bit of the bytes that become zero stays set.
    shuffle = _mm256_add_epi32(shuffle, _mm256_set1_epi32(3));
    return {pixels};
  }
};

#else

struct Floats {
  float lanes[4];
};
struct Ints {
  int lanes[4];
};

template <typename To, typename Make>
inline To EachLane(Make make) {
  return {{make(0), make(1), make(2), make(3)}};
}

inline Floats Splat(float value) { return {{value, value, value, value}}; }
inline Floats Load(const float* from) { return {{from[0], from[1], from[2], from[3]}}; }
inline void Store(Floats a, float* to) { std::memcpy(to, a.lanes, sizeof(a.lanes)); }
inline void Store(Ints a, int* to) { std::memcpy(to, a.lanes, sizeof(a.lanes)); }

inline Floats operator+(Floats a, Floats b) {
  return EachLane<Floats>([&](int i) { return a.lanes[i] + b.lanes[i]; });
}
inline Floats operator-(Floats a, Floats b) {
  return EachLane<Floats>([&](int i) { return a.lanes[i] - b.lanes[i]; });
}
inline Floats operator*(Floats a, Floats b) {
  return EachLane<Floats>([&](int i) { return a.lanes[i] * b.lanes[i]; });
}
inline Ints operator+(Ints a, Ints b) {
  return EachLane<Ints>([&](int i) { return a.lanes[i] + b.lanes[i]; });
}
inline Floats Min(Floats a, Floats b) {
  return EachLane<Floats>([&](int i) { return a.lanes[i] < b.lanes[i] ? a.lanes[i] : b.lanes[i]; });
}
inline Floats Max(Floats a, Floats b) {
  return EachLane<Floats>([&](int i) { return a.lanes[i] > b.lanes[i] ? a.lanes[i] : b.lanes[i]; });
}
inline Floats Abs(Floats a) {
  return EachLane<Floats>([&](int i) { return std::fabs(a.lanes[i]); });
}
inline int Greater(Floats a, Floats b) {
  int bits = 0;
  for (int i = 0; i < 4; i++) bits |= (a.lanes[i] > b.lanes[i]) << i;
  return bits;
}
inline int AtLeast(Floats a, Floats b) {
  int bits = 0;
  for (int i = 0; i < 4; i++) bits |= (a.lanes[i] >= b.lanes[i]) << i;
  return bits;
}

inline Floats ToFloats(Ints a) {
  return EachLane<Floats>([&](int i) { return static_cast<float>(a.lanes[i]); });
}
inline Ints Round(Floats a) {
  return EachLane<Ints>([&](int i) {
    const bool fits = a.lanes[i] >= -0x1p31f && a.lanes[i] < 0x1p31f;
    return fits ? static_cast<int>(std::nearbyint(a.lanes[i])) : std::numeric_limits<int>::min();
  });
}

inline Ints LoadBytes(const uint8_t* from) { return {{from[0], from[1], from[2], from[3]}}; }
inline void StoreBytes(const Ints (&a)[4], uint8_t* to) {
  for (int i = 0; i < 16; i++) to[i] = static_cast<uint8_t>(std::clamp(a[i / 4].lanes[i % 4], 0, 255));
}
inline Ints SumTwoPixels(const uint8_t* pixels, int weight0, int weight1) {
  return {{pixels[0] * weight0 + pixels[3] * weight1, pixels[1] * weight0 + pixels[4] * weight1,
           pixels[2] * weight0 + pixels[5] * weight1, 0}};
}
inline Ints SumFourPixels(const uint8_t* pixels, const int16_t* weights) {
  return SumTwoPixels(pixels, weights[0], weights[1]) + SumTwoPixels(pixels + 6, weights[2], weights[3]);
}

#endif

}  // namespace paddlelab::simd
