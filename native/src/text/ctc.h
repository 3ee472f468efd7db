#pragma once

#include <cstddef>
#include <vector>

namespace paddlelab {

// A character that a network with connectionist temporal classification (CTC) wrote: columns of equal best classes.
struct CtcCharacter {
  int class_id;
  // The probability in the first of its columns, which is the one that Python's decoders take.
  float score;
  // Its columns, without `end`.
  int start;
  int end;
};

struct CtcText {
  std::vector<CtcCharacter> characters;
  // Columns with a value that is NaN; their best class is unknown.
  int not_numbers = 0;
};

// Decodes probabilities `[columns, classes]`: the best class of each column (the first of equal ones), repeated ones
// once, without blanks, which are class 0.
CtcText DecodeCtc(const float* probabilities, int columns, int classes);

}  // namespace paddlelab
