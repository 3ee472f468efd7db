// Compiled by packages.test.ts in a package that depends on this one: `require` gives the same functions and types.
import paddlelab = require('paddlelab');

export const model: Promise<paddlelab.AnyModel> = paddlelab.loadModel('folder');
// @ts-expect-error: what it holds has its types
export const notAny: number = paddlelab.predict;
