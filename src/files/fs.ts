// The calls of the file system that this library makes, with the names that Node gives them. They fail with coded errors;
// a test sees to it that nothing else is imported from node:fs.
import * as sync from 'node:fs';
import * as promises from 'node:fs/promises';
import { errnoOf, type FileAccess, fileError } from './file-error';

export type { FileHandle } from 'node:fs/promises';

// biome-ignore lint/suspicious/noExplicitAny: the types of the calls are kept as they are, overloads too
type AnyFunction = (...values: any[]) => any;

/** The paths of a call, for its error: of two, the one that is written. */
function pathOf(values: readonly unknown[], second: boolean): string {
  const [first, other] = values;
  return String(second && other !== undefined ? other : first);
}

function coded<F extends AnyFunction>(call: F, access: FileAccess, second = false): F {
  const wrapped = (...values: unknown[]): unknown => {
    try {
      const result: unknown = call(...values);
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        throw fileError(error, access, pathOf(values, second));
      });
    } catch (error) {
      throw fileError(error, access, pathOf(values, second));
    }
  };
  return wrapped as F;
}

/** Opening reads or writes, by its flags. */
function opening<F extends AnyFunction>(call: F): F {
  const [reading, writing] = [coded(call, 'read'), coded(call, 'write')];
  const wrapped = (...values: unknown[]): unknown => ((values[1] ?? 'r') === 'r' ? reading : writing)(...values);
  return wrapped as F;
}

/** Streams say what failed when they end: their error becomes a coded one on its way. */
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

/** What is no error of the file system, such as an abort, stays as it is. */
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
export const copyFile: typeof promises.copyFile = coded(promises.copyFile, 'write', true);
export const cp: typeof promises.cp = coded(promises.cp, 'write', true);
export const mkdir: typeof promises.mkdir = coded(promises.mkdir, 'write');
export const mkdtemp: typeof promises.mkdtemp = coded(promises.mkdtemp, 'write');
export const rename: typeof promises.rename = coded(promises.rename, 'write', true);
export const rm: typeof promises.rm = coded(promises.rm, 'write');
export const rmdir: typeof promises.rmdir = coded(promises.rmdir, 'write');
export const symlink: typeof promises.symlink = coded(promises.symlink, 'write', true);
export const truncate: typeof promises.truncate = coded(promises.truncate, 'write');
export const writeFile: typeof promises.writeFile = coded(promises.writeFile, 'write');

export const createReadStream: typeof sync.createReadStream = streaming(sync.createReadStream as never, 'read');
export const createWriteStream: typeof sync.createWriteStream = streaming(sync.createWriteStream as never, 'write');

export const constants: typeof sync.constants = sync.constants;
export const existsSync: typeof sync.existsSync = sync.existsSync;
export const closeSync: typeof sync.closeSync = sync.closeSync;
export const fstatSync: typeof sync.fstatSync = sync.fstatSync;
export const openSync: typeof sync.openSync = opening(sync.openSync);
export const readSync: typeof sync.readSync = sync.readSync;
export const readdirSync: typeof sync.readdirSync = coded(sync.readdirSync, 'read');
export const readFileSync: typeof sync.readFileSync = coded(sync.readFileSync, 'read');
export const readlinkSync: typeof sync.readlinkSync = coded(sync.readlinkSync, 'read');
export const realpathSync: typeof sync.realpathSync = coded(sync.realpathSync, 'read');
export const statSync: typeof sync.statSync = coded(sync.statSync, 'read');
export const appendFileSync: typeof sync.appendFileSync = coded(sync.appendFileSync, 'write');
export const copyFileSync: typeof sync.copyFileSync = coded(sync.copyFileSync, 'write', true);
export const ftruncateSync: typeof sync.ftruncateSync = sync.ftruncateSync;
export const mkdirSync: typeof sync.mkdirSync = coded(sync.mkdirSync, 'write');
export const mkdtempSync: typeof sync.mkdtempSync = coded(sync.mkdtempSync, 'write');
export const renameSync: typeof sync.renameSync = coded(sync.renameSync, 'write', true);
export const rmSync: typeof sync.rmSync = coded(sync.rmSync, 'write');
export const writeFileSync: typeof sync.writeFileSync = coded(sync.writeFileSync, 'write');
export const writeSync: typeof sync.writeSync = sync.writeSync;

/**
 * What a path leads to; undefined where there is nothing.
 *
 * @throws PaddleLabError FILE_NOT_FOUND where that can't be told, such as for want of permission
 */
export async function statIfThere(file: string): Promise<sync.Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
