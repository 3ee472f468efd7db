import { PaddleLabError } from '../errors';
import { checkInteger, checkOptions, checkString, invalidArgument, nearest } from '../validate';
import type { BackendBase, BackendKind } from './backend-kind';
import { onnxRuntime } from './onnxruntime/onnxruntime';
import { openInference } from './open-inference/open-inference';
import { paddle } from './paddle/paddle';
import { paddleProcess } from './paddle-process/paddle-process';

/** All kinds of session backends; add a line here for a new one, or use `registerBackend`. */
const kinds = new Map<string, BackendKind>(
  [paddle, paddleProcess, onnxRuntime, openInference].map((kind) => [kind.kind, kind as unknown as BackendKind]),
);

export function sessionKindNames(): string[] {
  return [...kinds.keys()];
}

/** @throws PaddleLabError INVALID_ARGUMENT with the nearest name */
export function backendKind(kind: string): BackendKind {
  const found = kinds.get(kind);
  if (found !== undefined) return found;
  const near = nearest(kind, sessionKindNames());
  const hint = near === undefined ? `known: ${sessionKindNames().join(', ')}` : `did you mean "${near}"?`;
  throw new PaddleLabError('INVALID_ARGUMENT', `Unknown kind of backend "${kind}"; ${hint}`);
}

/**
 * Checks the options of a backend: those of its kind, and the common ones.
 *
 * @param name the name of the options in error messages
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 */
export function checkSessionBackend<O extends BackendBase>(name: string, options: O): O {
  const kind = backendKind(options.kind ?? 'paddle');
  checkOptions(name, options, ['kind', 'name', 'threads', ...kind.optionKeys]);
  if (options.name !== undefined) checkString(`${name}.name`, options.name);
  if (options.threads !== undefined) checkInteger(`${name}.threads`, options.threads, 1);
  kind.check?.(name, options);
  return options;
}

/**
 * Adds a kind of backend, for `loadModel(dir, { backend: { kind, … } })` and `compareBackends`.
 *
 * @throws PaddleLabError INVALID_ARGUMENT (a kind with this name exists, or a part is missing)
 *
 * @example
 * import { registerBackend } from 'paddlelab';
 * registerBackend({
 *   kind: 'zeros',
 *   optionKeys: [],
 *   open: async () => ({
 *     info: { backend: 'zeros', library: 'none', device: 'cpu', precision: 'fp32', threads: 1 },
 *     inputs: [{ name: 'image', dtype: 'float32', shape: [-1, 3, 256, 256] }],
 *     outputNames: ['boxes'],
 *     run: async () => [{ name: 'boxes', dtype: 'float32', shape: [0, 6], data: new Float32Array(0), lod: [] }],
 *     copy: () => { throw new Error('there is only one'); },
 *     dispose: async () => {},
 *   }),
 * });
 */
export function registerBackend<O extends BackendBase>(kind: BackendKind<O>): void {
  checkOptions('registerBackend', kind, ['kind', 'optionKeys', 'module', 'check', 'whyUnavailable', 'open']);
  checkString('kind', kind.kind);
  if (typeof kind.open !== 'function') throw invalidArgument('open', 'function', kind.open);
  if (!Array.isArray(kind.optionKeys)) throw invalidArgument('optionKeys', 'array of strings', kind.optionKeys);
  if (kind.module !== undefined) checkString('module', kind.module);
  if (kinds.has(kind.kind)) throw invalidArgument('kind', 'name that no other backend has', kind.kind);
  kinds.set(kind.kind, kind as unknown as BackendKind);
}
