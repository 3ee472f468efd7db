import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { licence, packageOf } from '../../src/fonts/catalogue';
import { formatRanges } from '../../src/fonts/code-points';
import { readFonts } from '../../src/fonts/font';
import { writeManifest } from '../../src/fonts/store';
import { makeFolder } from '../helpers/folders';
import { projectRoot } from '../helpers/project';

/** A font of the tests, of which only the letters of its script are in the file. */
export function testFont(script: 'arabic' | 'devanagari'): string {
  return path.join(testPackage(script), 'files', `noto-sans-${script}-${script}-600-normal.woff`);
}

/** The package of npm that it belongs to. */
export function testPackage(script: 'arabic' | 'devanagari'): string {
  return path.join(projectRoot, 'node_modules', '@fontsource', `noto-sans-${script}`);
}

/** A folder of fetched fonts that has the font of a script, as `fonts.pull` leaves it. */
export async function makeFontCache(script: 'arabic' | 'devanagari'): Promise<string> {
  const cache = makeFolder();
  const folder = path.join(cache, script);
  const name = path.basename(testFont(script));
  mkdirSync(folder);
  copyFileSync(testFont(script), path.join(folder, name));
  const covers = readFonts(testFont(script)).map((font) => formatRanges(font.covers));
  const { name: from, version } = packageOf(script);
  await writeManifest(folder, {
    ...{ name: script, family: '', licence, package: from, version, pulled: '2026-01-01T00:00:00.000Z' },
    files: [{ name, size: statSync(testFont(script)).size, covers: covers.join(',') }],
  });
  return cache;
}
