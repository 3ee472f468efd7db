// The file system calls of this library, under Node's names. They fail with coded errors; a test ensures that no other
// file imports node:fs.
import * as sync from 'node:fs';
import * as promises from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, type FileAccess, fileError } from './file-error';

export type { FileHandle } from 'node:fs/promises';

// biome-ignore lint/suspicious/noExplicitAny: the types of the calls are kept as they are, overloads too
type AnyFunction = (...values: any[]) => any;

/** Picks the path for the error message from the arguments of a call. */
type PathOf = (values: readonly unknown[]) => unknown;

const first: PathOf = ([file]) => file;
const second: PathOf = ([, file]) => file;

function coded<F extends AnyFunction>(call: F, access: FileAccess, pathOf: PathOf = first): F {
  const wrapped = (...values: unknown[]): unknown => {
    try {
      const result: unknown = call(...values);
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        throw fileError(error, access, String(pathOf(values)));
      });
    } catch (error) {
      throw fileError(error, access, String(pathOf(values)));
    }
  };
  return wrapped as F;
}

/** The flags decide whether opening is a read or a write; operations on the open file also fail with coded errors. */
function opening<F extends AnyFunction>(call: F): F {
  const [reading, writing] = [coded(call, 'read'), coded(call, 'write')];
  const wrapped = (...values: unknown[]): unknown => {
    const result: unknown = ((values[1] ?? 'r') === 'r' ? reading : writing)(...values);
    const file = String(values[0]);
    if (result instanceof Promise) return result.then((handle: promises.FileHandle) => codedHandle(handle, file));
    openFiles.set(result as number, file);
    return result;
  };
  return wrapped as F;
}

/** The path of each open file descriptor, for the errors of calls that only get the number. */
const openFiles = new Map<number, string>();

const handleCalls = {
  read: ['read', 'readv', 'readFile', 'stat'],
  write: ['write', 'writev', 'writeFile', 'appendFile', 'truncate', 'sync', 'datasync', 'close'],
} as const;

function codedHandle(handle: promises.FileHandle, file: string): promises.FileHandle {
  const calls = handle as unknown as Record<string, AnyFunction>;
  for (const access of ['read', 'write'] as const) {
    for (const name of handleCalls[access])
      calls[name] = coded((calls[name] as AnyFunction).bind(handle), access, () => file);
  }
  return handle;
}

/** A call that takes a file descriptor. */
function numbered<F extends AnyFunction>(call: F, access: FileAccess): F {
  const wrapped = (file: number, ...values: unknown[]): unknown => {
    try {
      return call(file, ...values);
    } catch (error) {
      throw fileError(error, access, openFiles.get(file) ?? `file descriptor ${file}`);
    } finally {
      if ((call as unknown) === sync.closeSync) openFiles.delete(file);
    }
  };
  return wrapped as F;
}

/** Streams report errors when they end; the error is converted into a coded one. */
function streaming<F extends (file: string, ...values: never[]) => sync.ReadStream | sync.WriteStream>(
  create: F,
  access: FileAccess,
): F {
  const wrapped = (file: string, ...values: never[]): sync.ReadStream | sync.WriteStream => {
    const stream = create(file, ...values);
    const destroy = stream.destroy.bind(stream);
    const withCode = (error?: Error): unknown => destroy(error && asFileError(error, access, file));
    Object.assign(stream, { destroy: withCode });
    return stream;
  };
  return wrapped as F;
}

/**
 * Node 20 reports ENOENT if a recursive mkdir fails on a read-only file system; creating the first missing folder gives
 * the real reason.
 */
async function mkdirWithReason(folder: string, options?: sync.MakeDirectoryOptions): Promise<string | undefined> {
  try {
    return await promises.mkdir(folder, options);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && options?.recursive) await promises.mkdir(firstMissing(folder));
    throw error;
  }
}

function mkdirSyncWithReason(folder: string, options?: sync.MakeDirectoryOptions): string | undefined {
  try {
    return sync.mkdirSync(folder, options);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && options?.recursive) sync.mkdirSync(firstMissing(folder));
    throw error;
  }
}

/** The topmost missing folder of a path. */
function firstMissing(folder: string): string {
  let missing = path.resolve(folder);
  while (!sync.existsSync(path.dirname(missing))) missing = path.dirname(missing);
  return missing;
}

/** Errors that do not come from the file system, such as an abort, are passed on unchanged. */
function asFileError(error: Error, access: FileAccess, file: string): Error {
  return errnoOf(error) === undefined || error.name === 'AbortError' ? error : fileError(error, access, file);
}

export const access: typeof promises.access = coded(promises.access, 'read');
export const open: typeof promises.open = opening(promises.open);
export const readdir: typeof promises.readdir = coded(promises.readdir, 'read');
export const readFile: typeof promises.readFile = coded(promises.readFile, 'read');
export const realpath: typeof promises.realpath = coded(promises.realpath, 'read');
export const stat: typeof promises.stat = coded(promises.stat, 'read');
export const statfs: typeof promises.statfs = coded(promises.statfs, 'read');

export const appendFile: typeof promises.appendFile = coded(promises.appendFile, 'write');
export const chmod: typeof promises.chmod = coded(promises.chmod, 'write');
export const copyFile: typeof promises.copyFile = coded(promises.copyFile, 'write', second);
export const cp: typeof promises.cp = coded(promises.cp, 'write', second);
export const mkdir: typeof promises.mkdir = coded(mkdirWithReason as typeof promises.mkdir, 'write');
export const mkdtemp: typeof promises.mkdtemp = coded(promises.mkdtemp, 'write');
export const rename: typeof promises.rename = coded(promises.rename, 'write', second);
export const rm: typeof promises.rm = coded(promises.rm, 'write');
export const rmdir: typeof promises.rmdir = coded(promises.rmdir, 'write');
export const symlink: typeof promises.symlink = coded(promises.symlink, 'write', second);
export const truncate: typeof promises.truncate = coded(promises.truncate, 'write');
export const writeFile: typeof promises.writeFile = coded(promises.writeFile, 'write');

export const createReadStream: typeof sync.createReadStream = streaming(sync.createReadStream as never, 'read');
export const createWriteStream: typeof sync.createWriteStream = streaming(sync.createWriteStream as never, 'write');

export const constants: typeof sync.constants = sync.constants;
export const existsSync: typeof sync.existsSync = sync.existsSync;
export const closeSync: typeof sync.closeSync = numbered(sync.closeSync, 'write');
export const fstatSync: typeof sync.fstatSync = numbered(sync.fstatSync, 'read');
export const openSync: typeof sync.openSync = opening(sync.openSync);
export const readSync: typeof sync.readSync = numbered(sync.readSync, 'read');
export const readdirSync: typeof sync.readdirSync = coded(sync.readdirSync, 'read');
export const readFileSync: typeof sync.readFileSync = coded(sync.readFileSync, 'read');
export const readlinkSync: typeof sync.readlinkSync = coded(sync.readlinkSync, 'read');
export const realpathSync: typeof sync.realpathSync = coded(sync.realpathSync, 'read');
export const statSync: typeof sync.statSync = coded(sync.statSync, 'read');
export const appendFileSync: typeof sync.appendFileSync = coded(sync.appendFileSync, 'write');
export const copyFileSync: typeof sync.copyFileSync = coded(sync.copyFileSync, 'write', second);
export const ftruncateSync: typeof sync.ftruncateSync = numbered(sync.ftruncateSync, 'write');
export const mkdirSync: typeof sync.mkdirSync = coded(mkdirSyncWithReason as typeof sync.mkdirSync, 'write');
export const mkdtempSync: typeof sync.mkdtempSync = coded(sync.mkdtempSync, 'write');
export const renameSync: typeof sync.renameSync = coded(sync.renameSync, 'write', second);
export const rmSync: typeof sync.rmSync = coded(sync.rmSync, 'write');
export const writeFileSync: typeof sync.writeFileSync = coded(sync.writeFileSync, 'write');
export const writeSync: typeof sync.writeSync = numbered(sync.writeSync, 'write');

/**
 * The file status of a path; undefined if nothing exists there.
 *
 * @throws PaddleLabError FILE_NOT_FOUND if that can't be determined, for example without permission
 */
export async function statIfThere(file: string): Promise<sync.Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
