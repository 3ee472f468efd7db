import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { existsSync, statSync } from '../../files/fs';
import { checkBoolean, checkString, invalidArgument } from '../../validate';
import { ConfigRecorder, type ModelSource } from './recorder';

export type { ModelBytes, ModelSource } from './recorder';

/** The model of a configuration. */
export abstract class ModelSettings extends ConfigRecorder {
  /**
   * Chooses the model: a program (`.pdmodel`, `.json`, `__model__`) and its parameter file; or a directory and the files'
   * common prefix; or a directory of Paddle 1.x, with `__model__` and either `__params__` or a file for each parameter.
   * Paddle 2.6, 3.x; any build.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, MODEL_NOT_FOUND
   */
  setModel(modelOrDirectory: string, paramsOrPrefix?: string): void {
    checkString('modelOrDirectory', modelOrDirectory);
    if (paramsOrPrefix !== undefined) checkString('paramsOrPrefix', paramsOrPrefix);
    this.model = findModel(modelOrDirectory, paramsOrPrefix);
  }

  /** Replaces the program's path and keeps the parameters'. Paddle 2.6, 3.x; any build. */
  setProgFile(file: string): void {
    this.model = { kind: 'files', program: checkString('file', file), params: this.paramsFile };
  }

  /** Replaces the parameters' path and keeps the program's. Paddle 2.6, 3.x; any build. */
  setParamsFile(file: string): void {
    this.model = { kind: 'files', program: this.progFile, params: checkString('file', file) };
  }

  /**
   * Takes the model from memory, in either format. The bytes are read when a predictor is created, and must not change
   * before. They are passed through a temporary file, which is removed at once, because Paddle crashes on a Paddle 3
   * program in memory. Paddle 2.6, 3.x; any build.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  setModelBuffer(program: Uint8Array, params: Uint8Array): void {
    if (!(program instanceof Uint8Array)) throw invalidArgument('program', 'Uint8Array', program);
    if (!(params instanceof Uint8Array)) throw invalidArgument('params', 'Uint8Array', params);
    this.model = { kind: 'bytes', bytes: { program, params } };
  }

  /** The directory of a model whose parameters are separate files; empty otherwise. */
  get modelDir(): string {
    return this.model.kind === 'directory' ? this.model.directory : '';
  }

  /** Path of the program; empty for a model in memory. */
  get progFile(): string {
    return this.model.kind === 'files' || this.model.kind === 'directory' ? this.model.program : '';
  }

  /** Path of the parameters; empty if they are separate files or in memory. */
  get paramsFile(): string {
    return this.model.kind === 'files' ? this.model.params : '';
  }

  /** Whether the model was given as bytes. */
  get modelFromMemory(): boolean {
    return this.model.kind === 'bytes';
  }

  /** @internal The location of the model. */
  get modelSource(): ModelSource {
    return this.model;
  }

  /**
   * Cache folder of the engines: optimised programs, TensorRT engines, the OpenVINO engine's compiled models. Paddle
   * 2.6, 3.x; any build.
   */
  setOptimCacheDir(directory: string): void {
    this.record('SetOptimCacheDir', checkString('directory', directory));
  }

  /** Loads the optimised program that an earlier run saved. Paddle 3.x; any build. */
  useOptimizedModel(enabled = true): void {
    this.record('UseOptimizedModel', checkBoolean('enabled', enabled));
  }

  /** Saves the optimised program in the folder of `setOptimCacheDir`. Paddle 2.6, 3.x; any build. */
  enableSaveOptimModel(enabled = true): void {
    this.record('EnableSaveOptimModel', checkBoolean('enabled', enabled));
  }
}

function findModel(first: string, second: string | undefined): ModelSource {
  const isDirectory = statSync(first, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (second !== undefined && !isDirectory) return { kind: 'files', program: first, params: second };
  if (second !== undefined) {
    const params = path.join(first, `${second}.pdiparams`);
    const programs = ['.json', '.pdmodel'].map((extension) => path.join(first, second + extension));
    const program = programs.find((file) => existsSync(file));
    if (program !== undefined) return { kind: 'files', program, params };
    throw new PaddleLabError('MODEL_NOT_FOUND', `Expected ${programs.join(' or ')} but neither exists`);
  }
  const program = path.join(first, '__model__');
  if (!isDirectory || !existsSync(program)) {
    throw new PaddleLabError(
      'MODEL_NOT_FOUND',
      `Expected a directory with __model__ but received ${first}; give the program and the parameters as two paths`,
    );
  }
  const params = path.join(first, '__params__');
  return existsSync(params) ? { kind: 'files', program, params } : { kind: 'directory', directory: first, program };
}
