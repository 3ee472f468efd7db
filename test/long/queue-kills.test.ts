import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../helpers/folders';
import { demoModel, type ProcessResult } from '../helpers/project';
import { hasRedis, RedisServer } from '../helpers/redis';
import { runContent } from '../helpers/run-content';
import { StartedCli } from '../helpers/started';

// A thousand images on three workers, while workers, Redis and the waiting process are killed at random moments; the same
// with three shards. The files are those of one undisturbed run.

const folder = makeFolder();
const at = (...names: string[]): string => path.join(folder, ...names);
const count = Number(process.env.QUEUE_IMAGES ?? 1000);
const kills = Number(process.env.QUEUE_KILLS ?? 30);
const model = demoModel('shapes_det_picodet');
const line = ['infer', model, at('images'), '--save=picture,jsonl,csv,coco', '--engine=plain'];

let state = Number(process.env.QUEUE_SEED ?? 20);
/** From 0 to 1. */
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Small pictures with a circle each, of different sizes, places and colours. */
async function makeImages(): Promise<void> {
  await mkdir(at('images'));
  for (let i = 0; i < count; i++) {
    const [width, height] = [48 + (i % 7) * 8, 48 + (i % 5) * 8];
    const color = `rgb(${(i * 37) % 256},${(i * 91) % 256},${(i * 53) % 256})`;
    const circle = `<circle cx="${12 + (i % 29)}" cy="${14 + (i % 23)}" r="${6 + (i % 9)}" fill="${color}"/>`;
    const svg = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" fill="#eee"/>${circle}</svg>`;
    await sharp(Buffer.from(svg))
      .removeAlpha()
      .png()
      .toFile(at('images', `${i}.png`));
  }
}

/** Every image has one record, one line and one picture. */
async function checkResults(out: string): Promise<void> {
  const records = (await readFile(at(out, '.paddlelab-infer.jsonl'), 'utf8')).trimEnd().split('\n').slice(1);
  const names = records.map((record) => (JSON.parse(record) as { name: string }).name);
  expect([names.length, new Set(names).size]).toEqual([count, count]);
  expect((await readFile(at(out, 'results.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(count);
  const [found, expected] = [await runContent(at(out)), await runContent(at('whole'))];
  expect(Object.keys(found)).toEqual(Object.keys(expected));
  for (const [name, content] of Object.entries(expected)) expect(found[name] === content, name).toBe(true);
}

beforeAll(async () => {
  await makeImages();
  expect(await new StartedCli([...line, '--output-dir', at('whole')]).ended).toMatchObject({ code: 0 });
}, 600_000);

describe.skipIf(!hasRedis())('three workers', () => {
  let redis: RedisServer;
  const workers: StartedCli[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start(at('redis'));
  });
  // Those that a failed test left would take the images of the next one.
  afterEach(() => Promise.all(workers.map((one) => one.kill())));
  afterAll(async () => {
    await redis.kill();
  });

  const queue = (): string[] => ['--queue', redis.url, '--root', '/'];
  const worker = (): StartedCli => new StartedCli(['worker', ...queue(), '--concurrency=1', '--cpu-threads=1']);
  const submit = (): StartedCli => new StartedCli([...line, '--output-dir', at('queued'), ...queue()]);

  test('each image once, whatever dies', { timeout: 1_800_000 }, async () => {
    for (let i = 0; i < 3; i++) workers.push(worker());
    let submitter = submit();
    const killed = { worker: 0, redis: 0, submitter: 0 };
    // Where it was started while Redis was away, it said so and ended.
    const hadNoRedis = ({ code, stderr }: ProcessResult): boolean => code === 1 && stderr.includes('ECONNREFUSED');
    for (let i = 0; i < kills; i++) {
      if (!submitter.running) {
        if (!hadNoRedis(await submitter.ended)) break;
        submitter = submit();
      }
      await pause(300 + random() * 2500);
      const dice = random();
      if (dice < 0.65) {
        const place = Math.floor(random() * workers.length);
        // Some are told to end, as by Kubernetes.
        await workers[place]?.kill(random() < 0.25 ? 'SIGTERM' : 'SIGKILL');
        workers[place] = worker();
        killed.worker++;
      } else if (dice < 0.85) {
        await redis.kill();
        await pause(random() * 1500);
        await redis.start();
        killed.redis++;
      } else {
        await submitter.kill();
        submitter = submit();
        killed.submitter++;
      }
      // A worker that was started while Redis was away, or one that ended otherwise, would be started again by any supervisor.
      for (const [place, one] of workers.entries()) if (!one.running) workers[place] = worker();
    }
    if (hadNoRedis(await submitter.ended)) submitter = submit();
    const { code, stderr, stdout } = await submitter.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    process.stdout.write(
      `killed: ${JSON.stringify(killed)}; ${stdout.split('\n').find((text) => text.includes('images done'))}\n`,
    );
    await checkResults('queued');
    const ended = await Promise.all(workers.map((one) => one.kill('SIGTERM')));
    expect(ended.map((one) => one.code)).toEqual([0, 0, 0]);
  });

  test('an image that kills its worker has failed after three of them, and only that one', {
    timeout: 600_000,
  }, async () => {
    const module = at('deadly.cjs');
    await mkdir(at('few'));
    for (const i of [0, 4, 8]) await copyFile(at('images', `${i}.png`), at('few', `${i}.png`));
    await writeFile(
      module,
      `const fs = require('node:fs');
      const deadly = (file) => { if (String(file).endsWith('4.png')) process.kill(process.pid, 'SIGKILL'); };
      for (const name of ['readFile', 'open']) {
        const call = fs.promises[name];
        fs.promises[name] = (file, ...more) => { deadly(file); return call(file, ...more); };
      }`,
    );
    const few = ['infer', model, at('few'), '--engine=plain', '--save=csv', '--output-dir', at('deadly')];
    const submitter = new StartedCli([...few, ...queue()]);
    const env = { NODE_OPTIONS: `--require ${module}` };
    let deaths = 0;
    let last: StartedCli | undefined;
    while (submitter.running) {
      last = new StartedCli(['worker', ...queue(), '--concurrency=1'], { env });
      await Promise.race([last.ended, submitter.ended]);
      if (!last.running) deaths++;
    }
    await last?.kill();
    expect(deaths).toBe(3);
    const { code, stderr, stdout } = await submitter.ended;
    const message = /^failed: \S+4\.png: 3 workers died while they worked on it$/m;
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(message) });
    expect(stdout).toContain('2 of 3 images done, 1 failed');
  });
});

test('three shards that are killed and resumed', { timeout: 1_800_000 }, async () => {
  const shard = (number: number): StartedCli =>
    new StartedCli([...line, '--cpu_threads=1', '--output-dir', at('shards'), `--shard=${number}/3`, '--resume']);
  const shards = [1, 2, 3].map(shard);
  let killed = 0;
  while (shards.some((one) => one.running)) {
    await pause(1500 + random() * 4000);
    const place = Math.floor(random() * shards.length);
    const victim = shards[place] as StartedCli;
    if (killed >= kills) break;
    if (!victim.running) continue;
    await victim.kill();
    killed++;
    shards[place] = shard(place + 1);
  }
  const ended = await Promise.all(shards.map((one) => one.ended));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  process.stdout.write(`killed: ${killed} shards\n`);
  expect(await new StartedCli(['merge', at('shards')]).ended).toMatchObject({ code: 0 });
  await checkResults('shards');
});
