#include "text/contours.h"

#include <algorithm>
#include <array>
#include <deque>

namespace paddlelab {
namespace {

// States of a pixel; those of visited pixels are what keeps a border from being followed twice.
constexpr int8_t kEmpty = 0;
constexpr int8_t kUnvisited = 1;
constexpr int8_t kVisited = 2;
// Visited, and the pixel to its right, which is empty, belongs to the same border.
constexpr int8_t kRightEdge = -2;

// Directions count from the right, against the clock on the screen.
constexpr std::array<IntPoint, 8> kSteps = {{{1, 0}, {1, -1}, {0, -1}, {-1, -1}, {-1, 0}, {-1, 1}, {0, 1}, {1, 1}}};
constexpr int kLeft = 4;

int Opposite(int direction) { return direction ^ 4; }

class BorderScan {
 public:
  BorderScan(const uint8_t* bitmap, int width, int height)
      : width_(width),
        height_(height),
        stride_(width + 2),
        cells_(static_cast<size_t>(stride_) * (height + 2), kEmpty) {
    for (int y = 0; y < height; y++) {
      const uint8_t* row = bitmap + static_cast<size_t>(y) * width;
      int8_t* cells = At({0, y});
      for (int x = 0; x < width; x++) cells[x] = row[x] != 0 ? kUnvisited : kEmpty;
    }
    for (int i = 0; i < 8; i++) offsets_[i] = kSteps[i].y * stride_ + kSteps[i].x;
  }

  std::deque<Contour> FindAll(size_t limit) {
    std::deque<Contour> found;
    for (int y = 0; y < height_; y++) {
      int8_t* row = At({0, y});
      // A hole may begin behind the last pixel of a row.
      for (int x = 0; x <= width_; x++) {
        if (row[x] == row[x - 1]) continue;
        if (row[x] == kUnvisited && row[x - 1] == kEmpty) {
          found.push_front(Follow({x, y}, kLeft));
        } else if (row[x] == kEmpty && row[x - 1] > kEmpty) {
          found.push_front(Follow({x - 1, y}, 0));
        } else {
          continue;
        }
        if (found.size() > limit) found.pop_back();
      }
    }
    return found;
  }

 private:
  int8_t* At(IntPoint point) { return cells_.data() + static_cast<size_t>(point.y + 1) * stride_ + point.x + 1; }

  // Follows the border of `start`, whose neighbour in direction `outside` is empty.
  Contour Follow(IntPoint start, int outside) {
    int8_t* const first = At(start);
    int direction = outside;
    do {
      direction = (direction - 1) & 7;
    } while (first[offsets_[direction]] == kEmpty && direction != outside);
    if (direction == outside) {
      *first = kRightEdge;
      return {start};
    }
    int8_t* const last = first + offsets_[direction];
    Contour contour;
    int8_t* cell = first;
    IntPoint point = start;
    int arrived = Opposite(direction);
    for (;;) {
      const int back = direction;
      int turned = back + 1;
      while (cell[offsets_[turned & 7]] == kEmpty) turned++;
      // The search went past the right neighbour, which is empty then.
      if (turned > 8) {
        *cell = kRightEdge;
      } else if (*cell == kUnvisited) {
        *cell = kVisited;
      }
      direction = turned & 7;
      if (direction != arrived) contour.push_back(point);
      arrived = direction;
      int8_t* const next = cell + offsets_[direction];
      if (next == first && cell == last) return contour;
      point = {point.x + kSteps[direction].x, point.y + kSteps[direction].y};
      cell = next;
      direction = Opposite(direction);
    }
  }

  int width_;
  int height_;
  int stride_;
  std::vector<int8_t> cells_;
  std::array<int, 8> offsets_;
};

}  // namespace

std::vector<Contour> FindContours(const uint8_t* bitmap, int width, int height, size_t limit) {
  std::deque<Contour> found = BorderScan(bitmap, width, height).FindAll(limit);
  return {std::make_move_iterator(found.begin()), std::make_move_iterator(found.end())};
}

}  // namespace paddlelab
