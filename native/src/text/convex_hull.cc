#include "text/convex_hull.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace paddlelab {
namespace {

int Sign(int64_t value) { return (value > 0) - (value < 0); }

// Indices of points, sorted by x, then y, then their place in the input.
std::vector<int> SortedIndices(const std::vector<IntPoint>& points) {
  std::vector<int> order(points.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&points](int a, int b) {
    if (points[a].x != points[b].x) return points[a].x < points[b].x;
    if (points[a].y != points[b].y) return points[a].y < points[b].y;
    return a < b;
  });
  return order;
}

// Where a quarter of the hull runs: to the largest or the smallest y, and to which side it bends.
struct Quarter {
  int from;
  int to;
  // The sign of steps in y that lead away from the hull.
  int inward;
  int bend;
};

// The chain of one quarter, as places in `order`, by Sklansky's scan.
std::vector<int> Chain(const std::vector<IntPoint>& points, const std::vector<int>& order, const Quarter& quarter) {
  const auto at = [&](int place) -> const IntPoint& { return points[order[place]]; };
  const auto [from, to, inward, bend] = quarter;
  if (from == to || (at(from).x == at(to).x && at(from).y == at(to).y)) return {from};
  const int step = to > from ? 1 : -1;
  std::vector<int> chain = {from, from + step};
  for (int next = from + 2 * step; next != to + step; next += step) {
    // `next` takes the place of the last point until it fits.
    for (;;) {
      const IntPoint& last = at(chain.back());
      const IntPoint& candidate = at(next);
      const int64_t by = static_cast<int64_t>(candidate.y) - last.y;
      if (Sign(by) == inward) break;
      const IntPoint& before = at(chain[chain.size() - 2]);
      const int64_t ax = static_cast<int64_t>(last.x) - before.x;
      const int64_t ay = static_cast<int64_t>(last.y) - before.y;
      const int64_t bx = static_cast<int64_t>(candidate.x) - last.x;
      if (Sign(ay * bx - ax * by) == bend && (ax != 0 || ay != 0)) {
        chain.push_back(next);
        break;
      }
      if (chain.size() == 2) {
        chain.back() = next;
        break;
      }
      chain.pop_back();
    }
  }
  return chain;
}

// Turns the hull so that indices of the input rise or fall throughout, if they do but for one place.
void StartAtEndOfRun(std::vector<int>* hull) {
  const int count = static_cast<int>(hull->size());
  if (count < 3) return;
  const auto lowest = std::min_element(hull->begin(), hull->end()) - hull->begin();
  const auto highest = std::max_element(hull->begin(), hull->end()) - hull->begin();
  const bool rises = (highest + 1) % count == lowest;
  const bool falls = (lowest + 1) % count == highest;
  if (!rises && !falls) return;
  std::vector<int> turned = *hull;
  std::rotate(turned.begin(), turned.begin() + (rises ? lowest : highest), turned.end());
  const bool sorted = rises ? std::is_sorted(turned.begin(), turned.end())
                            : std::is_sorted(turned.begin(), turned.end(), std::greater<int>());
  if (sorted) *hull = turned;
}

}  // namespace

std::vector<IntPoint> ConvexHull(const std::vector<IntPoint>& points) {
  if (points.empty()) return {};
  const std::vector<int> order = SortedIndices(points);
  const auto at = [&](int place) -> const IntPoint& { return points[order[place]]; };
  const int last = static_cast<int>(order.size()) - 1;
  if (at(0).x == at(last).x && at(0).y == at(last).y) return {points[0]};
  int lowest = 0;
  int highest = 0;
  for (int i = 1; i <= last; i++) {
    if (at(i).y < at(lowest).y) lowest = i;
    if (at(i).y > at(highest).y) highest = i;
  }
  const std::vector<int> right_up = Chain(points, order, {last, highest, -1, -1});
  const std::vector<int> left_up = Chain(points, order, {0, highest, -1, 1});
  std::vector<int> left_down = Chain(points, order, {0, lowest, 1, -1});
  std::vector<int> right_down = Chain(points, order, {last, lowest, 1, 1});
  // If all points lie on a line, the lower half mirrors the upper one.
  const int above = left_up.size() > 2 ? left_up[1] : right_up.size() > 2 ? right_up[right_up.size() - 2] : -1;
  const int below = left_down.size() > 2                       ? left_down[1]
                    : left_down.size() + right_down.size() > 2 ? right_down[2 - left_down.size()]
                                                               : -1;
  if (above >= 0 && below >= 0 && at(above).x == at(below).x && at(above).y == at(below).y) {
    left_down.resize(std::min<size_t>(left_down.size(), 2));
    right_down.resize(std::min<size_t>(right_down.size(), 2));
  }
  std::vector<int> hull;
  const auto add_forward = [&](const std::vector<int>& chain) {
    for (size_t i = 0; i + 1 < chain.size(); i++) hull.push_back(order[chain[i]]);
  };
  const auto add_backward = [&](const std::vector<int>& chain) {
    for (size_t i = chain.size(); i-- > 1;) hull.push_back(order[chain[i]]);
  };
  add_forward(right_up);
  add_backward(left_up);
  add_forward(left_down);
  add_backward(right_down);
  StartAtEndOfRun(&hull);
  std::vector<IntPoint> corners;
  for (int index : hull) corners.push_back(points[index]);
  return corners;
}

}  // namespace paddlelab
