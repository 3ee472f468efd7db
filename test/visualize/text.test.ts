import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInGlyph } from '../../src/drawing/glyphs';
import { fitText, layOutText, textPath, textWidth } from '../../src/drawing/text';
import { visualize } from '../../src/visualize/visualize';
import { instanceResult, paintImage, someDetections } from './scene';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-fonts-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Runs a script without access to the system's and the user's fonts. */
async function runWithoutFonts(script: string): Promise<string> {
  const config = path.join(folder, 'fonts.conf');
  await writeFile(config, '<?xml version="1.0"?><fontconfig></fontconfig>');
  const hook = path.join(__dirname, '..', 'helpers', 'typescript-hook.cjs');
  const env = { ...process.env, FONTCONFIG_FILE: config, FONTCONFIG_PATH: folder, HOME: folder, XDG_DATA_HOME: folder };
  const { stdout } = await promisify(execFile)(process.execPath, ['-r', hook, '-e', script], { cwd: __dirname, env });
  return stdout.trim();
}

/** Area of closed contours, by the shoelace formula; those in the opposite direction are holes. */
function area(contours: readonly (readonly number[])[]): number {
  const twice = contours.map((contour) => {
    const count = contour.length / 2;
    const at = (index: number, axis: number): number => contour[(index % count) * 2 + axis] ?? 0;
    const cross = (index: number): number => at(index, 0) * at(index + 1, 1) - at(index + 1, 0) * at(index, 1);
    return Array.from({ length: count }, (_, index) => cross(index)).reduce((sum, value) => sum + value, 0);
  });
  return Math.abs(twice.reduce((sum, value) => sum + value, 0)) / 2;
}

const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

describe('text', () => {
  it('is identical on a machine without fonts', async () => {
    const picture = await visualize(paintImage(320, 240), instanceResult(320, 240, someDetections));
    const output = await runWithoutFonts(`
      const { visualize } = require('../../src/visualize/visualize.ts');
      const { instanceResult, paintImage, someDetections } = require('./scene.ts');
      visualize(paintImage(320, 240), instanceResult(320, 240, someDetections)).then(({ data }) => {
        console.log(require('node:crypto').createHash('sha256').update(data).digest('hex'));
      });`);
    expect(output).toBe(digest(picture.data));
  }, 60_000);

  it('the test really has no fonts: in text elements, all letters look the same', async () => {
    const output = await runWithoutFonts(`
      const draw = (text) => require('sharp')(Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text x="5" y="20">' + text + '</text></svg>',
      )).raw().toBuffer();
      Promise.all(['Abc', 'Xyz'].map(draw)).then(([one, other]) => console.log(one.equals(other)));`);
    expect(output).toBe('true');
  }, 60_000);

  it('draws nothing for joiners and direction marks, and space for white space', () => {
    expect(builtInGlyph('\u200d')).toEqual({ advance: 0, contours: [] });
    expect(builtInGlyph(' ')?.contours).toEqual([]);
    expect(builtInGlyph(' ')?.advance).toBeGreaterThan(0.2);
    for (const letter of 'aZ0.éßЖΩ…ő汽车圆形') expect(builtInGlyph(letter)?.contours).not.toEqual([]);
    expect(builtInGlyph('😀')).toBeUndefined();
  });

  it('the area of a letter’s bitmap is that of its outline', () => {
    for (const letter of 'oCS3') {
      const [placed] = layOutText(letter, 3.25, 200, 160).placed;
      const covered = (placed?.bitmap.data ?? new Uint8Array(0)).reduce((sum, value) => sum + value, 0) / 255;
      expect(Math.abs(covered / (160 * 160 * area(builtInGlyph(letter)?.contours ?? [])) - 1)).toBeLessThan(0.01);
    }
  });

  it('composed and decomposed letters are the same', () => {
    expect(textPath('e\u0301', 0, 10, 10, [0, 0, 0])).toBe(textPath('\u00e9', 0, 10, 10, [0, 0, 0]));
  });

  it('is shortened with an ellipsis to the available width', () => {
    expect(fitText('circle', 12, 100)).toBe('circle');
    const cut = fitText('traffic light', 12, 50);
    expect(cut).toMatch(/^traff.*…$/);
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(50);
    expect(fitText('circle', 12, 5)).toBe('');
  });
});
