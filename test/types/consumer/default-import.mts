// Compiled by packages.test.ts in a package that depends on this one: to an ES module that Node loads itself, the
// default import is the whole package.
import paddlelab, { type predict } from 'paddlelab';

export const same: typeof predict = paddlelab.predict;
// @ts-expect-error: what it holds has its types
export const notAny: number = paddlelab.predict;
