import path from 'node:path';
import { PaddleLabError } from '../errors';
import { writeAtomically } from '../files/atomic-file';
import { diskFull, hasNoRoom, isDiskFull } from '../files/disk-full';
import { stat } from '../files/fs';
import { sweepTemporaries } from '../files/temporaries';
import { packageRoot } from '../package-root';
import { type ProcessResult, runProcess } from '../processes/run-process';
import type { ModelSpec } from '../spec/spec';
import { TemporaryFolder } from '../temporary-folder';
import { answersOf, complaintsOf, type MissingPackage, refuseStart } from './python-answers';

export interface ConvertToOnnxOptions {
  /** A Python interpreter with paddlepaddle and paddle2onnx. */
  readonly python: string;
  /** ONNX operator set version. */
  readonly opset: number;
  readonly signal: AbortSignal;
  /** Called with the package versions, once they are known. */
  onBegin(versions: ConverterVersions): void;
}

export interface ConverterVersions {
  readonly paddle: string;
  readonly paddle2onnx: string;
}

type Answer = MissingPackage | ({ readonly kind: 'begin' } & ConverterVersions);

/** A tested combination: with Paddle 3.3 fewer models can be converted. */
const packages = 'paddle2onnx "paddlepaddle==3.0.0" setuptools onnxruntime';

/**
 * Converts a program to ONNX with Paddle's own converter, in a Python process; the file is written atomically.
 *
 * @throws PaddleLabError TOOL_FAILED (no Python, or a package is missing), MODEL_UNSUPPORTED (the converter refuses the
 * program), FILE_UNWRITABLE, ABORTED
 */
export async function convertToOnnx(
  files: ModelSpec['files'],
  target: string,
  options: ConvertToOnnxOptions,
): Promise<void> {
  const { python, opset, signal, onBegin } = options;
  const script = path.join(packageRoot(), 'src/onnx/to_onnx.py');
  if ((await stat(files.params)).isDirectory()) {
    const text = `paddle2onnx only supports parameters in a single file, but ${files.params} has one file per parameter`;
    throw new PaddleLabError('MODEL_UNSUPPORTED', text);
  }
  await sweepTemporaries([path.dirname(target)]);
  await writeAtomically(target, async (temporary) => {
    const args = [script, files.program, files.params, temporary, `${opset}`];
    const onLine = (line: string): void => {
      for (const answer of answersOf<Answer>({ code: 0, stdout: line, stderr: '' })) {
        if (answer.kind === 'begin') onBegin(answer);
      }
    };
    // The converter leaves files in its temp folder.
    const folder = TemporaryFolder.create('model');
    const env = { ...process.env, TMPDIR: folder.path };
    const result = await runProcess([python], args, { signal, onLine, env }).finally(() => folder.release());
    // Node's error for a missing program.
    if (result.code === null && /^spawn /.test(result.stderr)) refuseStart(python, result);
    const missing = answersOf<Answer>(result).find((answer) => answer.kind === 'missing');
    if (missing !== undefined) throw missingPackage(python, missing);
    const written = (await stat(temporary).catch(() => undefined))?.size ?? 0;
    const failed = result.code !== 0 || written === 0;
    if (failed && (isDiskFull(result.stderr) || (await hasNoRoom(temporary)))) throw diskFull(target, result.stderr);
    if (failed) throw refused(files, result);
  });
}

function missingPackage(python: string, { package: name, message }: MissingPackage): PaddleLabError {
  return new PaddleLabError(
    'TOOL_FAILED',
    `Expected ${name} in ${python} to convert to ONNX: ${message}. Install it with \`${python} -m pip install ${packages}\`, ` +
      'or name another Python with --python',
  );
}

function refused({ program }: ModelSpec['files'], result: ProcessResult): PaddleLabError {
  return new PaddleLabError(
    'MODEL_UNSUPPORTED',
    `paddle2onnx can't convert ${program}: ${complaintsOf(result)}. Try other versions of it or of paddlepaddle, or another ` +
      '--opset; the supported operators are listed at github.com/PaddlePaddle/Paddle2ONNX',
    { cause: result.stderr },
  );
}
