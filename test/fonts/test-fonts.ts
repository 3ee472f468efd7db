import path from 'node:path';
import { projectRoot } from '../helpers/project';

/** A font of the tests, of which only the letters of its script are in the file. */
export function testFont(script: 'arabic' | 'devanagari'): string {
  return path.join(testPackage(script), 'files', `noto-sans-${script}-${script}-600-normal.woff`);
}

/** The package of npm that it belongs to. */
export function testPackage(script: 'arabic' | 'devanagari'): string {
  return path.join(projectRoot, 'node_modules', '@fontsource', `noto-sans-${script}`);
}
