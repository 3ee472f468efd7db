#include "image_pipeline.h"

#include "warp_affine.h"

namespace paddlelab {
namespace {

void Move(const ImageView& source, const Geometry& geometry, const RowSink& sink) {
  switch (geometry.kind) {
    case Geometry::Kind::kResize:
      return Resize(source, geometry.resize, sink);
    case Geometry::Kind::kPillow:
      return PillowResize(source, geometry.width, geometry.height, geometry.filter, sink);
    case Geometry::Kind::kWarp:
      return WarpAffine(source, geometry.width, geometry.height, geometry.matrix, sink);
    default:
      break;
  }
  const size_t bytes = static_cast<size_t>(source.channels) * (source.floats ? sizeof(float) : 1);
  for (int y = 0; y < geometry.height; y++) {
    const size_t pixel = static_cast<size_t>(y + geometry.top) * source.width + geometry.left;
    sink(y, static_cast<const uint8_t*>(source.data) + pixel * bytes);
  }
}

size_t CanvasSamples(const MapSpec& map) { return static_cast<size_t>(map.width) * map.height * map.order.size(); }

void RunPass(const ImageView& source, const Pass& pass, void* out) {
  ImageView format = source;
  format.width = pass.geometry.width;
  format.height = pass.geometry.height;
  MapWriter writer(pass.map, format, out);
  Move(source, pass.geometry, [&](int y, const void* row) { writer.Row(y, row); });
}

}  // namespace

void RunPasses(const ImageView& source, const std::vector<Pass>& passes, void* out) {
  ImageView current = source;
  std::vector<uint8_t> held;
  for (size_t i = 0; i + 1 < passes.size(); i++) {
    const MapSpec& map = passes[i].map;
    std::vector<uint8_t> next(CanvasSamples(map) * (map.bytes ? 1 : sizeof(float)));
    RunPass(current, passes[i], next.data());
    held.swap(next);
    current = {held.data(), map.width, map.height, static_cast<int>(map.order.size()), !map.bytes};
  }
  RunPass(current, passes.back(), out);
}

}  // namespace paddlelab
