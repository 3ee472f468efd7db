import type { Response } from 'undici';
import { type FileHandle, open, readFile, rename, rm, writeFile } from '../files/fs';
import { throwIfAborted } from '../validate';
import { downloadFailed } from './download-failed';
import { describeFailure, refusal, StatusError } from './failures';
import type { HttpClient } from './http-client';
import type { RemoteFile } from './remote-file';
import { isFileError, isFinal, triesWithoutProgress, wait } from './retries';

export interface DownloadOptions {
  readonly client: HttpClient;
  readonly signal: AbortSignal | undefined;
  /** `total` is 0 while it is unknown. */
  readonly onProgress: (done: number, total: number) => void;
  /** Throws if there is no room for this many more bytes. */
  readonly checkRoom: (bytes: number) => Promise<void>;
  /** More bytes than this can't be the file. */
  readonly largest: number;
  /** Wait before the first repetition without progress; it grows with each. */
  readonly pauseMs: number;
}

/**
 * Downloads a file. What a cut or killed download has left beside `target` is continued, if the server still has the
 * same file; `target` itself appears when it is complete.
 *
 * @throws PaddleLabError DOWNLOAD_FAILED, FILE_UNWRITABLE, ABORTED
 */
export async function download(remote: RemoteFile, target: string, options: DownloadOptions): Promise<void> {
  const part = await Part.open(target, remote);
  let complete = false;
  try {
    for (let tries = 0; tries < triesWithoutProgress; ) {
      const before = part.size;
      const problem = await request(remote, part, options);
      if (problem === undefined) break;
      tries = part.size > before ? 0 : tries + 1;
      if (tries === triesWithoutProgress) throw problem;
      if (tries > 0) await wait(options.pauseMs * tries, options.signal);
    }
    complete = true;
  } finally {
    await part.close(complete);
  }
  await part.publish();
}

/** Requests what is missing, and appends it. Returns a problem that may be over soon; undefined when all is there. */
async function request(remote: RemoteFile, part: Part, options: DownloadOptions): Promise<Error | undefined> {
  throwIfAborted(options.signal);
  const { client, signal } = options;
  try {
    await part.restartUnlessUsable();
    // Offsets mean nothing in a compressed answer.
    const headers = { ...remote.headers, 'accept-encoding': 'identity', ...part.rangeHeaders() };
    const response = await client.get(remote.url, { headers, signal });
    if (response.status === 416 && part.size > 0) {
      await response.body?.cancel();
      // Killed after the last byte: nothing is missing.
      if (response.headers.get('content-range') === `bytes */${part.size}`) return undefined;
      await part.restart();
      return downloadFailed(`${remote.url}: the server has another file than before`);
    }
    if (!response.ok) throw await refusal(remote.url, response);
    return await receive(remote, part, response, options);
  } catch (error) {
    const failure = error instanceof Error && isFileError(error) ? error : describeFailure(remote.url, error, signal);
    if (isFinal(failure)) throw failure;
    return failure;
  }
}

async function receive(
  remote: RemoteFile,
  part: Part,
  response: Response,
  { onProgress, checkRoom, largest }: DownloadOptions,
): Promise<Error | undefined> {
  const total = await begin(remote, part, response);
  const limit = total ?? remote.size ?? largest;
  if (limit > largest) throw tooLarge(remote, limit);
  if (total !== undefined) await checkRoom(total - part.size);
  onProgress(part.size, total ?? 0);
  for await (const chunk of response.body ?? []) {
    if (part.size + chunk.length > limit) throw tooLarge(remote, part.size + chunk.length);
    await part.append(chunk as Uint8Array);
    onProgress(part.size, total ?? 0);
  }
  if (total === undefined || part.size === total) return undefined;
  return downloadFailed(`${remote.url}: the connection was cut after ${part.size} of ${total} bytes`);
}

/** Decides whether the answer continues the file or starts it again; returns its full size, if the server says so. */
async function begin(remote: RemoteFile, part: Part, response: Response): Promise<number | undefined> {
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  if (response.status === 206 && Number(range?.[1]) !== part.size) {
    await response.body?.cancel();
    await part.restart();
    throw downloadFailed(`${remote.url}: the server sent another part than the one that was asked for`);
  }
  if (response.status !== 206) await part.restart();
  await part.remember(validatorOf(response));
  const length = response.headers.get('content-length');
  const total = range !== null ? Number(range[2]) : length === null ? undefined : Number(length);
  if (remote.size === undefined || total === undefined || total === remote.size) return total ?? remote.size;
  const text = `${remote.url}: Expected ${remote.size} bytes, as its list says, but the server announced ${total}`;
  throw new StatusError(response.status, text);
}

/** A weak ETag does not promise the same bytes. */
function validatorOf(response: Response): string | undefined {
  const tag = response.headers.get('etag');
  if (tag !== null && !tag.startsWith('W/')) return tag;
  return response.headers.get('last-modified') ?? undefined;
}

function tooLarge({ url }: RemoteFile, bytes: number): StatusError {
  return new StatusError(200, `${url}: ${bytes} bytes or more, which is far more than it should have`);
}

/** A file that is not complete yet, and the server's mark of the version that it is a part of. */
class Part {
  private constructor(
    private readonly target: string,
    private readonly remote: RemoteFile,
    private readonly handle: FileHandle,
    private validator: string | undefined,
    public size: number,
  ) {}

  static async open(target: string, remote: RemoteFile): Promise<Part> {
    const handle = await open(`${target}.part`, 'a');
    const noted = await readFile(`${target}.part.json`, 'utf8')
      .then(JSON.parse)
      .catch(() => undefined);
    const isSame = noted?.url === remote.url;
    const validator = isSame && typeof noted.validator === 'string' ? noted.validator : undefined;
    const part = new Part(target, remote, handle, validator, (await handle.stat()).size);
    if (!isSame) await part.restart();
    return part;
  }

  /** Without the server's mark, only a known SHA-256 would show that the rest belongs to another version. */
  async restartUnlessUsable(): Promise<void> {
    if (this.validator === undefined && this.remote.sha256 === undefined) await this.restart();
  }

  rangeHeaders(): Record<string, string> {
    if (this.size === 0) return {};
    return { range: `bytes=${this.size}-`, ...(this.validator === undefined ? {} : { 'if-range': this.validator }) };
  }

  async remember(validator: string | undefined): Promise<void> {
    this.validator = validator;
    await writeFile(`${this.target}.part.json`, JSON.stringify({ url: this.remote.url, validator }));
  }

  async append(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) written += (await this.handle.write(bytes, written)).bytesWritten;
    this.size += bytes.length;
  }

  async restart(): Promise<void> {
    await this.handle.truncate(0);
    this.size = 0;
  }

  async close(complete: boolean): Promise<void> {
    await this.handle.close();
    if (complete || this.size > 0) return;
    // Nothing was received, so there is nothing to continue.
    await rm(`${this.target}.part`, { force: true });
    await rm(`${this.target}.part.json`, { force: true });
  }

  async publish(): Promise<void> {
    await rename(`${this.target}.part`, this.target);
    await rm(`${this.target}.part.json`, { force: true });
  }
}
