#include "text/contours.h"

#include <algorithm>
#include <array>
#include <cstring>
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
  explicit BorderScan(PaddedBitmap bitmap) : bitmap_(std::move(bitmap)) {
    for (int i = 0; i < 8; i++) offsets_[i] = kSteps[i].y * (bitmap_.width + 2) + kSteps[i].x;
  }

  std::deque<Contour> FindAll(size_t limit) {
    std::deque<Contour> found;
    for (int y = 0; y < bitmap_.height; y++) {
      int8_t* row = bitmap_.Row(y);
      // A hole may begin behind the last pixel of a row.
      for (int x = 0; x <= bitmap_.width; x++) {
        while (x + 8 <= bitmap_.width && Eight(row + x) == Eight(row + x - 1)) x += 8;
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
  // Eight pixels at once: most are equal to their neighbours.
  static uint64_t Eight(const int8_t* cells) {
    uint64_t eight;
    std::memcpy(&eight, cells, sizeof eight);
    return eight;
  }

  // Follows the border of `start`, whose neighbour in direction `outside` is empty.
  Contour Follow(IntPoint start, int outside) {
    int8_t* const first = bitmap_.Row(start.y) + start.x;
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

  PaddedBitmap bitmap_;
  std::array<int, 8> offsets_;
};

}  // namespace

std::vector<Contour> FindContours(PaddedBitmap bitmap, size_t limit) {
  std::deque<Contour> found = BorderScan(std::move(bitmap)).FindAll(limit);
  return {std::make_move_iterator(found.begin()), std::make_move_iterator(found.end())};
}

}  // namespace paddlelab
