import { open, stat } from 'node:fs/promises';
import { PaddleLabError } from '../errors';

/** `pdmodel`: protobuf program of Paddle 1.x and 2.x; `json`: PIR program of Paddle 3. */
export type ProgramFormat = 'pdmodel' | 'json';

/** A parameter stream begins with three version fields, all zero. */
const paramsHeaderBytes = 16;

/** The format of a program by its content, which counts more than its name. */
export async function programFormat(file: string): Promise<ProgramFormat> {
  const head = await readHead(file, 64, 'program');
  const text = head.toString('latin1').trimStart();
  if (text.startsWith('{')) return 'json';
  // Field 1, length-delimited: the first block of a ProgramDesc.
  if (head[0] === 0x0a) return 'pdmodel';
  throw damaged(file, 'a Paddle program (.pdmodel protobuf or Paddle 3 .json)', head);
}

/** Refuses what is no parameter file, because Paddle may crash on it. */
export async function checkParamsFile(file: string): Promise<void> {
  const head = await readHead(file, paramsHeaderBytes, 'parameters');
  if (head.length < paramsHeaderBytes || head.some((byte) => byte !== 0)) {
    throw damaged(file, 'Paddle parameters (.pdiparams)', head);
  }
}

async function readHead(file: string, bytes: number, what: string): Promise<Buffer> {
  const found = await stat(file).catch((error: unknown) => {
    throw new PaddleLabError('FILE_NOT_FOUND', `Expected the model's ${what} at ${file} but there is no such file`, {
      cause: error,
    });
  });
  if (!found.isFile())
    throw new PaddleLabError('FILE_NOT_FOUND', `Expected the model's ${what} but ${file} is no file`);
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function damaged(file: string, expected: string, head: Buffer): PaddleLabError {
  const start = head.length === 0 ? 'an empty file' : `a file that starts with ${showBytes(head)}`;
  return new PaddleLabError(
    'MODEL_DAMAGED',
    `Expected ${expected} in ${file} but received ${start}; export or copy the model again (a Git LFS pointer, ` +
      'an unfinished download and swapped files look like this)',
  );
}

function showBytes(head: Buffer): string {
  const text = head.subarray(0, 12).toString('latin1');
  return /^[\x20-\x7e\s]+$/.test(text) ? JSON.stringify(text) : `bytes ${head.subarray(0, 8).toString('hex')}`;
}
