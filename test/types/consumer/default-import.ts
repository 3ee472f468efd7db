// Compiled by packages.test.ts in a package that depends on this one: CommonJS and some bundlers would get `undefined`
// from a default import, so each line that starts with `import` or `export` must be refused.
import paddlelab from 'paddlelab';

export { default as again } from 'paddlelab';

void paddlelab;
