import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FlagValues } from '../../src/cli/infer/flag';
import { readRequest } from '../../src/cli/infer/request';
import { runInfer } from '../../src/cli/infer/run-infer';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { goldenImage, type ProcessResult, runProcess } from '../helpers/project';
import { hasRedis, RedisServer } from '../helpers/redis';
import { StartedCli } from '../helpers/started';
import { Serving } from '../pipelines/serving';

// Folders of images through a pipeline of PaddleX on a server.

vi.setConfig({ testTimeout: 120_000 });

const folder = makeFolder();
const at = (...names: string[]): string => path.join(folder, ...names);
const object = { bbox: [10, 20, 110, 120], categoryId: 1, categoryName: 'star', score: 0.75 };
const weak = { bbox: [0, 0, 5, 5], categoryId: 0, categoryName: 'dot', score: 0.25 };
const names = ['a.png', 'b.png', 'c.png', 'd.png', 'e.png'];

const closing: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  await mkdir(at('images'));
  for (const name of names) await copyFile(goldenImage('a_rgb_402x270.png'), at('images', name));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(task: string, result: object): Promise<Serving> {
  const server = await new Serving(`/${task}`, result).start();
  closing.push(() => server.stop());
  return server;
}

const detector = (): Promise<Serving> => serve('object-detection', { detectedObjects: [object, weak] });
const cli = (...argv: string[]): Promise<ProcessResult> =>
  runProcess(process.execPath, [distFile('cli/main.js'), ...argv]);
const sent = (server: Serving): number => server.asked.filter((one) => one.path === server.endpoint).length;
const written = async (out: string): Promise<string[]> =>
  (await readdir(at(out))).filter((name) => !name.startsWith('.'));
const lines = async (out: string): Promise<Record<string, unknown>[]> =>
  (await readFile(at(out, 'results.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a folder through the URL of a pipeline: pictures, summaries, a table; and nothing is sent again', async () => {
  const server = await detector();
  const argv = ['infer', `${server.url}/object-detection`, at('images'), '--save', 'picture,jsonl,csv,coco'];
  const { code, stdout, stderr } = await cli(...argv, '--threshold', '0.5', '--output-dir', at('all'));
  expect(stderr).toContain(`PaddleX's object-detection (detection) on ${server.url}, 4 images at once`);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/star +5 +5 +0\.750\n[\s\S]*5 of 5 images done/)]);
  expect(stdout).not.toContain('dot');
  expect((await written('all')).sort()).toEqual([...names, 'bbox.json', 'results.csv', 'results.jsonl'].sort());
  expect(await lines('all')).toMatchObject(names.map((name) => ({ file: at('images', name), threshold: 0.5 })));
  for (const { detections } of await lines('all')) expect(detections).toMatchObject([{ label: 'star', score: 0.75 }]);
  expect(server.last.body).toMatchObject({ threshold: 0.5, visualize: false });
  const again = await cli(...argv, '--threshold', '0.5', '--output-dir', at('all'), '--resume');
  expect([again.code, sent(server)]).toEqual([0, 5]);
  const other = await cli(...argv, '--threshold', '0.6', '--output-dir', at('all'), '--resume');
  expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/started with threshold 0\.5/)]);
});

test('what the server refuses is named and repeated by --resume', async () => {
  const server = await detector();
  server.instead.push((response) => {
    response.writeHead(422, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ logId: '1', errorCode: 422, errorMsg: 'Invalid image' }));
    return true;
  });
  const argv = ['infer', server.url, at('images'), '--save', 'jsonl', '--output-dir', at('some')];
  const { code, stderr } = await cli(...argv);
  expect([code, stderr]).toEqual([3, expect.stringMatching(/failed: .*answered 422, "Invalid image"/)]);
  expect(await lines('some')).toHaveLength(4);
  expect((await cli(...argv, '--resume')).code).toBe(0);
  expect((await lines('some')).map(({ file }) => path.basename(String(file)))).toEqual(names);
  expect(sent(server)).toBe(6);
});

test('options of the pipeline as JSON; parts of a run are joined', async () => {
  const server = await detector();
  const pipeline = JSON.stringify({ url: server.url, token: 'secret', labels: ['spot'] });
  for (const shard of ['1/2', '2/2']) {
    const argv = ['--pipeline', pipeline, at('images'), '--save', 'csv', '--output-dir', at('parts'), '--shard', shard];
    expect((await cli('infer', ...argv)).code).toBe(0);
  }
  expect((await cli('merge', at('parts'))).code).toBe(0);
  const csv = await readFile(at('parts', 'results.csv'), 'utf8');
  expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + 2 * names.length);
  expect(sent(server)).toBe(5);
  for (const { headers } of server.asked) expect(headers.authorization).toBe('Bearer secret');
  expect(await readFile(at('parts', '.paddlelab-infer-1-of-2.jsonl'), 'utf8')).not.toContain('secret');
});

describe('refused', () => {
  test.each([
    [{ engine: 'plain' }, /--engine is for models that run here; a pipeline runs on its server/],
    [{ backend: 'plain' }, /--backend is for models that run here/],
    [{ config: 'deploy.yaml' }, /--config is for models that run here/],
    [{ 'slice-infer': true }, /--slice-infer is for models that run here/],
    [{ 'batch-size': 2 }, /--batch-size is for models that run here/],
    [{ 'paddle-output': true }, /--paddle-output is for models that run here/],
    [{ 'run-benchmark': true }, /--run-benchmark is for models that run here/],
    [{ task: 'detection' }, /--task is for models; the end of the URL names the pipeline/],
    // The token is not shown.
    [
      { pipeline: '{ "url": "http://127.0.0.1:1", "token": secret }' },
      /^Expected a URL or JSON for --pipeline but received "{…", which is no JSON; is it in single quotes\?$/,
    ],
    [{ pipeline: '{ "token": "a" }' }, /Expected JSON with url, a text or a list of texts, for --pipeline/],
  ])('%j', (flags: FlagValues, message) => {
    expect(() => readRequest(['http://127.0.0.1:1/ocr', 'images'], flags)).toThrow(message);
  });

  test('a video, and options that a pipeline does not have', async () => {
    const video = readRequest(['http://127.0.0.1:1/ocr', 'a.mp4'], {});
    await expect(runInfer(video, [])).rejects.toThrow(/A pipeline takes images, not the frames of a video/);
    const pipeline = '{ "url": "http://127.0.0.1:1", "tokn": "a" }';
    const { code, stderr } = await cli('infer', at('images'), '--pipeline', pipeline);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Unknown option "tokn".*"token"/)]);
  });

  test('the URL of a model on a server is a model', () => {
    const url = 'http://127.0.0.1:1/v2/models/shapes';
    expect(readRequest([url, 'images'], {})).toMatchObject({ model: url, pipeline: undefined });
  });

  test('outputs that need the network itself, and that the task does not have', async () => {
    const map = await serve('semantic-segmentation', { labelMap: [], size: [0, 0] });
    const palette = await cli('infer', map.url, at('images'), '--save', 'palette', '--output-dir', at('none'));
    expect([palette.code, palette.stderr]).toEqual([2, expect.stringMatching(/--save palette needs the outputs of/)]);
    const page = await serve('ocr', {});
    const coco = await cli('infer', page.url, at('images'), '--save', 'coco', '--output-dir', at('none'));
    expect([coco.code, coco.stderr]).toEqual([2, expect.stringMatching(/does not support results of the task "text"/)]);
  });
});

test('paddlelab ocr reads pages with a pipeline', async () => {
  const line = [
    [10, 10],
    [110, 10],
    [110, 30],
    [10, 30],
  ];
  const prunedResult = { rec_texts: ['hello'], rec_scores: [0.9], rec_polys: [line] };
  const server = await serve('ocr', { ocrResults: [{ prunedResult }] });
  const argv = ['ocr', at('images', 'a.png'), '--pipeline', server.url];
  const { code, stdout, stderr } = await cli(...argv, '--save', 'text,tsv,picture', '--output-dir', at('texts'));
  expect([code, stdout]).toEqual([0, 'hello\n']);
  expect(stderr).toContain(`PaddleX's ocr (text) on ${server.url}`);
  expect(await readFile(at('texts', 'results.tsv'), 'utf8')).toMatch(/hello\t0\.9000\t\t10,10/);
  expect(server.last.body).toMatchObject({ textRecScoreThresh: 0.5 });
  const refused = await cli(...argv, '--batch-size', '6');
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/--batch-size is for networks that run here/),
  ]);
  const other = await cli('ocr', at('images', 'a.png'), '--pipeline', `${server.url}/object-detection`);
  expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/Expected ocr for all URLs for task/)]);
});

test.runIf(hasRedis())('workers of a queue ask the pipeline; the files are those of one run', async () => {
  const server = await detector();
  const redis = await RedisServer.start(at('redis'));
  closing.push(() => redis.kill());
  const argv = ['infer', `${server.url}/object-detection`, at('images'), '--save', 'picture,jsonl'];
  expect((await cli(...argv, '--output-dir', at('alone'))).code).toBe(0);
  const worker = new StartedCli(['worker', '--queue', redis.url, '--root', folder], { cwd: folder, env: {} });
  closing.push(() => worker.kill());
  const { code, stdout } = await cli(...argv, '--output-dir', at('shared'), '--queue', redis.url, '--root', folder);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/5 of 5 images done/)]);
  const content = async (out: string) => (await lines(out)).map(({ timings: _, ...result }) => result);
  expect(await content('shared')).toEqual(await content('alone'));
  for (const name of names) expect(await readFile(at('shared', name))).toEqual(await readFile(at('alone', name)));
  expect(sent(server)).toBe(10);
});
