import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoModel } from '../helpers/project';
import { type DamagedCase, type SoundModel, writeDamaged } from './damage';
import { countAnswers, isCivil, type LoadAnswer, LoadHost, nameOfAnswer } from './host';
import { askPython, ensurePythonPaddle, type PythonPaddle } from './python-paddle';

const seed = 20_261_120;
const parallel = 2;

let folder: string;
let cases: DamagedCase[];
let python: PythonPaddle | undefined;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-fuzz-'));
  cases = await writeDamaged([...demo('shapes_det_picodet'), ...demo('shapes_ins_maskrcnn')], folder, seed);
  python = await ensurePythonPaddle();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function demo(name: Parameters<typeof demoModel>[0]): SoundModel[] {
  const home = demoModel(name);
  const params = path.join(home, 'model.pdiparams');
  return ['pdmodel', 'json'].map((format) => {
    return { name: `${name}.${format}`, program: path.join(home, `model.${format}`), params };
  });
}

/** Two engines alternately. */
function engineOf(index: number): 'plain' | 'onednn' {
  return index % 2 === 0 ? 'plain' : 'onednn';
}

test('no damaged model kills the process: each is a coded error or works', async () => {
  expect(cases.length).toBeGreaterThanOrEqual(500);
  const answers: LoadAnswer[] = [];
  const ask = async (first: number): Promise<void> => {
    const host = new LoadHost();
    for (let i = first; i < cases.length; i += parallel) {
      const { program, params } = cases[i]!;
      answers[i] = await host.ask({ program, params, engine: engineOf(i), runtime: python?.runtime }, 600_000);
    }
    host.end();
  };
  await Promise.all(Array.from({ length: parallel }, (_, first) => ask(first)));
  process.stderr.write(`paddlelab: ${countAnswers(answers.map(nameOfAnswer))}\n`);
  const wrong = answers.flatMap((answer, i) => (isCivil(answer) ? [] : [{ case: cases[i]?.name, answer }]));
  expect(wrong).toEqual([]);
});

test('the same with Python’s own API, for comparison', async ({ skip }) => {
  if (python === undefined) return skip();
  const questions = cases.map(({ program, params }, i) => ({ program, params, engine: engineOf(i) }));
  const answers = await askPython<{ kind: string }[]>(python.python, 'python_load.py', questions);
  const counts = countAnswers(answers.map((answer) => answer.kind));
  process.stderr.write(`paddle.inference, each in a process of its own: ${counts}\n`);
  expect(answers).toHaveLength(cases.length);
});
