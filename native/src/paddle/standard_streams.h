#pragma once

namespace paddlelab {

// Move the standard streams of the whole process, for which Node has nothing. They throw std::runtime_error.
void RedirectStandardStreams(int target);
void RestoreStandardStreams();

}  // namespace paddlelab
