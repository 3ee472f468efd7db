import { messageOf } from '../errors';

/** Paddle's texts end in a long native stack; its own summary line is what a person wants to read. */
export function paddleMessage(error: unknown): string {
  const lines = messageOf(error)
    .split('\n')
    .map((line) => line.trim());
  const hint = lines.find((line) => /^\(?\w+\)? ?\w*Error: |^\([A-Z]\w+\) /.test(line));
  return hint ?? lines.find((line) => line !== '') ?? 'unknown error';
}
