#pragma once

namespace paddlelab {

// Redirect the standard streams of the whole process, which Node does not support. They throw std::runtime_error.
void RedirectStandardStreams(int target);
void RestoreStandardStreams();

}  // namespace paddlelab
