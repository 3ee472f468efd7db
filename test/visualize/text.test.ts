import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { glyphOf } from '../../src/visualize/glyphs';
import { fitText, textPath, textWidth } from '../../src/visualize/text';
import { visualize } from '../../src/visualize/visualize';
import { instanceResult, paintImage, someDetections } from './scene';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-fonts-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Runs a script where neither the system's nor the user's fonts are found. */
async function runWithoutFonts(script: string): Promise<string> {
  const config = path.join(folder, 'fonts.conf');
  await writeFile(config, '<?xml version="1.0"?><fontconfig></fontconfig>');
  const hook = path.join(__dirname, '..', 'helpers', 'typescript-hook.cjs');
  const env = { ...process.env, FONTCONFIG_FILE: config, FONTCONFIG_PATH: folder, HOME: folder, XDG_DATA_HOME: folder };
  const { stdout } = await promisify(execFile)(process.execPath, ['-r', hook, '-e', script], { cwd: __dirname, env });
  return stdout.trim();
}

const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

describe('text', () => {
  it('is the same to the pixel on a machine without fonts', async () => {
    const picture = await visualize(paintImage(320, 240), instanceResult(320, 240, someDetections));
    const output = await runWithoutFonts(`
      const { visualize } = require('../../src/visualize/visualize.ts');
      const { instanceResult, paintImage, someDetections } = require('./scene.ts');
      visualize(paintImage(320, 240), instanceResult(320, 240, someDetections)).then(({ data }) => {
        console.log(require('node:crypto').createHash('sha256').update(data).digest('hex'));
      });`);
    expect(output).toBe(digest(picture.data));
  }, 60_000);

  it('really had no font there: in text elements, all letters look the same', async () => {
    const output = await runWithoutFonts(`
      const draw = (text) => require('sharp')(Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text x="5" y="20">' + text + '</text></svg>',
      )).raw().toBuffer();
      Promise.all(['Abc', 'Xyz'].map(draw)).then(([one, other]) => console.log(one.equals(other)));`);
    expect(output).toBe('true');
  }, 60_000);

  it('shows a frame for characters that the font lacks, and nothing for joiners and marks of direction', () => {
    expect(glyphOf('汽').path).toBe(glyphOf('😀').path);
    expect(glyphOf('汽').path).not.toBe('');
    expect(glyphOf('\u200d')).toMatchObject({ advance: 0, path: '' });
    expect(glyphOf(' ').path).toBe('');
    expect(glyphOf(' ').advance).toBeGreaterThan(0.2);
    for (const letter of 'aZ0.éßЖΩ…ő') expect(glyphOf(letter).path).not.toBe(glyphOf('汽').path);
  });

  it('takes composed and decomposed letters for the same', () => {
    expect(textPath('e\u0301', 0, 10, 10, [0, 0, 0])).toBe(textPath('\u00e9', 0, 10, 10, [0, 0, 0]));
  });

  it('is cut with an ellipsis to the room there is', () => {
    expect(fitText('circle', 12, 100)).toBe('circle');
    const cut = fitText('traffic light', 12, 50);
    expect(cut).toMatch(/^traff.*…$/);
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(50);
    expect(fitText('circle', 12, 5)).toBe('');
  });
});
