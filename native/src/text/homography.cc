#include "text/homography.h"

#include <cmath>
#include <limits>
#include <utility>

namespace paddlelab {
namespace {

constexpr int kUnknowns = 8;

// The coefficients of an equation, and its right side.
using Equation = std::array<double, kUnknowns + 1>;

// Gaussian elimination with the largest pivot of each column; false if the equations have no single solution.
bool Solve(std::array<Equation, kUnknowns>& rows, std::array<double, kUnknowns>& solution) {
  constexpr double smallest = std::numeric_limits<double>::epsilon() * 100;
  for (int i = 0; i < kUnknowns; i++) {
    int pivot = i;
    for (int j = i + 1; j < kUnknowns; j++) {
      if (std::abs(rows[j][i]) > std::abs(rows[pivot][i])) pivot = j;
    }
    if (std::abs(rows[pivot][i]) < smallest) return false;
    std::swap(rows[i], rows[pivot]);
    const double negative = -1 / rows[i][i];
    for (int j = i + 1; j < kUnknowns; j++) {
      const double factor = rows[j][i] * negative;
      for (int k = i + 1; k <= kUnknowns; k++) rows[j][k] += factor * rows[i][k];
    }
  }
  for (int i = kUnknowns - 1; i >= 0; i--) {
    double sum = rows[i][kUnknowns];
    for (int k = i + 1; k < kUnknowns; k++) sum -= rows[i][k] * solution[k];
    solution[i] = sum / rows[i][i];
  }
  return true;
}

// The adjugate divided by the determinant; zeros if that is 0.
Homography Invert(const Homography& m) {
  const auto minor = [&m](int a, int b, int c, int d) { return m[a] * m[d] - m[b] * m[c]; };
  const double determinant = m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7);
  if (determinant == 0) return {};
  const double share = 1 / determinant;
  return {minor(4, 5, 7, 8) * share,  -minor(1, 2, 7, 8) * share, minor(1, 2, 4, 5) * share,
          -minor(3, 5, 6, 8) * share, minor(0, 2, 6, 8) * share,  -minor(0, 2, 3, 5) * share,
          minor(3, 4, 6, 7) * share,  -minor(0, 1, 6, 7) * share, minor(0, 1, 3, 4) * share};
}

}  // namespace

Homography RectangleOnto(const std::array<Corner, 4>& corners, int width, int height) {
  const auto right = static_cast<float>(width), bottom = static_cast<float>(height);
  const std::array<Corner, 4> rectangle = {{{0, 0}, {right, 0}, {right, bottom}, {0, bottom}}};
  std::array<Equation, kUnknowns> rows{};
  for (int i = 0; i < 4; i++) {
    const auto [x, y] = corners[i];
    const auto [to_x, to_y] = rectangle[i];
    // The products are float32 in OpenCV.
    rows[i] = {x, y, 1, 0, 0, 0, -x * to_x, -y * to_x, to_x};
    rows[i + 4] = {0, 0, 0, x, y, 1, -x * to_y, -y * to_y, to_y};
  }
  std::array<double, kUnknowns> solution{};
  Homography onto_rectangle{};
  if (Solve(rows, solution)) std::copy(solution.begin(), solution.end(), onto_rectangle.begin());
  onto_rectangle[8] = 1;
  return Invert(onto_rectangle);
}

}  // namespace paddlelab
