import path from 'node:path';
import { PaddleLabError } from '../errors';
import { type FileHandle, open, readdir, readFile, stat, statIfThere } from '../files/fs';
import { describeForeign, foreignKindOfBytes, isCheckpointName } from './program-check/foreign-file';
import { checkParameterStream } from './program-check/parameter-stream';
import { checkPirProgram } from './program-check/pir-program';
import { checkProgramDesc, type ProgramOutline } from './program-check/program-desc';
import { Damage } from './program-check/protobuf-reader';

/** `pdmodel`: protobuf program of Paddle 1.x and 2.x; `json`: PIR program of Paddle 3. */
export type ProgramFormat = 'pdmodel' | 'json';

/** The result of checking a model's files. */
export interface CheckedModel {
  readonly format: ProgramFormat;
  readonly outline: ProgramOutline;
}

/** Protobuf's own limit for one message. */
const largestProgram = 2 ** 31 - 1;

const advice =
  'export or copy the model again (a Git LFS pointer, an unfinished download and swapped files look like this)';

/**
 * Checks the structure of a program and of its parameters, and that they belong together. Paddle does not validate its
 * files, and crashes on some damaged ones.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, MODEL_DAMAGED, MODEL_UNSUPPORTED (another kind of file)
 */
export async function checkModelFiles(program: string, params: string): Promise<CheckedModel> {
  const state = `${await stateOf(program)} ${await stateOf(params)}`;
  if (lastChecked?.state === state) return lastChecked.model;
  const model = await readProgram(program);
  await checkParamsFile(params, model.outline);
  lastChecked = { state, model };
  return model;
}

/** The same for a folder with one file per parameter, named after it (Paddle 1.x). */
export async function checkSeparateFiles(program: string, directory: string): Promise<CheckedModel> {
  const checked = await readProgram(program);
  for (const slot of checked.outline.parameters) {
    const file = path.join(directory, slot.name);
    if ((await statIfThere(file)) === undefined) {
      throw new PaddleLabError(
        'FILE_NOT_FOUND',
        `Expected __params__, or a file for each parameter, beside ${program} but there is no ${slot.name}`,
      );
    }
    await checkParamsFile(file, { ...checked.outline, parameters: [slot] });
  }
  return checked;
}

/** Checks a program alone. */
export async function readProgram(program: string): Promise<CheckedModel> {
  const format = await programFormat(program);
  return { format, outline: await readOutline(program, format) };
}

/** A model is checked when it is loaded and by each predictor; the result is cached. */
let lastChecked: { readonly state: string; readonly model: CheckedModel } | undefined;

/** A string that changes whenever a file is replaced or written to. */
export async function stateOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found === undefined ? file : `${file} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}

/** The format of a program by its content, which takes precedence over its name. */
export async function programFormat(file: string): Promise<ProgramFormat> {
  const head = await readHead(file, 64, 'program');
  const format = formatOfBytes(head);
  if (format !== undefined) return format;
  await refuseForeign(file, 'a Paddle program (.pdmodel or .json)', head);
  throw damaged(file, 'a Paddle program (.pdmodel protobuf or Paddle 3 .json)', describeStart(head));
}

/** The format by the first bytes; undefined if it is not a program. */
export function formatOfBytes(head: Uint8Array): ProgramFormat | undefined {
  const text = Buffer.from(head.subarray(0, 64)).toString('latin1').trimStart();
  if (text.startsWith('{')) return 'json';
  // Field 1, length-delimited: the first block of a ProgramDesc.
  return head[0] === 0x0a ? 'pdmodel' : undefined;
}

/** Checks a parameter file, against its program if that was read. */
export async function checkParamsFile(file: string, outline?: ProgramOutline): Promise<void> {
  const { handle, size } = await openFile(file, 'parameters');
  try {
    if (size === 0 && outline?.parameters.length !== 0) throw new Damage('an empty file');
    await checkParameterStream(handle, size, outline?.parameters);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    const head = buffer.subarray(0, bytesRead);
    await refuseForeign(file, 'Paddle parameters (.pdiparams)', head, error);
    // A file that looks like another format is reported as that: "version 1986356271 …" would not help.
    const what = head.length > 0 && !startsLikeParams(head) ? describeStart(head) : error.message;
    throw damaged(file, 'Paddle parameters (.pdiparams)', what, error);
  } finally {
    await handle.close();
  }
}

/** Checks a program that is in memory. */
export function outlineOf(bytes: Buffer, format: ProgramFormat): ProgramOutline {
  return format === 'json' ? checkPirProgram(bytes.toString('utf8')) : checkProgramDesc(bytes);
}

async function readOutline(file: string, format: ProgramFormat): Promise<ProgramOutline> {
  const { size } = await stat(file);
  try {
    if (size > largestProgram) throw new Damage(`${size} bytes`);
    return outlineOf(await readFile(file), format);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    const expected = format === 'json' ? 'a Paddle 3 program (.json)' : 'a Paddle program (.pdmodel protobuf)';
    throw damaged(file, expected, error.message, error);
  }
}

async function readHead(file: string, bytes: number, what: string): Promise<Buffer> {
  const { handle } = await openFile(file, what);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function openFile(file: string, what: string): Promise<{ handle: FileHandle; size: number }> {
  const found = await stat(file).catch(async (error: unknown) => {
    await refuseCheckpointBeside(file, what);
    throw new PaddleLabError('FILE_NOT_FOUND', `Expected the model's ${what} at ${file} but the file does not exist`, {
      cause: error,
    });
  });
  if (!found.isFile())
    throw new PaddleLabError('FILE_NOT_FOUND', `Expected the model's ${what} but ${file} is not a file`);
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw new PaddleLabError('FILE_NOT_FOUND', `Expected the model's ${what} but ${file} can't be read`, {
      cause: error,
    });
  });
  return { handle, size: found.size };
}

/**
 * Reports a file that is not an exported model, with advice.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED
 */
async function refuseForeign(file: string, expected: string, head: Buffer, cause?: Error): Promise<void> {
  const kind = foreignKindOfBytes(head, path.basename(file));
  if (kind === undefined) return;
  const text = `Expected ${expected} in ${file} but received ${await describeForeign(kind, file)}`;
  throw new PaddleLabError('MODEL_UNSUPPORTED', text, { cause });
}

/** Checks for training weights in place of the exported parameters. */
async function refuseCheckpointBeside(file: string, what: string): Promise<void> {
  const folder = path.dirname(file);
  const weights = (await readdir(folder).catch(() => [])).find(isCheckpointName);
  if (weights === undefined) return;
  const found = await describeForeign('checkpoint', path.join(folder, weights));
  throw new PaddleLabError('MODEL_UNSUPPORTED', `Expected the model's ${what} at ${file} but found ${found}`);
}

function startsLikeParams(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) === 0;
}

function damaged(file: string, expected: string, received: string, cause?: Error): PaddleLabError {
  return new PaddleLabError('MODEL_DAMAGED', `Expected ${expected} in ${file} but received ${received}; ${advice}`, {
    cause,
  });
}

function describeStart(head: Buffer): string {
  return head.length === 0 ? 'an empty file' : `a file that starts with ${showBytes(head)}`;
}

function showBytes(head: Buffer): string {
  const text = head.subarray(0, 12).toString('latin1');
  return /^[\x20-\x7e\s]+$/.test(text) ? JSON.stringify(text) : `bytes ${head.subarray(0, 8).toString('hex')}`;
}
