import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/image/image';

const drawing =
  '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><rect width="4" height="3" fill="red"/></svg>';
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->\n<!DOCTYPE svg>\n';
const swapped = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

describe('SVG drawings are refused, because they may refer to other files', () => {
  test.each<[string, Buffer]>([
    ['plain', Buffer.from(drawing)],
    ['with a declaration', Buffer.from(declaration + drawing)],
    ['after a byte order mark and white space', Buffer.from(`\ufeff\n\t ${drawing}`)],
    ['with a prefix', Buffer.from(drawing.replaceAll('svg', 's:svg').replace('xmlns=', 'xmlns:s='))],
    ['in UTF-16', Buffer.from(`\ufeff${drawing}`, 'utf16le')],
    ['in UTF-16 big-endian', swapped(drawing)],
  ])('%s', async (_, bytes) => {
    const failure = decodeImage(bytes);
    await expect(failure).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
    await expect(failure).rejects.toThrow(/it is an SVG drawing; .*give `sharp\(file\)`/);
  });

  test('compressed', async () => {
    await expect(decodeImage(gzipSync(drawing))).rejects.toThrow(/SVGZ/);
  });

  test('as a data URL', async () => {
    await expect(decodeImage(`data:image/svg+xml,${encodeURIComponent(drawing)}`)).rejects.toThrow(/an SVG drawing/);
  });

  describe('as a file', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-svg-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    test('under any file name', async () => {
      for (const name of ['a.svg', 'a.png']) {
        await writeFile(path.join(folder, name), declaration + drawing);
        await expect(decodeImage(path.join(folder, name))).rejects.toThrow(/an SVG drawing/);
      }
    });
  });

  test('but not if sharp has opened them', async () => {
    const { width, height, data } = await decodeImage(sharp(Buffer.from(drawing)));
    expect([width, height, ...data.subarray(0, 3)]).toEqual([4, 3, 255, 0, 0]);
  });
});

const bytes = (text: string): Buffer => Buffer.from(text.padEnd(200, '\0'), 'latin1');

test.each<[string, Buffer]>([
  ['a JPEG 2000 file', bytes('\0\0\0\x0cjP  \r\n\x87\n')],
  ['a JPEG 2000 file', bytes('\xff\x4f\xff\x51\0')],
  ['a JPEG XL file', bytes('\xff\x0a')],
  ['a HEIC file', bytes('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
  ['a video', bytes('\0\0\0\x20ftypisom\0\0\x02\0isomiso2')],
  ['an OpenEXR file', bytes('v/1\x01')],
  ['a Radiance HDR file', bytes('#?RADIANCE\n')],
  ['a PFM file', bytes('PF\n1 1\n-1.0\n')],
  ['a PAM file', bytes('P7\nWIDTH 1\n')],
  ['a Sun raster file', bytes('\x59\xa6\x6a\x95')],
  ['a DICOM file', Buffer.from(`${'\0'.repeat(128)}DICM`)],
  ['a numpy array', bytes('\x93NUMPY')],
  ['a PDF file', bytes('%PDF-1.7\n')],
  ['a PostScript file', bytes('%!PS-Adobe-3.0\n')],
  ['an HTML or XML document', Buffer.from('<!DOCTYPE html><html><body>Not found</body></html>')],
])('%s is refused, with advice', async (what, file) => {
  const failure = decodeImage(file);
  await expect(failure).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
  await expect(failure).rejects.toThrow(new RegExp(`it is ${what}; \\w+`));
});

test.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)('%s is read', async (format) => {
  const white = { create: { width: 5, height: 4, channels: 3, background: 'white' } } as const;
  const { width, height, data } = await decodeImage(await sharp(white).toFormat(format).toBuffer());
  expect([width, height, ...data]).toEqual([5, 4, ...Array(60).fill(255)]);
});

test('unknown bytes are refused, with the list of formats', async () => {
  await expect(decodeImage(Buffer.from('hello'))).rejects.toThrow(
    /first bytes are not those of an image; expected a JPEG/,
  );
  await expect(decodeImage(new Uint8Array())).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
});
