import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type CpuEngine,
  countAnswers,
  isCivil,
  type LoadAnswer,
  LoadHost,
  nameOfAnswer,
  type OutputDigest,
} from './host';
import { askPython, ensurePythonPaddle, type PythonPaddle } from './python-paddle';
import { type ReadyModel, readyModels } from './shared-models';

/** Largest difference from Python, relative to the largest value, if outputs are not bit-identical. */
const bound = 1e-5;
const threads = 2;

interface Attempt {
  readonly model: ReadyModel;
  readonly engine: CpuEngine;
  readonly ours: LoadAnswer;
  readonly theirs: { readonly kind: string; readonly outputs?: readonly OutputDigest[]; readonly message?: string };
}

let folder: string;
let python: PythonPaddle | undefined;
let models: ReadyModel[] | undefined;
const attempts: Attempt[] = [];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-parity-'));
  python = await ensurePythonPaddle();
  models = python && (await readyModels(folder, python.python));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every shared model on every CPU engine works or is a coded error, and the process stays alive', async ({
  skip,
}) => {
  if (models === undefined || python === undefined) return skip();
  const host = new LoadHost();
  for (const [i, model] of models.entries()) {
    const engines: CpuEngine[] = model.format === 'pdmodel' ? ['plain', 'onednn', 'openvino'] : ['plain', 'onednn'];
    const requests = engines.map((engine) => ({ ...model.request, engine, threads }));
    const theirs = await askPython<Attempt['theirs'][]>(
      python.python,
      'python_load.py',
      requests.map((request) => ({ ...request, save: path.join(folder, `theirs-${request.engine}`) })),
    );
    for (const [j, request] of requests.entries()) {
      const save = path.join(folder, `ours-${request.engine}`);
      const ours = await host.ask({ ...request, save, runtime: python.runtime }, 600_000);
      const attempt = { model, engine: request.engine, ours, theirs: theirs[j]! };
      attempts.push(attempt);
      process.stderr.write(`${i + 1}/${models.length} ${model.name} ${request.engine}: ${await describe(attempt)}\n`);
    }
  }
  host.end();
  process.stderr.write(`paddlelab: ${countAnswers(attempts.map(({ ours }) => nameOfAnswer(ours)))}\n`);
  process.stderr.write(`paddle.inference: ${countAnswers(attempts.map(({ theirs }) => theirs.kind))}\n`);
  expect(attempts.filter(({ ours }) => !isCivil(ours))).toEqual([]);
});

test('every model that works in Python works here, with equal outputs', ({ skip }) => {
  if (attempts.length === 0) return skip();
  const lost = attempts.filter(({ ours, theirs }) => theirs.kind === 'works' && ours.kind !== 'works');
  expect(lost.map(({ model, engine, ours }) => ({ model: model.name, engine, ours }))).toEqual([]);
  const different = attempts.filter(
    (attempt) => attempt.ours.kind === 'works' && attempt.theirs.kind === 'works' && !verdicts.get(attempt)!.within,
  );
  expect(different.map(({ model, engine }) => `${model.name} ${engine}`)).toEqual([]);
});

const verdicts = new WeakMap<Attempt, { within: boolean; text: string }>();

async function describe(attempt: Attempt): Promise<string> {
  const { ours, theirs, engine } = attempt;
  if (ours.kind !== 'works' || theirs.kind !== 'works') {
    const text = ours.kind === 'error' ? `${ours.code} ${ours.message.slice(0, 160)}` : ours.kind;
    return `${text} (Python: ${theirs.kind} ${theirs.message ?? ''})`;
  }
  const verdict = await compare(ours.outputs, theirs.outputs ?? [], engine);
  verdicts.set(attempt, verdict);
  return verdict.text;
}

async function compare(
  ours: readonly OutputDigest[],
  theirs: readonly OutputDigest[],
  engine: string,
): Promise<{ within: boolean; text: string }> {
  let worst = 0;
  let same = ours.length === theirs.length;
  for (const [i, output] of ours.entries()) {
    const other = theirs[i];
    if (other?.digest === output.digest && String(other.shape) === String(output.shape)) continue;
    same = false;
    if (String(other?.shape) !== String(output.shape)) return { within: false, text: 'other shapes' };
    const files = [`ours-${engine}.${i}`, `theirs-${engine}.${i}`].map((name) => readFile(path.join(folder, name)));
    const [a, b] = (await Promise.all(files)) as [Buffer, Buffer];
    worst = Math.max(worst, output.dtype === 'float32' ? relativeDifference(a, b) : Number.POSITIVE_INFINITY);
  }
  return same
    ? { within: true, text: 'the same to the bit' }
    : { within: worst <= bound, text: `differs by ${worst.toExponential(1)} of the largest value` };
}

function relativeDifference(a: Buffer, b: Buffer): number {
  const [x, y] = [a, b].map((bytes) => new Float32Array(Uint8Array.from(bytes).buffer)) as [Float32Array, Float32Array];
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < x.length; i++) {
    largest = Math.max(largest, Math.abs(x[i]!));
    difference = Math.max(difference, Math.abs(x[i]! - y[i]!));
  }
  return difference / Math.max(largest, 1e-30);
}
