import { createRequire } from 'node:module';
import path from 'node:path';
import { existsSync } from '../../files/fs';
import type { RivalBase, RivalKind } from './rival';

/** onnxruntime-node, of the project in the current folder, on the model converted to ONNX. */
export interface OnnxRuntimeRival extends RivalBase {
  readonly kind: 'onnxruntime';
  /** The converted model; by default `inference.onnx` or `model.onnx` beside the program. */
  readonly onnx?: string;
}

export const onnxRuntime: RivalKind<OnnxRuntimeRival> = {
  keys: ['precision', 'threads', 'onnx'],
  start({ onnx, precision = 'fp32' }, { directory, files, threads }) {
    const unavailable = (reason: string) => ({ kind: 'unavailable', reason }) as const;
    if (precision !== 'fp32')
      return unavailable(`onnxruntime runs a model in its own precision, not in "${precision}"`);
    const module = findModule();
    if (module === undefined)
      return unavailable('onnxruntime-node is not installed here; npm install onnxruntime-node');
    const folders = [directory, path.dirname(files.program)];
    const usual = folders.flatMap((folder) => ['inference.onnx', 'model.onnx'].map((name) => path.join(folder, name)));
    const model = [...(onnx === undefined ? usual : [path.resolve(onnx)])].find((file) => existsSync(file));
    if (model === undefined) {
      const where = onnx ?? 'inference.onnx or model.onnx beside the program';
      return unavailable(
        `the model converted to ONNX is missing (${where}); make it with \`paddlelab convert --to onnx\``,
      );
    }
    const launch = { kind: 'node', script: 'compare/rivals/onnxruntime-child.js' } as const;
    return { kind: 'launch', launch, request: { module, model, threads } };
  },
};

function findModule(): string | undefined {
  try {
    return createRequire(path.join(process.cwd(), 'any.js')).resolve('onnxruntime-node');
  } catch {
    return undefined;
  }
}
