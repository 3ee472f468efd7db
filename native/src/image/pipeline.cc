#include "image/pipeline.h"

#include <algorithm>
#include <thread>

#include "image/warp_affine.h"

namespace paddlelab {
namespace {

void Move(const ImageView& source, const Geometry& geometry, RowRange range, const RowSink& sink) {
  switch (geometry.kind) {
    case Geometry::Kind::kResize:
      return Resize(source, geometry.resize, range, sink);
    case Geometry::Kind::kPillow:
      return PillowResize(source, geometry.width, geometry.height, geometry.filter, sink);
    case Geometry::Kind::kWarp:
      return WarpAffine(source, geometry.width, geometry.matrix, range, sink);
    default:
      break;
  }
  const size_t bytes = static_cast<size_t>(source.channels) * (source.floats ? sizeof(float) : 1);
  for (int y = range.begin; y < range.end; y++) {
    const size_t pixel = static_cast<size_t>(y + geometry.top) * source.width + geometry.left;
    sink(y, static_cast<const uint8_t*>(source.data) + pixel * bytes);
  }
}

size_t CanvasSamples(const MapSpec& map) { return static_cast<size_t>(map.width) * map.height * map.order.size(); }

// The number of threads that is worthwhile for the rows.
int CountThreads(const ImageView& source, const Geometry& geometry) {
  if (geometry.kind == Geometry::Kind::kPillow) return 1;
  constexpr int64_t samples_each = 200'000;
  constexpr int most = 4;
  const int64_t read = static_cast<int64_t>(source.width) * source.height * source.channels;
  const int64_t written = static_cast<int64_t>(geometry.width) * geometry.height * source.channels;
  const int64_t worth = std::min({std::max(read, written) / samples_each, int64_t{most}, int64_t{geometry.height}});
  return static_cast<int>(std::clamp<int64_t>(std::thread::hardware_concurrency(), 1, std::max<int64_t>(worth, 1)));
}

void RunPass(const ImageView& source, const Pass& pass, void* out, BandHelpers* helpers) {
  ImageView format = source;
  format.width = pass.geometry.width;
  format.height = pass.geometry.height;
  FillCanvas(pass.map, format.width, format.height, out);
  const auto run_band = [&](RowRange range) {
    MapWriter writer(pass.map, format, out);
    Move(source, pass.geometry, range, [&](int y, const void* row) { writer.Row(y, row); });
  };
  const int threads = CountThreads(source, pass.geometry);
  // Several bands per thread: each starts with rows that the previous band computes as well.
  constexpr int bands_each = 4;
  const int bands = threads == 1 ? 1 : std::min(threads * bands_each, format.height);
  const auto start = [&](int band) { return static_cast<int>(int64_t{format.height} * band / bands); };
  helpers->Run(bands, [&](int band) { run_band({start(band), start(band + 1)}); });
}

}  // namespace

int CountThreads(const ImageView& source, const std::vector<Pass>& passes) {
  return CountThreads(source, passes.front().geometry);
}

void RunPasses(const ImageView& source, const std::vector<Pass>& passes, void* out, BandHelpers* helpers) {
  ImageView current = source;
  std::vector<uint8_t> held;
  for (size_t i = 0; i + 1 < passes.size(); i++) {
    const MapSpec& map = passes[i].map;
    std::vector<uint8_t> next(CanvasSamples(map) * (map.bytes ? 1 : sizeof(float)));
    RunPass(current, passes[i], next.data(), helpers);
    held.swap(next);
    current = {held.data(), map.width, map.height, static_cast<int>(map.order.size()), !map.bytes};
  }
  RunPass(current, passes.back(), out, helpers);
}

}  // namespace paddlelab
