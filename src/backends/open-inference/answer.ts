import type { HttpAnswer } from '../../http/http-answer';
import {
  type DescribedTensor,
  type ReceivedTensor,
  readDescribed,
  sizeBehind,
} from '../../open-inference/described-tensor';
import { parseExactly } from '../../open-inference/json-elements';
import { objectOf, refusing, wrong } from './metadata';
import { RemoteError } from './remote-error';

const noBytes = Buffer.alloc(0);

/** The largest JSON object before bytes, which only describes them. */
const largestHead = 16e6;

/**
 * Reads the answer of a run. No more is kept than the answer itself has announced, and never more than `largest` bytes.
 *
 * @throws RemoteError
 */
export async function readInferAnswer(url: string, answer: HttpAnswer, largest: number): Promise<ReceivedTensor[]> {
  const headLength = headLengthOf(url, answer);
  if (headLength === undefined) {
    const body = await readBody(url, answer, () => ({ limit: largest, exact: false }));
    return divide(outputsOf(url, parse(url, body)), noBytes);
  }
  if (headLength > Math.min(largestHead, largest)) throw tooLarge(url, headLength, Math.min(largestHead, largest));
  let outputs: DescribedTensor[] | undefined;
  const body = await readBody(url, answer, (received) => {
    if (received.size < headLength) return { limit: largest, exact: false };
    outputs ??= outputsOf(url, parse(url, received.concat().subarray(0, headLength)));
    return { limit: headLength + sizeOf(url, outputs, largest), exact: true };
  });
  if (outputs === undefined)
    throw new RemoteError(url, `the server announced ${headLength} bytes of JSON but sent ${body.length}`);
  return divide(outputs, body.subarray(headLength));
}

/** Gives each output its bytes, which come in the order of the outputs. */
function divide(outputs: readonly DescribedTensor[], bytes: Buffer): ReceivedTensor[] {
  let at = 0;
  return outputs.map((output) => {
    const start = at;
    at += sizeBehind([output]);
    return { ...output, bytes: bytes.subarray(start, at) };
  });
}

function headLengthOf(url: string, { headers, body }: HttpAnswer): number | undefined {
  const text = headers['inference-header-content-length'];
  if (text === undefined) return undefined;
  const length = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (length > 0) return length;
  body.destroy();
  throw wrong(url, 'a number of bytes for Inference-Header-Content-Length', text);
}

function sizeOf(url: string, outputs: readonly DescribedTensor[], largest: number): number {
  const size = sizeBehind(outputs);
  if (size > largest) throw tooLarge(url, size, largest);
  return size;
}

/** What came so far. */
interface Received {
  readonly size: number;
  concat(): Buffer;
}

interface Limit {
  readonly limit: number;
  /** Whether fewer bytes are wrong too. */
  readonly exact: boolean;
}

/** Reads a body up to the limit, which may be known only after its first bytes. */
async function readBody(
  url: string,
  answer: HttpAnswer,
  limitOf: (received: Received) => Limit,
  options?: string,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const received = (): Received => ({ size, concat: () => Buffer.concat(chunks) });
  const announced = Number(answer.headers['content-length'] ?? 0);
  let { limit, exact } = limitOf(received());
  if (announced > limit) {
    answer.body.destroy();
    throw tooLarge(url, announced, limit, options);
  }
  await answer.body.read((chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (!exact) ({ limit, exact } = limitOf(received()));
    if (size > limit && exact)
      throw new RemoteError(url, `the server sent more than the ${limit} bytes that its answer announces`);
    if (size > limit) throw tooLarge(url, size, limit, options);
  });
  if (exact && size < limit) {
    throw new RemoteError(url, `the answer ended after ${size} of the ${limit} bytes that it announces`);
  }
  return Buffer.concat(chunks);
}

function tooLarge(url: string, size: number, limit: number, options = 'backend.'): RemoteError {
  const text = `an answer of ${size} bytes or more, but at most ${limit} are read; ${options}largestAnswer sets another limit`;
  return new RemoteError(url, text);
}

/** Reads a short answer, such as metadata or an error, as a text. */
export async function readText(
  url: string,
  answer: HttpAnswer,
  limit = largestHead,
  options?: string,
): Promise<string> {
  return (await readBody(url, answer, () => ({ limit, exact: false }), options)).toString('utf8');
}

function parse(url: string, bytes: Buffer): unknown {
  try {
    return parseExactly(bytes.toString('utf8'));
  } catch (error) {
    throw new RemoteError(url, `Expected JSON but the server answered ${shownStart(bytes)}`, { cause: error });
  }
}

export function shownStart(bytes: Buffer): string {
  return JSON.stringify(bytes.subarray(0, 80).toString('utf8'));
}

function outputsOf(url: string, document: unknown): DescribedTensor[] {
  const { outputs, error } = objectOf(url, 'the answer of a run', document);
  if (!Array.isArray(outputs)) {
    if (typeof error === 'string') throw new RemoteError(url, `the server failed: ${error.slice(0, 500)}`);
    throw wrong(url, 'an array "outputs"', outputs);
  }
  return outputs.map((one: unknown, i) => readDescribed(`outputs[${i}]`, one, refusing(url)));
}
