import { readFile } from '../files/fs';

/**
 * `quantize_linear`, `fake_quantize_range_abs_max`, `fake_channel_wise_quantize_dequantize_abs_max` and similar
 * operators.
 */
const quantisingOperator = /\b(?:fake_(?:channel_wise_)?quantize_\w+|quantize_linear)\b/g;

/** Why a program can't run in int8: without quantisation operators, Paddle would silently compute in float32. */
export async function whyNotQuantised(program: string): Promise<string | undefined> {
  const text = await readFile(program, 'latin1');
  const counts = new Map<string, number>();
  for (const [name] of text.matchAll(quantisingOperator)) counts.set(name, (counts.get(name) ?? 0) + 1);
  // Each name also occurs once in the operator version table of a .pdmodel.
  const others = program.endsWith('.json') ? 0 : 1;
  if ([...counts.values()].some((count) => count > others)) return undefined;
  return 'the model is not quantised: export it after quantisation-aware training or with PaddleSlim';
}
