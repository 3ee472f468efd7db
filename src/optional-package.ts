import { createRequire } from 'node:module';
import path from 'node:path';
import { PaddleLabError } from './errors';

/**
 * A package that this one needs for some calls only: that of the project in the current folder, or one beside this
 * package.
 *
 * @param purpose what it is needed for, such as `to serve models over HTTP`
 * @throws PaddleLabError TOOL_FAILED if it is not installed
 */
export function loadOptional<T>(name: string, purpose: string): T {
  const found = findOptional<T>(name);
  if (found !== undefined) return found;
  throw new PaddleLabError('TOOL_FAILED', `Expected ${name} ${purpose} but it is not installed: npm install ${name}`);
}

/**
 * The same; undefined if it is not installed.
 *
 * @param bases files beside whose `node_modules` it is looked for
 */
export function findOptional<T>(
  name: string,
  bases: readonly string[] = [path.join(process.cwd(), 'any.js'), __filename],
): T | undefined {
  for (const base of bases) {
    const load = createRequire(base);
    let file: string;
    try {
      file = load.resolve(name);
    } catch {
      continue;
    }
    return load(file) as T;
  }
  return undefined;
}
