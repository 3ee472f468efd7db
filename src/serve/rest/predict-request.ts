import { shownJson } from '../../open-inference/described-tensor';
import { wrongRequest } from '../service/refusals';

/** Images of a request to predict. */
export interface PredictCall {
  readonly images: readonly Buffer[];
  /** Whether the answer is a list, because the request has one. */
  readonly many: boolean;
  readonly threshold: number | undefined;
}

const mostImages = 256;

/**
 * One image as the body, or several as a form (`multipart/form-data`) or in JSON: `{ "images": ["BASE64"] }`.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export async function readPredictRequest(type: string, body: Buffer, query: unknown): Promise<PredictCall> {
  const threshold = readThreshold((query as { threshold?: unknown }).threshold);
  if (body.length === 0) throw wrongRequest('an image as the body', 'no body');
  if (/^multipart\/form-data/i.test(type))
    return { images: few(await imagesOfForm(type, body)), many: true, threshold };
  if (!/^application\/json/i.test(type)) return { images: [body], many: false, threshold };
  const json = imagesOfJson(body);
  return { images: few(json.images), many: true, threshold: readThreshold(json.threshold) ?? threshold };
}

function few(images: readonly Buffer[]): readonly Buffer[] {
  if (images.length >= 1 && images.length <= mostImages) return images;
  throw wrongRequest(`1 to ${mostImages} images`, String(images.length));
}

function readThreshold(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const threshold = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof threshold === 'number' && threshold >= 0 && threshold <= 1) return threshold;
  throw wrongRequest('a number from 0 to 1 for threshold', shownJson(value));
}

async function imagesOfForm(type: string, body: Buffer): Promise<Buffer[]> {
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw wrongRequest('a form of files', 'another body');
  });
  const files = [...form.values()].filter((value) => typeof value !== 'string');
  return Promise.all(files.map(async (file) => Buffer.from(await file.arrayBuffer())));
}

function imagesOfJson(body: Buffer): { readonly images: Buffer[]; readonly threshold: unknown } {
  let document: unknown;
  try {
    document = JSON.parse(body.toString('utf8'));
  } catch {
    throw wrongRequest('JSON', 'another body');
  }
  const { images, threshold } = (document ?? {}) as { images?: unknown; threshold?: unknown };
  if (!Array.isArray(images)) throw wrongRequest('an array "images" of texts in Base64', shownJson(images));
  return { images: images.map(fromBase64), threshold };
}

function fromBase64(text: unknown, i: number): Buffer {
  const plain = typeof text === 'string' ? text.replace(/^data:[^,]{0,100};base64,/, '') : '';
  if (plain !== '' && /^[A-Za-z0-9+/=_-]+$/.test(plain)) return Buffer.from(plain, 'base64');
  throw wrongRequest(`a text in Base64 for images[${i}]`, shownJson(text));
}

const pictures = ['png', 'jpeg', 'webp'] as const;

/** What the client accepts first: JSON, or a picture. */
export function wantedForm(accept: string | undefined): 'json' | (typeof pictures)[number] {
  for (const part of (accept ?? '').slice(0, 1000).split(',')) {
    const type = part.split(';')[0]!.trim().toLowerCase();
    const picture = pictures.find((format) => type === `image/${format}`);
    if (picture !== undefined) return picture;
    if (type === 'application/json' || type === '*/*') return 'json';
    if (type === 'image/*') return 'png';
  }
  return 'json';
}
