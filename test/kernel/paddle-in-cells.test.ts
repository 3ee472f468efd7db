import { cp, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeFolder } from '../helpers/folders';
import { drive, errorOf, resultText, type StepResult, streamText } from '../helpers/jupyter';
import { demoModel, projectRoot, sharedPath } from '../helpers/project';
import { runPython } from '../helpers/python';

const image = JSON.stringify(path.join(projectRoot, 'notebooks/images/shapes.png'));
const segmenter = JSON.stringify(demoModel('shapes_ins_maskrcnn'));
const detector = JSON.stringify(demoModel('shapes_det_picodet'));

/** The MIME types of a step's value. */
function mimeTypes(result: StepResult | undefined): string[] {
  return Object.keys(result?.outputs.find((output) => output.type === 'execute_result')?.data ?? {}).sort();
}

test('in an empty folder and without an import: load, predict, look, compare', async () => {
  const results = await drive([
    `const model = await loadModel(${segmenter}, { engine: 'plain' });\nmodel`,
    `const result = await predict(model, ${image}, { threshold: 0.7 });\nresult`,
    `await visualize(${image}, result)`,
    `await compareBackends(${detector}, ${image}, { runs: 3, backends: ['plain', 'onednn'] })`,
    'result.kind === "instance-segmentation" ? result.detections[0].mask.size : []',
  ]);
  expect(results.map((result) => result.reply.status)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  expect(mimeTypes(results[0])).toEqual(['text/html', 'text/plain']);
  expect(resultText(results[1])).toMatch(/^6 detections in 320×240/);
  expect(mimeTypes(results[2])).toEqual(['image/png', 'text/plain']);
  expect(resultText(results[3])).toMatch(/plain +.*1\.00 ×.*\nonednn/s);
  expect(resultText(results[4])).toBe('[ 240, 320 ]');
});

test('the type checker refuses values that are not images, before the cell runs', async () => {
  const wrong = [
    'await predict(model, 42)',
    'predictStream(model, [42])',
    'await model.preprocess(42)',
    'await visualize(42, result)',
    'await plotResult(42, result)',
    'await gallery([42])',
    `await compareBackends(${detector}, 42)`,
    'await visualizeVideo(model, [42])',
  ];
  const [made, ...results] = await drive([
    `import { predictStream, plotResult, gallery, visualizeVideo } from 'paddlelab';\nconst model = await loadModel(${detector}, { engine: 'plain' });\nconst result = await predict(model, ${image});`,
    ...wrong.map((cell) => `console.log('runs');\n${cell}`),
  ]);
  expect(made?.reply.status).toBe('ok');
  for (const [i, result] of results.entries()) {
    const error = errorOf(result);
    expect(error?.ename, wrong[i]).toBe('TypeScriptError');
    expect(error?.traceback?.join('\n'), wrong[i]).toMatch(
      /'number' is not assignable to (type|parameter of type) '.*Image/,
    );
    expect(streamText(result), wrong[i]).toBe('');
  }
});

test('a default import of the package is refused, because there is none', async () => {
  const [result] = await drive(["import paddlelab from 'paddlelab';\npaddlelab"]);
  expect(errorOf(result)).toMatchObject({
    ename: 'TypeScriptError',
    evalue: expect.stringContaining('has no default export'),
  });
});

test('a prediction does not block the kernel: timers of the cell fire while it runs', async () => {
  const [, counted] = await drive([
    `const model = await loadModel(${segmenter}, { engine: 'plain', threads: 1 });`,
    `let fired = 0;
     const timer = setInterval(() => fired++, 1);
     const started = performance.now();
     await predict(model, ${image});
     clearInterval(timer);
     // Half of the rate of an idle kernel.
     fired > (performance.now() - started) / 20`,
  ]);
  expect(resultText(counted)).toBe('true');
});

let damaged: { yaml: string; params: string; image: string };

beforeAll(async () => {
  const folder = makeFolder();
  damaged = {
    yaml: path.join(folder, 'yaml'),
    params: path.join(folder, 'params'),
    image: path.join(folder, 'image.png'),
  };
  for (const copy of [damaged.yaml, damaged.params])
    await cp(demoModel('shapes_det_picodet'), copy, { recursive: true });
  await truncate(path.join(damaged.yaml, 'infer_cfg.yml'), 120);
  await writeFile(
    path.join(damaged.params, 'model.pdiparams'),
    'oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1',
  );
  await writeFile(damaged.image, 'not an image');
});

test('every failure is a PaddleLabError with a code and a next step, and the kernel stays alive', async () => {
  const cases: [cell: string, code: string, next: RegExp][] = [
    // Paddle is not loaded yet, and in this cell none can be found.
    [
      `const { PADDLELAB_CACHE, PATH } = process.env;
       Object.assign(process.env, { PADDLELAB_CACHE: '/nowhere', PATH: '' });
       try { await loadModel(${detector}); }
       finally { Object.assign(process.env, { PATH }); PADDLELAB_CACHE ? (process.env.PADDLELAB_CACHE = PADDLELAB_CACHE) : delete process.env.PADDLELAB_CACHE; }`,
      'RUNTIME_NOT_FOUND',
      /npx paddlelab runtime install/,
    ],
    ["await loadModel('nowhere')", 'FILE_NOT_FOUND', /looked for/],
    [`await loadModel(${JSON.stringify(damaged.yaml)})`, 'CONFIG_INVALID', /infer_cfg\.yml:\d+:/],
    [`await loadModel(${JSON.stringify(damaged.params)})`, 'MODEL_DAMAGED', /export or copy the model again/],
    [`await loadModel(${detector}, { device: 'gpu' })`, 'DEVICE_UNAVAILABLE', /runtime install --gpu/],
    [
      `await predict(await loadModel(${detector}), ${JSON.stringify(damaged.image)})`,
      'IMAGE_UNREADABLE',
      /expected a JPEG, PNG/,
    ],
  ];
  const steps = ['const kept = 42;', ...cases.flatMap(([cell]) => [cell, 'console.log(kept)'])];
  const results = await drive(steps);
  cases.forEach(([, code, next], i) => {
    const failed = results[1 + 2 * i];
    expect(errorOf(failed)).toMatchObject({ ename: 'PaddleLabError', evalue: expect.stringContaining(`[${code}]`) });
    expect(errorOf(failed)?.evalue).toMatch(next);
    expect(streamText(results[2 + 2 * i])).toBe('42\n');
  });
});

test('a crashing engine is a row, and the kernel stays alive (YOLOv3 .json under oneDNN)', async ({ skip }) => {
  const arch = sharedPath('models/arch/yolov3_mobilenet_v1_270e_coco');
  const fill = sharedPath('models/fill_params.py');
  if (arch === undefined || fill === undefined) return skip('the shared models are not on this machine');
  const folder = path.join(makeFolder(), 'yolov3');
  await cp(arch, folder, { recursive: true });
  await runPython([fill, folder]);
  const options = "{ format: 'json', runs: 3, warmup: 1, maxSeconds: 0, backends: ['plain', 'onednn'] }";
  const results = await drive([
    'const kept = 42;',
    `await compareBackends(${JSON.stringify(folder)}, ${image}, ${options})`,
    'kept',
  ]);
  expect(resultText(results[1])).toMatch(/onednn +crashed: segmentation fault inside Paddle \(SIGSEGV\)/);
  expect(resultText(results[2])).toBe('42');
});
