#include "draw/display_list.h"

#include <cassert>
#include <utility>

#include "draw/filter.h"
#include "draw/mask.h"
#include "draw/path.h"

namespace paddlelab {
namespace {

enum class Code {
  kRectangle = 1,
  kPath,
  kStroke,
  kMasks,
  kCoverage,
  kLayer,
  kBlur,
  kPixelate,
  kHeatMap,
  kFloatMasks,
  kBackground,
  kHalo
};

class Reader {
 public:
  Reader(const Surface& surface, const DrawList& list) : surface_(surface), list_(list) {}

  bool AtEnd() const { return at_ >= list_.count; }

  void DrawNext() {
    switch (static_cast<Code>(Integer())) {
      case Code::kRectangle:
        return Rectangles();
      case Code::kPath:
        return Path();
      case Code::kStroke:
        return Stroke();
      case Code::kMasks:
        return Masks();
      case Code::kCoverage:
        return CoverageOf();
      case Code::kLayer:
        return Layer();
      case Code::kBlur:
        return Filter(BlurRegion);
      case Code::kPixelate:
        return Filter(PixelateRegion);
      case Code::kHeatMap:
        return Heat();
      case Code::kFloatMasks:
        return FloatMasks();
      case Code::kBackground:
        return Background();
      case Code::kHalo:
        return Halo();
    }
    assert(false);
    at_ = list_.count;
  }

 private:
  double Number() {
    assert(at_ < list_.count);
    return list_.numbers[at_++];
  }
  int Integer() { return static_cast<int>(Number()); }
  const uint8_t* Buffer() { return list_.buffers.at(static_cast<size_t>(Number())); }
  const std::string& String() { return list_.strings.at(static_cast<size_t>(Number())); }

  Color ReadColor() {
    const auto red = static_cast<uint8_t>(Integer());
    const auto green = static_cast<uint8_t>(Integer());
    const auto blue = static_cast<uint8_t>(Integer());
    return {red, green, blue, Integer()};
  }

  Rectangle ReadRectangle() {
    const int left = Integer();
    const int top = Integer();
    const int width = Integer();
    return {left, top, width, Integer()};
  }

  std::vector<Point> ReadPoints() {
    std::vector<Point> points(static_cast<size_t>(Number()));
    for (Point& point : points) {
      point.x = Number();
      point.y = Number();
    }
    return points;
  }

  // The index of a mask, or −1 for the whole rectangle that follows.
  MaskRegion Region() {
    const int mask = Integer();
    const Rectangle bounds = ReadRectangle().Intersect(surface_.Bounds());
    if (mask < 0) return {bounds.empty() ? Rectangle{0, 0, 0, 0} : bounds, 0, {}};
    MaskRegion region = DecodeMask(list_.strings.at(mask), surface_.width, surface_.height, 0);
    if (region.bounds.empty()) region.bounds = {0, 0, 0, 0};
    return region;
  }

  void Rectangles() {
    const Rectangle place = ReadRectangle().Intersect(surface_.Bounds());
    const Color color = ReadColor();
    for (int y = place.top; y < place.bottom(); y++) {
      uint8_t* pixel = surface_.At(place.left, y);
      for (int x = 0; x < place.width; x++, pixel += 3) BlendPixel(pixel, color, color.alpha);
    }
  }

  void Path() {
    const Color color = ReadColor();
    std::vector<std::vector<Point>> contours(static_cast<size_t>(Number()));
    for (auto& contour : contours) contour = ReadPoints();
    FillPath(surface_, contours, color);
  }

  void Stroke() {
    const Color color = ReadColor();
    const double width = Number();
    const LineEnds ends = Integer() == 0 ? LineEnds::kOpen : LineEnds::kClosed;
    StrokePath(surface_, ReadPoints(), ends, width, color);
  }

  void Masks() {
    std::vector<PaintedMask> masks(static_cast<size_t>(Number()));
    for (PaintedMask& mask : masks) {
      mask.counts = &String();
      const uint8_t* tables = Buffer();
      mask.paint = {tables, tables + 768, Integer()};
    }
    PaintMasks(surface_, std::move(masks));
  }

  void CoverageOf() {
    const uint8_t* memory = Buffer();
    const Rectangle place = ReadRectangle();
    BlendCoverage(surface_, memory, place, ReadColor());
  }

  void Layer() {
    const uint8_t* rgba = Buffer();
    const Rectangle place = ReadRectangle();
    BlendLayer(surface_, rgba, place, Integer());
  }

  void Heat() {
    HeatMap map;
    map.values = reinterpret_cast<const float*>(Buffer());
    map.width = Integer();
    map.height = Integer();
    map.low = Number();
    map.high = Number();
    map.colors = Buffer();
    PaintHeatMap(surface_, map);
  }

  void Filter(void (*filter)(const Surface&, const MaskRegion&, int)) {
    const MaskRegion region = Region();
    filter(surface_, region, Integer());
  }

  void FloatMasks() {
    const double opacity = Number();
    std::vector<TintedMask> masks(static_cast<size_t>(Number()));
    for (TintedMask& mask : masks) {
      mask.counts = String();
      for (double& channel : mask.color) channel = Number();
    }
    PaintMasksInFloat(surface_, masks, opacity);
  }

  void Background() {
    const Color color = ReadColor();
    const int radius = Integer();
    std::vector<MaskRegion> kept(static_cast<size_t>(Number()));
    for (MaskRegion& region : kept) region = Region();
    CoverBackground(surface_, kept, color, radius);
  }

  void Halo() {
    const Color color = ReadColor();
    const int radius = Integer();
    PaintHalo(surface_, Region(), color, radius);
  }

  const Surface& surface_;
  const DrawList& list_;
  size_t at_ = 0;
};

}  // namespace

void Draw(const Surface& surface, const DrawList& list) {
  Reader reader(surface, list);
  while (!reader.AtEnd()) reader.DrawNext();
}

}  // namespace paddlelab
