import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jupyterDisplay } from '../../src/display/display';
import { Picture, pictureFormats } from '../../src/drawing/picture';
import { expectPicture, structuralSimilarity } from '../helpers/pictures';
import { paintImage } from './scene';

const picture = new Picture(paintImage(64, 40), '3 detections');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-picture-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

describe('Picture', () => {
  it('is displayed as one line and as a PNG', async () => {
    expect(inspect(picture)).toBe('Picture 64×40 (3 detections)');
    const bundle = await picture[jupyterDisplay]();
    expect(Object.keys(bundle).sort()).toEqual(['image/png', 'text/plain']);
    expect(bundle['text/plain']).toBe('Picture 64×40 (3 detections)');
    const raw = await sharp(bundle['image/png'] as Uint8Array)
      .raw()
      .toBuffer();
    expect(Buffer.compare(raw, picture.data)).toBe(0);
  });

  it('is encoded in each format, deterministically, without metadata', async () => {
    for (const format of pictureFormats) {
      const bytes = await picture.toBuffer(format);
      const metadata = await sharp(bytes).metadata();
      expect(metadata.format).toBe(format === 'avif' ? 'heif' : format);
      expect([metadata.width, metadata.height]).toEqual([64, 40]);
      expect([metadata.exif, metadata.icc, metadata.xmp, metadata.iptc]).toEqual(Array(4).fill(undefined));
    }
    expect(await picture.toBuffer()).toEqual(await picture.toBuffer('png'));
  });

  it('save uses the file extension, creates folders, and returns the path', async () => {
    const file = path.join(folder, 'new', 'shapes.JPG');
    expect(await picture.save(file)).toBe(file);
    expect((await sharp(file).metadata()).format).toBe('jpeg');
    expect((await stat(await picture.save(path.join(folder, 'a.webp')))).size).toBeGreaterThan(0);
  });

  it('formats and paths that can’t be written are refused', async () => {
    await expect(picture.save(path.join(folder, 'shapes.bmp'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(picture.save('')).rejects.toThrow('Expected non-empty string for path but received "" (string)');
    const file = await picture.save(path.join(folder, 'file.png'));
    await expect(picture.save(path.join(file, 'below.png'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    await expect(picture.toBuffer('bmp' as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('can be processed further as a sharp instance', async () => {
    const { width, height } = await sharp(await picture.toSharp().resize(32).png().toBuffer()).metadata();
    expect([width, height]).toEqual([32, 20]);
  });
});

describe('the comparison of pictures', () => {
  it('detects a small missing object', async () => {
    const changed = { ...picture, data: new Uint8Array(picture.data) };
    expect(structuralSimilarity(picture, changed)).toEqual({ mean: 1, worst: 1 });
    for (let y = 10; y < 16; y++) changed.data.fill(255, (y * 64 + 20) * 3, (y * 64 + 26) * 3);
    expect(structuralSimilarity(picture, changed).worst).toBeLessThan(0.6);
    expect(structuralSimilarity(picture, paintImage(40, 64)).mean).toBe(0);
    const file = await picture.save(path.join(folder, 'comparison-self-test.png'));
    await expectPicture(picture, file);
    await expect(expectPicture(changed, file)).rejects.toThrow(/out\/pictures\/comparison-self-test\.png/);
    await rm(path.join(__dirname, '..', '..', 'out', 'pictures', 'comparison-self-test.png'));
  });
});
