import { spawn } from 'node:child_process';
import path from 'node:path';
import { makeFolder } from '../helpers/folders';
import { runProcess } from '../helpers/project';
import { ensurePackages, hasPackages } from '../helpers/python-packages';

const version = '3.3.1';

/** An interpreter with Paddle's own Python package, for comparison. */
export interface PythonPaddle {
  readonly python: string;
  /** The runtime in that package, so that this library loads the same one. */
  readonly runtime: string;
}

/** Creates the environment if it is missing; undefined, with a printed note, if that fails. */
export async function ensurePythonPaddle(): Promise<PythonPaddle | undefined> {
  const python = await ensurePackages('python-paddle', { paddlepaddle: version }, ['setuptools']);
  if (python === undefined) return undefined;
  const { stdout } = await runProcess(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  return { python, runtime: path.join(stdout.trim(), 'paddle') };
}

/** An interpreter with Paddle's converter to ONNX and onnxruntime; undefined as above. */
export function ensurePythonOnnx(): Promise<string | undefined> {
  return ensurePackages('python-onnx', { paddle2onnx: '2.1.0', paddlepaddle: '3.0.0' }, ['setuptools', 'onnxruntime']);
}

/** An interpreter with COCO's own tools; undefined as above. */
export function ensurePythonCoco(): Promise<string | undefined> {
  return ensurePackages('python-coco', { pycocotools: '2.0.11' }, ['numpy']);
}

/** An interpreter with what the toolkits' metrics import; undefined as above. */
export function ensurePythonMetrics(): Promise<string | undefined> {
  return ensurePackages('python-metrics', { 'scikit-learn': '1.5.2' }, ['numpy']);
}

/** An interpreter with RapidOCR on Paddle and with PaddleX's processors; undefined as above. */
export async function ensurePythonOcr(): Promise<string | undefined> {
  const versions = { rapidocr_paddle: '1.4.5', paddlepaddle: version, 'opencv-python': '4.10.0.84', pillow: '13.0.0' };
  const python = await ensurePackages('python-ocr', versions, ['setuptools', 'scikit-image']);
  const paddlex = { paddlex: '3.7.2' };
  if (python === undefined || (await hasPackages(python, paddlex))) return python;
  // Only two of its modules are used, which need nothing else.
  await runProcess(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', `paddlex==${paddlex.paddlex}`]);
  return (await hasPackages(python, paddlex)) ? python : undefined;
}

/** A temp folder removed after a test file: Python's Paddle leaves folders in it. */
export function pythonEnvironment(): { TMPDIR: string } {
  return { TMPDIR: makeFolder() };
}

/** Runs a script of this folder with JSON in and out. */
export function askPython<T>(
  python: string,
  script: string,
  question: unknown,
  args: readonly string[] = [],
): Promise<T> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...pythonEnvironment() };
    const child = spawn(python, [path.join(__dirname, script), ...args], { stdio: ['pipe', 'pipe', 'pipe'], env });
    let answer = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4000);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(answer) as T);
      else reject(new Error(`${script} ended with ${code}: ${complaints}`));
    });
    child.stdin.end(JSON.stringify(question));
  });
}
