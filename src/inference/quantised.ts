import { readFile } from '../files/fs';

const quantisingOperators = [
  'quantize_linear',
  'fake_quantize_abs_max',
  'fake_quantize_moving_average',
  'fake_channel_wise_quantize',
];

/** Why a program can't run in int8: without quantisation in it Paddle would just go on in float32. */
export async function whyNotQuantised(program: string): Promise<string | undefined> {
  const text = await readFile(program, 'latin1');
  // Each name is in a program's table of operator versions as well, once.
  if (quantisingOperators.some((name) => text.split(name).length > 2)) return undefined;
  return 'the model is not quantised: export it after quantisation-aware training or with PaddleSlim';
}
