import { messageOf } from '../errors';

/** Paddle's error texts end in a long native stack trace; this extracts its summary line. */
export function paddleMessage(error: unknown): string {
  const lines = messageOf(error)
    .split('\n')
    .map((line) => line.trim());
  const hint = lines.find((line) => /^\(?\w+\)? ?\w*Error: |^\([A-Z]\w+\) /.test(line));
  return hint ?? lines.find((line) => line !== '') ?? 'unknown error';
}
