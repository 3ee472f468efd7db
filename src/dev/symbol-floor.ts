import { PaddleLabError } from '../errors';
import { lastWords, runProcess } from '../processes/run-process';

/**
 * The newest versions of symbols that the addon may need: those of glibc 2.28 and of GCC 8's libstdc++, which are on the
 * oldest systems that Node 20 runs on (Debian 10, RHEL 8).
 */
export const symbolFloor: Readonly<Record<string, string>> = {
  GLIBC: '2.28',
  GLIBCXX: '3.4.25',
  CXXABI: '1.3.11',
  GCC: '8.0.0',
};

/** The symbols that a built file needs in a newer version than the floor, such as `GLIBC_2.34 dlopen`. */
export async function symbolsAboveFloor(
  file: string,
  floor: Readonly<Record<string, string>> = symbolFloor,
): Promise<string[]> {
  // Unlike objdump, readelf reads the files of other processors, too.
  const result = await runProcess(['readelf'], ['--dyn-syms', '--wide', file]);
  if (result.code !== 0) {
    throw new PaddleLabError('TOOL_FAILED', `readelf could not read ${file}: ${lastWords(result)}`);
  }
  const needed = [...result.stdout.matchAll(/ UND (\S+)@(([A-Z]+)_([\d.]+))/g)];
  return needed.flatMap(([, symbol, version, library = '', number = '']) => {
    const most = floor[library];
    return most !== undefined && compareVersions(number, most) > 0 ? [`${version} ${symbol}`] : [];
  });
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
