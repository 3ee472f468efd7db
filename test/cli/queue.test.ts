import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { demoModel, goldenImage, type ProcessResult, runProcess } from '../helpers/project';
import { hasRedis, RedisServer } from '../helpers/redis';
import { runContent } from '../helpers/run-content';
import { StartedCli } from '../helpers/started';

// One run, and the same by workers of a queue: the files are equal, whatever dies.

/** Each test starts several processes that load a model. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const folder = makeFolder();
const at = (...names: string[]): string => path.join(folder, ...names);
const redisHere = hasRedis();
const line = ['--save=picture,jsonl,csv,coco', '--engine', 'plain'];
const images = 41;

let redis: RedisServer;
const started = new Set<StartedCli>();

const cli = (...argv: string[]): Promise<ProcessResult> =>
  runProcess(process.execPath, [distFile('cli/main.js'), ...argv]);
const start = (argv: string[], env: NodeJS.ProcessEnv = {}): StartedCli => {
  const one = new StartedCli(argv, { cwd: folder, env });
  started.add(one);
  return one;
};
const inferLine = (out: string, ...more: string[]): string[] => {
  const input = ['infer', at('model'), at('images'), ...line, '--output-dir', at(out)];
  return [...input, '--queue', redis.url, '--root', folder, ...more];
};
const worker = (...more: string[]): StartedCli =>
  start(['worker', '--queue', redis.url, '--root', folder, '--cpu-threads', '1', ...more]);
/** Until a condition holds; it is looked at often. */
const until = (condition: () => unknown): Promise<void> =>
  vi.waitFor(async () => expect(await condition()).toBeTruthy(), { timeout: 60_000, interval: 5 });
const finishedSlices = (out: string): Promise<string[]> =>
  readdir(at(out, '.paddlelab-queue', 'slices')).then(
    // A worker that was killed may leave a temporary file.
    (names) => names.filter((name) => SLICE.test(name)),
    () => [],
  );

/** A finished slice; a temporary file has another name. */
const SLICE = /^\d+\.jsonl$/;

/** The pictures of finished slices, and when they were written. */
async function picturesOfSlices(out: string): Promise<Map<string, number>> {
  const pictures = new Map<string, number>();
  for (const name of await finishedSlices(out)) {
    const lines = (await readFile(at(out, '.paddlelab-queue', 'slices', name), 'utf8')).trimEnd().split('\n');
    for (const file of lines.flatMap((text) => (JSON.parse(text) as { written?: string[] }).written ?? [])) {
      pictures.set(at(out, file), (await stat(at(out, file))).mtimeMs);
    }
  }
  return pictures;
}

async function makeImages(): Promise<void> {
  const sources = ['a_rgb_402x270.png', 'c_gray_320x256.png', 'd_rgba_300x300.png', 'f_rgb_640x480.jpg'];
  for (const side of ['left', 'right']) {
    await mkdir(at('images', side), { recursive: true });
    for (let i = 0; i < 20; i++) {
      const source = sources[i % sources.length]!;
      await copyFile(goldenImage(source), at('images', side, `${i}${path.extname(source)}`));
    }
  }
  await writeFile(at('images', 'right', 'damaged.png'), 'no image');
}

describe.skipIf(!redisHere)('a run by workers of a queue', () => {
  beforeAll(async () => {
    await makeImages();
    await cp(demoModel('shapes_det_picodet'), at('model'), { recursive: true });
    redis = await RedisServer.start(at('redis'));
    const whole = await cli('infer', at('model'), at('images'), ...line, '--output-dir', at('whole'));
    expect(whole.code).toBe(3);
  });
  afterEach(async () => {
    await Promise.all([...started].map((one) => one.kill()));
    started.clear();
  });
  afterAll(() => redis.kill());

  test('is as one of this machine, file by file', async () => {
    const workers = [worker('--concurrency', '1'), worker('--concurrency', '1')];
    await Promise.all(workers.map((one) => one.said(/^worker \S+ of redis:/m)));
    const { code, stdout, stderr } = await cli(...inferLine('queued'));
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/^failed: \S+damaged\.png: Can't/m) });
    expect(stderr).toMatch(/^41 of 41 images, [\d.]+\/s, 2 workers$/m);
    expect(stdout).toMatch(/^class +found +in images +best score$/m);
    expect(stdout).toMatch(/^40 of 41 images done, 1 failed, [\d.]+ images\/s$/m);
    expect(await runContent(at('queued'))).toEqual(await runContent(at('whole')));
    expect(existsSync(at('queued', '.paddlelab-queue'))).toBe(false);
    // SIGTERM ends them.
    const ended = await Promise.all(workers.map((one) => one.kill('SIGTERM')));
    expect(ended.map((one) => one.code)).toEqual([0, 0]);
    const counts = ended.map((one) => Number(/ends: \d+ slices, (\d+) images/.exec(one.stderr)?.[1]));
    expect(Math.min(...counts)).toBeGreaterThan(0);
    // More, if one was thought dead on a busy machine.
    expect(counts[0]! + counts[1]!).toBeGreaterThanOrEqual(images);
    // A finished run is like any other.
    expect(await cli(...inferLine('queued'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/already exists/),
    });
  });

  test('is continued when workers and the waiting process were killed, and repeats nothing', async () => {
    const [first, submitter] = [worker(), start(inferLine('killed'))];
    await until(async () => (await finishedSlices('killed')).length >= 5);
    await first.kill();
    await submitter.kill();
    const before = await picturesOfSlices('killed');
    expect(before.size).toBeLessThan(images);
    worker();
    worker();
    const again = await cli(...inferLine('killed'));
    expect(again).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^note: the run \S+ in \S+killed is continued$/m),
    });
    expect(again.stdout).toContain('were finished before, 1 failed');
    expect(await runContent(at('killed'))).toEqual(await runContent(at('whole')));
    for (const [picture, written] of before) expect((await stat(picture)).mtimeMs, picture).toBe(written);
  });

  test('goes on when Redis was killed and is there again', async () => {
    const [one, submitter] = [worker(), start(inferLine('broken'))];
    await until(async () => (await finishedSlices('broken')).length >= 3);
    await redis.kill();
    await Promise.all(
      [one, submitter].map((process) => process.said(/^note: the connection to the queue at .+ is lost/m)),
    );
    await redis.start();
    await Promise.all([one, submitter].map((process) => process.said(/^note: connected to the queue at .+ again/m)));
    expect(await submitter.ended).toMatchObject({ code: 3 });
    expect(await runContent(at('broken'))).toEqual(await runContent(at('whole')));
  });

  test('goes on when Redis has lost everything', async () => {
    const submitter = start(inferLine('emptied'));
    await submitter.said('no worker');
    await redis.kill();
    await rm(at('redis'), { recursive: true });
    await mkdir(at('redis'));
    await redis.start();
    worker();
    expect(await submitter.ended).toMatchObject({ code: 3 });
    expect(await runContent(at('emptied'))).toEqual(await runContent(at('whole')));
  });

  test('is taken out of the queue by Ctrl-C, and resumed', async () => {
    const [one, submitter] = [worker(), start(inferLine('stopped'))];
    await until(async () => (await finishedSlices('stopped')).length >= 3);
    const { code, stderr } = await submitter.kill('SIGINT');
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: expect.stringMatching(
        /^Interrupted\. \d+ of 41 images (is|are) finished and kept\. To resume:\n {2}.*paddlelab infer .+ --resume$/m,
      ),
    });
    await one.kill('SIGTERM');
    expect((await finishedSlices('stopped')).length).toBeLessThan(images);
    worker();
    expect(await cli(...inferLine('stopped', '--resume'))).toMatchObject({ code: 3 });
    expect(await runContent(at('stopped'))).toEqual(await runContent(at('whole')));
  });

  test('continues one of this machine, and is continued by it', async () => {
    await mkdir(at('journal'));
    const journal = '.paddlelab-infer.jsonl';
    const [head, ...records] = (await readFile(at('whole', journal), 'utf8')).trimEnd().split('\n');
    await writeFile(at('journal', journal), `${[head, ...records.slice(0, 30)].join('\n')}\n`);
    worker();
    const { stdout, stderr } = await cli(...inferLine('journal', '--resume'));
    expect(stderr).toMatch(/^30 of 41 images, /m);
    expect(stdout).toMatch(/^10 of 41 images done, 30 were finished before, 1 failed/m);
    const local = ['infer', at('model'), at('images'), ...line, '--output-dir', at('journal'), '--resume'];
    expect((await cli(...local)).stdout).toMatch(/^0 of 41 images done, 40 were finished before, 1 failed/m);
  });

  test('whole batches are given to workers', async () => {
    const argv = [
      'infer',
      demoModel('shapes_seg_ppliteseg'),
      at('images', 'left'),
      '--engine=plain',
      '--save=csv,jsonl',
    ];
    const run = (out: string, ...more: string[]) => cli(...argv, '--batch-size=4', '--output-dir', at(out), ...more);
    expect(await run('batch-whole')).toMatchObject({ code: 0 });
    worker('--models', path.dirname(demoModel('shapes_seg_ppliteseg')));
    expect(await run('batch', '--queue', redis.url, '--root', folder)).toMatchObject({ code: 0 });
    expect(await runContent(at('batch'))).toEqual(await runContent(at('batch-whole')));
  });
});

describe.skipIf(!redisHere)('a worker that can not work on a run ends, and says why on both sides', () => {
  beforeAll(async () => {
    redis = await RedisServer.start(at('redis-2'));
  });
  afterEach(async () => {
    await Promise.all([...started].map((one) => one.kill()));
    started.clear();
  });
  afterAll(() => redis.kill());

  async function refusal(out: string, ...more: string[]): Promise<{ own: ProcessResult; told: string }> {
    const submitter = start(inferLine(out));
    await submitter.said('no worker');
    const own = await start(['worker', '--queue', redis.url, ...more]).ended;
    await submitter.said(/^worker \S+ ended: /m);
    await submitter.kill('SIGINT');
    return { own, told: submitter.stderr };
  }

  test('without the shared folder', async () => {
    await mkdir(at('elsewhere'));
    const { own, told } = await refusal('no-root', '--root', at('elsewhere'));
    const text =
      /Expected the run \S+ in \S+elsewhere\/no-root but it is not there; --root \S+elsewhere has to be the same folder/;
    expect(own).toMatchObject({ code: 1, stderr: expect.stringMatching(text) });
    expect(told).toMatch(text);
  });

  test('without the images', async () => {
    await mkdir(at('mounted'));
    const submitter = start(inferLine('no-images'));
    await submitter.said('no worker');
    await cp(at('no-images'), at('mounted', 'no-images'), { recursive: true });
    await cp(at('model'), at('mounted', 'model'), { recursive: true });
    const own = await start(['worker', '--queue', redis.url, '--root', at('mounted')]).ended;
    expect(own).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Expected images in \S+mounted\/images\/left but there is no such folder/),
    });
    await submitter.kill('SIGINT');
  });

  test('with another model of the same name', async () => {
    const other = at('models', 'model');
    await cp(at('model'), other, { recursive: true });
    const config = path.join(other, 'infer_cfg.yml');
    await writeFile(config, `${await readFile(config, 'utf8')}\n# changed\n`);
    const { own, told } = await refusal('other-model', '--root', folder, '--models', at('models'));
    const text =
      /Expected the same as on the machine that started the run \S+ but this worker differs: the models differ/;
    expect(own).toMatchObject({ code: 2, stderr: expect.stringMatching(text) });
    expect(told).toMatch(text);
  });

  test('without the model', async () => {
    const submitter = start(inferLine('no-model'));
    await submitter.said('no worker');
    await rename(at('model'), at('model-away'));
    const { code, stderr } = await start(['worker', '--queue', redis.url, '--root', folder]).ended;
    await rename(at('model-away'), at('model'));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /Expected the model model of the run on this machine but there is none at \S+model; --models names/,
      ),
    });
    await submitter.kill('SIGINT');
  });

  test('a run with other settings in the same folder is refused', async () => {
    const submitter = start(inferLine('differs'));
    await submitter.said('no worker');
    await submitter.kill();
    expect(await cli(...inferLine('differs', '--threshold=0.9'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /differs has an unfinished run of a queue that was started otherwise \(minimum score: 0.5 and 0.9\)/,
      ),
    });
    const alone = ['infer', at('model'), at('images'), ...line, '--output-dir', at('differs'), '--resume'];
    expect(await cli(...alone)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /differs has an unfinished run of a queue; continue it with --queue, or use --overwrite/,
      ),
    });
    await rm(at('differs'), { recursive: true });
  });
});

describe('command lines of a queue are refused', () => {
  const model = demoModel('shapes_det_picodet');
  const image = goldenImage('a_rgb_402x270.png');

  test.each([
    [
      ['--queue', 'http://queue:6379'],
      /Expected redis:\/\/host:port or redis:\/\/host:port\/db .* for --queue but received "http/,
    ],
    [['--queue', 'redis://user:secret@queue:6379/x'], /received "redis:\/\/…@queue:6379\/x"/],
    [['--queue', 'redis://queue', '--shard', '1/2'], /--queue and --shard exclude each other/],
    [['--queue', 'redis://queue', '--parallel', '2'], /--queue and --parallel exclude each other/],
    [['--root', '.'], /--root belongs to --queue/],
  ])('%j', async (flags, message) => {
    const { code, stderr } = await cli('infer', model, image, ...flags);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });

  test('a queue that is not there is named, without its password', async () => {
    const argv = [
      '--queue',
      'redis://:secret@127.0.0.1:1/3',
      '--root',
      '/',
      '--output-dir',
      at('none'),
      '--engine=plain',
    ];
    const { code, stderr } = await cli('infer', model, image, ...argv);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /\[QUEUE_FAILED\]: Can't use the queue at redis:\/\/127\.0\.0\.1:1\/3: connect ECONNREFUSED/,
      ),
    });
    expect(stderr).not.toContain('secret');
  });

  test('images and results are below the shared folder', async () => {
    const argv = ['--queue', 'redis://127.0.0.1:1', '--root', at('shared'), '--engine=plain'];
    const { code, stderr } = await cli('infer', model, image, ...argv, '--output-dir', at('shared', 'out'));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/Expected images below the shared folder \S+shared but/),
    });
  });
});
