#include "image/resize.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "image/cubic_resize.h"
#include "image/horizontal_pass_avx2.h"
#include "image/separable_resize.h"
#include "image/simd.h"

namespace paddlelab {
namespace {

void ResizeLinear(const ImageView& source, const Axis<int>& horizontal, const Axis<int>& vertical, RowRange range,
                  const RowSink& sink) {
  // OpenCV's vector code drops low bits before the sum; the textbook formula differs by one in some samples.
  auto combine = [](const int* const* rows, const int* weights, int, size_t samples, uint8_t* out) {
    const int *row0 = rows[0], *row1 = rows[1];
    const int weight0 = weights[0], weight1 = weights[1];
    for (size_t i = 0; i < samples; i++) {
      out[i] = Saturate((((weight0 * (row0[i] >> 4)) >> 16) + ((weight1 * (row1[i] >> 4)) >> 16) + 2) >> 2);
    }
  };
  RowPass<uint8_t, int> pass = PlainPassFor<uint8_t, int>(source.channels);
  if (source.channels == 3) pass = LinearPassRgb;
  ResizeSeparable<uint8_t, int>(source, horizontal, vertical, pass, range, sink, combine);
}

// To the nearest integer, half to even. Rows are allocated with 16 additional samples.
void RoundRow(const float* sums, size_t samples, uint8_t* out) {
  for (size_t start = 0; start < samples; start += 16) {
    simd::Ints quarters[4];
    for (int k = 0; k < 4; k++) quarters[k] = simd::Round(simd::Load(sums + start + k * 4));
    simd::StoreBytes(quarters, out + start);
  }
}

// In float32, summed in OpenCV's order and rounded at the end.
void ResizeArea(const ImageView& source, const Axis<float>& horizontal, const Axis<float>& vertical, RowRange range,
                const RowSink& sink) {
  std::vector<float> sums(static_cast<size_t>(horizontal.Length()) * source.channels + kRowMargin);
  auto combine = [&](const float* const* rows, const float* weights, int, size_t samples, uint8_t* out) {
    SumRows(rows, weights, vertical.taps, samples, sums.data());
    RoundRow(sums.data(), samples, out);
  };
  const auto pass = BytePass(source.channels, horizontal);
  ResizeSeparable<uint8_t, float>(source, horizontal, vertical, pass, range, sink, combine);
}

void ResizeLanczos(const ImageView& source, const Axis<int>& horizontal, const Axis<int>& vertical, RowRange range,
                   const RowSink& sink) {
  std::vector<int> sums(static_cast<size_t>(horizontal.Length()) * source.channels);
  auto combine = [&](const int* const* rows, const int* weights, int, size_t samples, uint8_t* out) {
    SumRows(rows, weights, 8, samples, sums.data());
    for (size_t i = 0; i < samples; i++) out[i] = Saturate((sums[i] + (1 << 21)) >> 22);
  };
  ResizeSeparable<uint8_t, int>(source, horizontal, vertical, range, sink, combine);
}

void ResizeFloat(const ImageView& source, const Axis<float>& horizontal, const Axis<float>& vertical, RowRange range,
                 const RowSink& sink) {
  auto combine = [&](const float* const* rows, const float* weights, int, size_t samples, float* out) {
    SumRows(rows, weights, vertical.taps, samples, out);
  };
  ResizeSeparable<float, float>(source, horizontal, vertical, range, sink, combine);
}

// Cells of whole pixels: their plain mean. At the border a cell may have fewer pixels.
template <typename Pixel>
void ResizeWholeCells(const ImageView& source, const ResizeSpec& spec, RowRange range, const RowSink& sink) {
  const int across = static_cast<int>(spec.step_x), down = static_cast<int>(spec.step_y), channels = source.channels;
  const bool quarters = across == 2 && down == 2 && channels != 2;
  const float share = 1.0f / (across * down);
  std::vector<Pixel> out(static_cast<size_t>(spec.width) * channels);
  for (int y = range.begin; y < range.end; y++) {
    const int rows = std::min(down, source.height - y * down);
    for (int i = 0; i < spec.width * channels; i++) {
      const int x = i / channels;
      const int columns = std::min(across, source.width - x * across);
      std::conditional_t<std::is_same_v<Pixel, float>, float, int> sum = 0;
      for (int row = 0; row < rows; row++) {
        const Pixel* pixel = source.Row<Pixel>(y * down + row) + x * across * channels + i % channels;
        for (int column = 0; column < columns; column++) sum += pixel[column * channels];
      }
      const bool whole = rows == down && columns == across;
      const float mean = whole ? sum * share : static_cast<float>(sum) / (rows * columns);
      if constexpr (std::is_same_v<Pixel, float>) {
        out[i] = mean;
      } else {
        out[i] = whole && quarters ? static_cast<uint8_t>((sum + 2) >> 2) : Saturate(static_cast<double>(mean));
      }
    }
    sink(y, out.data());
  }
}

bool HasWholeCells(const ResizeSpec& spec) {
  const auto whole = [](double step) { return step >= 1 && step == std::floor(step); };
  return whole(spec.step_x) && whole(spec.step_y);
}

template <typename Pixel>
void ResizeNearest(const ImageView& source, const ResizeSpec& spec, RowRange range, const RowSink& sink) {
  std::vector<Pixel> out(static_cast<size_t>(spec.width) * source.channels);
  std::vector<int> columns(spec.width);
  for (int x = 0; x < spec.width; x++) {
    columns[x] = std::min(static_cast<int>(std::floor(x * spec.step_x)), source.width - 1) * source.channels;
  }
  for (int y = range.begin; y < range.end; y++) {
    const Pixel* row = source.Row<Pixel>(std::min(static_cast<int>(std::floor(y * spec.step_y)), source.height - 1));
    Pixel* target = out.data();
    for (int x = 0; x < spec.width; x++) target = std::copy_n(row + columns[x], source.channels, target);
    sink(y, out.data());
  }
}

}  // namespace

void Resize(const ImageView& source, const ResizeSpec& spec, RowRange range, const RowSink& sink) {
  const auto axes = [&](auto make, auto use) {
    use(make(spec.width, source.width, spec.step_x, true), make(spec.height, source.height, spec.step_y, false));
  };
  const bool shrinks = spec.step_x >= 1 && spec.step_y >= 1;
  const auto cubic = [](int to, int from, double step, bool) { return CubicAxis(to, from, step); };
  const auto lanczos = [](int to, int from, double step, bool) { return LanczosAxis(to, from, step); };
  const auto area = [](int to, int from, double step, bool) { return AreaShrinkAxis(to, from, step); };
  const auto floats = [&](const auto& x, const auto& y) {
    ResizeFloat(source, ConvertAxis<float>(x), ConvertAxis<float>(y), range, sink);
  };
  switch (spec.interpolation) {
    case Interpolation::kNearest:
      return source.floats ? ResizeNearest<float>(source, spec, range, sink)
                           : ResizeNearest<uint8_t>(source, spec, range, sink);
    case Interpolation::kCubic:
      if (source.floats) return axes(cubic, floats);
      return axes(cubic, [&](const auto& x, const auto& y) { ResizeCubic(source, x, y, range, sink); });
    case Interpolation::kArea:
      if (HasWholeCells(spec)) {
        return source.floats ? ResizeWholeCells<float>(source, spec, range, sink)
                             : ResizeWholeCells<uint8_t>(source, spec, range, sink);
      }
      if (source.floats) return shrinks ? axes(area, floats) : axes(AreaGrowAxis, floats);
      if (shrinks) return axes(area, [&](const auto& x, const auto& y) { ResizeArea(source, x, y, range, sink); });
      return axes(AreaGrowAxis, [&](const auto& x, const auto& y) {
        ResizeLinear(source, FixedAxis(x, 2048.0f), FixedAxis(y, 2048.0f), range, sink);
      });
    case Interpolation::kLanczos4:
      if (source.floats) return axes(lanczos, floats);
      return axes(lanczos, [&](const auto& x, const auto& y) {
        ResizeLanczos(source, FixedAxis(x, 2048.0), FixedAxis(y, 2048.0), range, sink);
      });
    default:
      // OpenCV also uses means of 2×2 pixels here.
      if (!source.floats && spec.step_x == 2 && spec.step_y == 2)
        return ResizeWholeCells<uint8_t>(source, spec, range, sink);
      if (source.floats) {
        return axes([](int to, int from, double step, bool) { return LinearFloatAxis(to, from, step); }, floats);
      }
      return axes(LinearAxis, [&](const auto& x, const auto& y) { ResizeLinear(source, x, y, range, sink); });
  }
}

}  // namespace paddlelab
