import path from 'node:path';
import { existsSync, statSync } from '../../files/fs';

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts'];

/**
 * The TypeScript file that a specifier means, as the compiler finds it.
 *
 * @param has whether there is a file
 */
export function findTypeScript(
  folder: string,
  specifier: string,
  has: (file: string) => boolean = isFile,
): string | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return undefined;
  const file = path.resolve(folder, specifier);
  if (file.includes('/node_modules/')) return undefined;
  if (EXTENSIONS.includes(path.extname(file))) return has(file) ? file : undefined;
  const stem = file.replace(/\.([cm]?)jsx?$/, '');
  const names = [file, ...(stem === file ? [path.join(file, 'index')] : [stem])];
  return names.flatMap((name) => EXTENSIONS.map((extension) => name + extension)).find(has);
}

export function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}
