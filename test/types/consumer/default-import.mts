// Compiled by packages.test.ts in a package that depends on this one: in an ES module loaded by Node itself, the
// default import is the whole package.
import paddlelab, { type predict } from 'paddlelab';

export const same: typeof predict = paddlelab.predict;
// @ts-expect-error: what it holds has its types
export const notAny: number = paddlelab.predict;
