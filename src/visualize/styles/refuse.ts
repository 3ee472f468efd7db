import { PaddleLabError } from '../../errors';
import type { VisualizeOptions } from '../options';

/** Refuses options that a style does not support, instead of ignoring them. */
export function refuseOptions(
  style: string,
  options: VisualizeOptions,
  taken: readonly (keyof VisualizeOptions)[],
): void {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const wrong = given.map(([name]) => name).find((name) => name !== 'style' && !(taken as string[]).includes(name));
  if (wrong === undefined) return;
  const text = `Option "${wrong}" is not supported by style "${style}", which supports ${taken.join(', ')}; leave it out`;
  throw new PaddleLabError('INVALID_ARGUMENT', text);
}

/** Refuses a kind of result that the script can't draw. */
export function refuseKind(style: string, kinds: readonly string[], kind: string): PaddleLabError {
  const expected = `Expected a result of kind ${kinds.map((one) => `"${one}"`).join(', ')} for style "${style}"`;
  return new PaddleLabError('INVALID_ARGUMENT', `${expected} but received kind "${kind}"`);
}
