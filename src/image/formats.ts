import { isBmp } from './bmp';
import { isPnm } from './pnm';

/** The reader of an image format, its magic bytes, and its usual file extension. */
export type ImageFormat =
  | { readonly reader: 'sharp' | 'bmp' | 'pnm'; readonly ending: string }
  /** A recognised but unsupported format, with advice. */
  | { readonly reader: 'none'; readonly what: string; readonly advice: string };

interface Sign {
  /** Alternative magic bytes, as Latin-1. */
  readonly marks: readonly string[];
  /** Offset of the magic bytes. */
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
const drawFirst = 'convert it to an image first, such as a PNG';

/**
 * Only the formats listed here are passed to sharp, even if its build supports more: those that OpenCV reads, and those
 * that it reads only in some builds or versions (WebP, GIF, AVIF).
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
  refused(['\x93NUMPY'], 'a numpy array', pixels),
  refused(['%PDF-'], 'a PDF file', `${drawFirst}; readText and \`paddlelab ocr\` read PDF files by their paths`),
  refused(['%!PS'], 'a PostScript file', drawFirst),
  refused(['\x1f\x8b'], 'gzip-compressed, like an SVGZ drawing', drawFirst),
];

/** The container of AVIF, HEIC and videos lists its brands: the major one first, the others after a version. */
function brandedFormat(text: string): ImageFormat | undefined {
  if (!text.startsWith('ftyp', 4)) return undefined;
  const brands = [text.slice(8, 12), ...(text.slice(16, 80).match(/.{4}/gs) ?? [])];
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return { reader: 'sharp', ending: '.avif' };
  if (/^(?:hei|hev|mif|msf)/.test(brands[0] as string)) return { reader: 'none', what: 'a HEIC file', advice: convert };
  return { reader: 'none', what: 'a video', advice: 'use visualizeVideo, readFrames or --video_file' };
}

/** Enough for all magic bytes, and for the text before the first element of an SVG. */
const head = 4096;

/** The format of a file by its bytes, regardless of its name; undefined if unknown. */
export function formatOf(bytes: Uint8Array): ImageFormat | undefined {
  if (isBmp(bytes)) return { reader: 'bmp', ending: '.bmp' };
  if (isPnm(bytes)) return { reader: 'pnm', ending: '.ppm' };
  const first = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, head));
  const text = first.toString('latin1');
  const sign = signs.find(({ marks, at }) => marks.some((mark) => text.startsWith(mark, at)));
  return sign?.format ?? brandedFormat(text) ?? markupIn(first);
}

/** The reason why a file is not read. */
export function reasonAgainst(format: Extract<ImageFormat, { reader: 'none' }> | undefined): string {
  if (format !== undefined) return `it is ${format.what}; ${format.advice}`;
  return 'its first bytes are not those of an image; expected a JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP, PPM, PGM or PBM file';
}

/** Markup may begin with a byte order mark, white space, comments and declarations. */
function markupIn(first: Buffer): ImageFormat | undefined {
  const text = decodeText(first).trimStart();
  if (!text.startsWith('<')) return undefined;
  if (/<(?:\w+:)?svg[\s>]/i.test(text)) {
    const advice = 'it may refer to other files, so open it yourself: give `sharp(file)`';
    return { reader: 'none', what: 'an SVG drawing', advice };
  }
  return { reader: 'none', what: 'an HTML or XML document', advice: 'check its download URL' };
}

function decodeText(first: Buffer): string {
  if (first[0] === 0xff && first[1] === 0xfe) return first.toString('utf16le', 2);
  if (first[0] === 0xfe && first[1] === 0xff) {
    const pairs = Buffer.from(first.subarray(0, first.length & ~1));
    return pairs.swap16().toString('utf16le', 2);
  }
  return first.toString('utf8').replace(/^\ufeff/, '');
}
