import { isBmp } from './bmp';
import { isPnm } from './pnm';

/** Who reads a file of images, by its first bytes, and the usual ending of such files. */
export type ImageFormat =
  | { readonly reader: 'sharp' | 'bmp' | 'pnm'; readonly ending: string }
  /** Known, and not read: what it is, and what to do with it. */
  | { readonly reader: 'none'; readonly what: string; readonly advice: string };

interface Sign {
  /** Any of them, as Latin-1. */
  readonly marks: readonly string[];
  /** Where they stand. */
  readonly at: number;
  readonly format: ImageFormat;
}

function sharp(marks: readonly string[], ending: string, at = 0): Sign {
  return { marks, at, format: { reader: 'sharp', ending } };
}

function refused(marks: readonly string[], what: string, advice: string = convert, at = 0): Sign {
  return { marks, at, format: { reader: 'none', what, advice } };
}

const pixels = 'give its pixels as { data, width, height }';
const convert = `convert it to PNG or TIFF first (ImageMagick: \`magick FILE out.png\`), or ${pixels}`;
const drawFirst = 'make an image of it first, such as a PNG';

/**
 * Only what is named here reaches sharp, whatever its build could read beside: what OpenCV reads, and what it reads in
 * some builds or versions only (WebP, GIF, AVIF), for these are images and nothing else.
 */
const signs: readonly Sign[] = [
  sharp(['\xff\xd8'], '.jpg'),
  sharp(['\x89PNG\r\n\x1a\n'], '.png'),
  sharp(['WEBP'], '.webp', 8),
  sharp(['GIF8'], '.gif'),
  sharp(['II*\0', 'II+\0', 'MM\0*', 'MM\0+'], '.tif'),
  refused(['\0\0\0\x0cjP  \r\n\x87\n', '\xff\x4f\xff\x51'], 'a JPEG 2000 file'),
  refused(['\0\0\0\x0cJXL \r\n\x87\n', '\xff\x0a'], 'a JPEG XL file'),
  refused(['v/1\x01'], 'an OpenEXR file'),
  refused(['#?RADIANCE', '#?RGBE'], 'a Radiance HDR file'),
  refused(['PF\n', 'Pf\n', 'PF\r', 'Pf\r', 'PF ', 'Pf '], 'a PFM file'),
  refused(['P7\n', 'P7\r', 'P7 '], 'a PAM file'),
  refused(['\x59\xa6\x6a\x95'], 'a Sun raster file'),
  refused(['8BPS'], 'a Photoshop file'),
  refused(['\0\0\x01\0', '\0\0\x02\0'], 'an icon or cursor'),
  refused(['SIMPLE  ='], 'a FITS file'),
  refused(['DICM'], 'a DICOM file', convert, 128),
  refused(['\x93NUMPY'], 'an array of numpy', pixels),
  refused(['%PDF-', '%!PS'], 'a PDF or PostScript file', drawFirst),
  refused(['\x1f\x8b'], 'compressed with gzip, as an SVGZ drawing is', drawFirst),
];

/** The container of AVIF, HEIC and videos tells its brands: one in front, the others behind a version. */
function brandedFormat(text: string): ImageFormat | undefined {
  if (!text.startsWith('ftyp', 4)) return undefined;
  const brands = [text.slice(8, 12), ...(text.slice(16, 80).match(/.{4}/gs) ?? [])];
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return { reader: 'sharp', ending: '.avif' };
  if (/^(?:hei|hev|mif|msf)/.test(brands[0] as string)) return { reader: 'none', what: 'a HEIC file', advice: convert };
  return { reader: 'none', what: 'a video', advice: 'use visualizeVideo, readFrames or --video_file' };
}

/** Enough for every sign, and for what stands before the first element of a drawing. */
const head = 4096;

/** What a file is by its bytes, whatever it is called; undefined where they say nothing. */
export function formatOf(bytes: Uint8Array): ImageFormat | undefined {
  if (isBmp(bytes)) return { reader: 'bmp', ending: '.bmp' };
  if (isPnm(bytes)) return { reader: 'pnm', ending: '.ppm' };
  const first = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, head));
  const text = first.toString('latin1');
  const sign = signs.find(({ marks, at }) => marks.some((mark) => text.startsWith(mark, at)));
  return sign?.format ?? brandedFormat(text) ?? markupIn(first);
}

/** Why a file is not read. */
export function reasonAgainst(format: Extract<ImageFormat, { reader: 'none' }> | undefined): string {
  if (format !== undefined) return `it is ${format.what}; ${format.advice}`;
  return 'its first bytes are those of no image; expected a JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP, PPM, PGM or PBM file';
}

/** Markup may begin with a byte order mark, blanks, comments and declarations. */
function markupIn(first: Buffer): ImageFormat | undefined {
  const text = decodeText(first).trimStart();
  if (!text.startsWith('<')) return undefined;
  if (/<(?:\w+:)?svg[\s>]/i.test(text)) {
    const advice = 'it may refer to other files, so that it is read only where you open it: give `sharp(file)`';
    return { reader: 'none', what: 'an SVG drawing', advice };
  }
  return { reader: 'none', what: 'a text in HTML or XML', advice: 'look at where it was fetched from' };
}

function decodeText(first: Buffer): string {
  if (first[0] === 0xff && first[1] === 0xfe) return first.toString('utf16le', 2);
  if (first[0] === 0xfe && first[1] === 0xff) {
    const pairs = Buffer.from(first.subarray(0, first.length & ~1));
    return pairs.swap16().toString('utf16le', 2);
  }
  return first.toString('utf8').replace(/^\ufeff/, '');
}
