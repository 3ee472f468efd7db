import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, expect, test, vi } from 'vitest';
import { Canvas } from '../../src/drawing/canvas';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { type ProcessResult, projectRoot, runProcess } from '../helpers/project';
import { hasRedis, RedisServer } from '../helpers/redis';
import { runContent } from '../helpers/run-content';
import { StartedCli } from '../helpers/started';

/** Each test starts a process that loads two networks. */
vi.setConfig({ testTimeout: 120_000 });

const redisHere = hasRedis();
const letter = path.join(projectRoot, 'notebooks/images/letter.png');
let scans: string;
/** A small picture with one line. */
let note: string;

beforeAll(async () => {
  const [width, height] = [420, 120];
  const canvas = new Canvas({ width, height, data: new Uint8Array(width * height * 3).fill(255) });
  canvas.text('Call 4711 today', 40, 70, 32, [20, 20, 20]);
  note = path.join(makeFolder(), 'note.png');
  await sharp(await canvas.render(), { raw: { width, height, channels: 3 } }).toFile(note);
  scans = makeFolder();
  copyFileSync(letter, path.join(scans, 'a letter.png'));
  copyFileSync(path.join(projectRoot, 'notebooks/images/shapes.png'), path.join(scans, 'shapes.png'));
  writeFileSync(path.join(scans, 'broken.png'), 'no picture');
});

function ocr(...args: string[]): Promise<ProcessResult> {
  const engine = ['--engine', 'plain', '--preset', 'paddlex', '--threshold', '0.5'];
  return runProcess(process.execPath, [distFile('cli/main.js'), 'ocr', ...args, ...engine]);
}

test('the text of one image is printed, and nothing else on standard output', async () => {
  const { code, stdout, stderr } = await ocr(letter);
  expect(code, stderr).toBe(0);
  const rows = stdout.trimEnd().split('\n');
  expect(rows.map((row) => row.replaceAll(' ', ''))).toContain('Total68.30');
  expect(rows.some((row) => row.includes('中文入门'))).toBe(true);
  expect(stderr).toContain('parameters of PaddleX');
  expect(stderr).toContain('1 of 1 image done');
});

test('a page that is upside down is read with a classifier of lines', async () => {
  const file = path.join(makeFolder(), 'upside-down.png');
  await sharp(letter).rotate(180).png().toFile(file);
  const { code, stdout, stderr } = await ocr(file, '--orientation', 'ch_ppocr_mobile_v2.0_cls');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('ch_ppocr_mobile_v2.0_cls (plain)');
  // The last line of the picture is the first of the page.
  expect(stdout.split('\n')[0]?.replaceAll(' ', '')).toBe('HarbourBookshop');
  const without = await ocr(file, '--no-orientation');
  expect(without.stdout.replaceAll(' ', '')).not.toContain('HarbourBookshop');
});

test('a folder: files for each image, a broken one named, and the run continued', async () => {
  const folder = makeFolder();
  const saved = ['--save', 'text,picture,html,hocr,tsv,csv,jsonl', '--output-dir', folder];
  const first = await ocr(scans, ...saved);
  expect(first.code, first.stderr).toBe(3);
  expect(first.stderr).toContain('failed: ');
  expect(first.stderr).toContain('broken.png');
  const written = readdirSync(folder, { recursive: true }).map(String);
  expect(written).toEqual(
    expect.arrayContaining([
      'text/a letter.txt',
      'hocr/a letter.hocr',
      'picture/a letter.png',
      'html/a letter.html',
      'text/shapes.txt',
    ]),
  );
  const text = readFileSync(path.join(folder, 'text/a letter.txt'), 'utf8');
  expect(text.replaceAll(' ', '')).toContain('Total68.30');
  expect(readFileSync(path.join(folder, 'results.tsv'), 'utf8').split('\n').length).toBeGreaterThan(16);
  const again = await ocr(scans, ...saved, '--resume');
  expect(again.stderr).toContain('2 were finished before');
  const refused = await ocr(scans, ...saved);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^error \[FILE_UNWRITABLE\]/);
});

test('--json: one line per image', async () => {
  const { code, stdout } = await ocr(letter, '--json');
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as { file: string; kind: string; lines: { text: string; polygon: number[][] }[] };
  expect(result).toMatchObject({ file: letter, kind: 'text' });
  expect(result.lines).toHaveLength(16);
  expect(result.lines.every(({ polygon }) => polygon.length === 4)).toBe(true);
});

test('Ctrl-C ends with 130, and the run is resumed', async () => {
  const many = makeFolder();
  for (let i = 0; i < 6; i++) copyFileSync(note, path.join(many, `note-${i}.png`));
  const folder = makeFolder();
  const saved = ['--save', 'text,jsonl', '--output-dir', folder, '--engine', 'plain', '--preset', 'paddlex'];
  const child = spawn(process.execPath, [distFile('cli/main.js'), 'ocr', many, ...saved], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // The first image is done.
    if (stdout === '') child.kill('SIGINT');
    stdout += text;
  });
  const [code] = await once(child, 'close');
  expect(code, stderr).toBe(130);
  expect(stderr).toMatch(/[1-5] of 6 images (is|are) finished and kept\. To resume:\n {2}.* --resume/);
  const again = await ocr(many, '--save', 'text,jsonl', '--output-dir', folder, '--resume');
  expect(again.stderr).toMatch(/[1-5] were finished before/);
  expect(again.code, again.stderr).toBe(0);
  expect(readdirSync(folder).filter((name) => name.endsWith('.txt'))).toHaveLength(6);
  expect(readFileSync(path.join(folder, 'results.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(6);
});

test('lines are found in tiles if asked, and that is said', async () => {
  const { code, stdout, stderr } = await ocr(note, '--tiles', '240', '--tile-overlap', '60');
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/note\.png: lines found in 2 tiles of up to 240×240/);
  expect(stdout.replaceAll(' ', '').trim()).toBe('Call4711today');
  for (const flags of [
    ['--tiles', 'many'],
    ['--tiles', '10'],
    ['--tile-overlap', '80'],
    ['--dpi', '0'],
  ]) {
    expect((await ocr(letter, ...flags)).code, flags.join(' ')).toBe(2);
  }
});

test('a misspelt output gets the known ones', async () => {
  const { code, stderr } = await ocr(letter, '--save', 'txt');
  expect(code).toBe(2);
  expect(stderr).toMatch(/Expected one of .*"text".*"hocr"/);
});

test('the pages of a folder in two shards, joined to what one run writes', async () => {
  const [whole, shared] = [makeFolder(), makeFolder()];
  const saved = ['--save', 'text,tsv,csv'];
  const runs = [
    await ocr(scans, ...saved, '--output-dir', whole),
    await ocr(scans, ...saved, '--output-dir', shared, '--shard', '1/2'),
    await ocr(scans, ...saved, '--output-dir', shared, '--shard', '2/2'),
  ];
  // The second shard has nothing but the broken one.
  expect(runs.map(({ code }) => code)).toEqual([3, 0, 1]);
  const { code, stdout, stderr } = await runProcess(process.execPath, [distFile('cli/main.js'), 'merge', shared]);
  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/^failed: \S+broken\.png/) });
  expect(stdout).toMatch(/^2 of 3 images joined from 2 shards, 1 failed$/m);
  const filesOf = (folder: string) =>
    readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]);
  expect(filesOf(shared)).toEqual(filesOf(whole));
});

test.skipIf(!redisHere)('the pages of a folder by a worker of a queue are as of one run', async () => {
  const redis = await RedisServer.start(makeFolder());
  const saved = ['--save', 'text,tsv,jsonl'];
  const [whole, queued] = [makeFolder(), makeFolder()];
  const worker = new StartedCli(['worker', '--queue', redis.url, '--root', '/']);
  try {
    expect(await ocr(scans, ...saved, '--output-dir', whole)).toMatchObject({ code: 3 });
    const run = await ocr(scans, ...saved, '--output-dir', queued, '--queue', redis.url, '--root', '/');
    expect(run).toMatchObject({ code: 3, stderr: expect.stringMatching(/^failed: \S+broken\.png: Can't/m) });
    expect(run.stdout.replaceAll(' ', '')).toContain('Total68.30');
    expect(run.stderr).toMatch(/, by the workers of redis:/);
    expect(await runContent(queued)).toEqual(await runContent(whole));
    expect(await worker.kill('SIGTERM')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('3 images, 1 failed'),
    });
  } finally {
    await worker.kill();
    await redis.kill();
  }
});
