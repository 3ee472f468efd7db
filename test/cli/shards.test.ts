import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { demoModel, goldenImage, type ProcessResult, runProcess } from '../helpers/project';
import { runContent } from '../helpers/run-content';

// One run, and the same in three shards: the files are equal.

const folder = makeFolder();
const at = (...names: string[]): string => path.join(folder, ...names);
const images = at('images');
const whole = at('whole');
const shared = at('shared');
const model = demoModel('shapes_det_picodet');
const line = ['--save=picture,jsonl,csv,coco', '--engine', 'plain', '--cpu_threads', '1'];
const count = 3;

const cli = (...argv: string[]): Promise<ProcessResult> =>
  runProcess(process.execPath, [distFile('cli/main.js'), ...argv]);

const infer = (out: string, ...argv: string[]): Promise<ProcessResult> =>
  cli('infer', model, images, ...line, '--output-dir', out, ...argv);

/** 20 images in two folders: two pairs share a stem, two have the same name, one is damaged. */
async function makeImages(): Promise<void> {
  const sources = ['a_rgb_402x270.png', 'c_gray_320x256.png', 'd_rgba_300x300.png', 'f_rgb_640x480.jpg'];
  for (const side of ['left', 'right']) {
    await mkdir(path.join(images, side), { recursive: true });
    await copyFile(goldenImage(side === 'left' ? sources[0]! : sources[1]!), path.join(images, side, 'same.png'));
  }
  for (let i = 0; i < 13; i++) {
    const source = sources[i % sources.length]!;
    await copyFile(goldenImage(source), path.join(images, 'left', `${i}${path.extname(source)}`));
  }
  const pixels = Buffer.concat([Buffer.from('P6\n64 48\n255\n'), Buffer.alloc(64 * 48 * 3, 200)]);
  for (const stem of ['a', 'b']) {
    await writeFile(path.join(images, 'left', `${stem}.ppm`), pixels);
    await copyFile(goldenImage(sources[2]!), path.join(images, 'left', `${stem}.png`));
  }
  await writeFile(path.join(images, 'right', 'damaged.png'), 'no image');
}

/** Loaded before the program: it dies while it writes the third record. */
const deadly = `
  const fs = require('node:fs');
  const append = fs.promises.appendFile;
  let lines = 0;
  fs.promises.appendFile = (file, text) => {
    if (++lines < 3) return append(file, text);
    fs.appendFileSync(file, text.slice(0, 40));
    process.kill(process.pid, 'SIGKILL');
  };`;

beforeAll(async () => {
  await makeImages();
  expect((await infer(whole)).code).toBe(3);
  // Side by side, as on several machines with one file system.
  const runs = await Promise.all([1, 2, 3].map((number) => infer(shared, `--shard=${number}/${count}`)));
  expect(runs.map(({ code }) => code).sort()).toEqual([0, 0, 3]);
});

describe('three shards in one folder', () => {
  test('join to what one run writes', async () => {
    const { code, stdout, stderr } = await cli('merge', shared);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/^failed: \S+damaged\.png: Can't/) });
    expect(stdout).toMatch(/^class +found +in images +best score$/m);
    expect(stdout).toMatch(/^19 of 20 images joined from 3 shards, 1 failed$/m);
    const files = ['results.jsonl', 'results.csv', 'bbox.json'].map((name) => path.join(shared, name));
    expect(
      stdout
        .split('\n')
        .filter((text) => text.startsWith('/'))
        .sort(),
    ).toEqual(files.sort());
    const [joined, expected] = [await runContent(shared), await runContent(whole)];
    expect(Object.keys(joined)).toEqual(Object.keys(expected));
    expect(Object.keys(joined)).toEqual(expect.arrayContaining(['left/b.png', 'left/b.ppm.png', 'right/same.png']));
    expect(joined).toEqual(expected);
  });

  test('do not overwrite joined results, unless --overwrite is given', async () => {
    const again = await cli('merge', shared);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/already exists; use --overwrite/) });
    expect(await cli('merge', shared, '--overwrite')).toMatchObject({ code: 3 });
    expect(await runContent(shared)).toEqual(await runContent(whole));
  });

  test('are continued as one run', async () => {
    const { code, stdout } = await infer(shared, '--resume');
    expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining('19 were finished before, 1 failed') });
  });

  test('each say what they are, and where the summaries come from', async () => {
    const { stdout, stderr, code } = await infer(shared, '--shard', '2/3', '--resume');
    expect(stderr).toMatch(/; shard 2\/3: 7 of 20 images$/m);
    expect(stderr).toMatch(
      /^note: `paddlelab merge` writes bbox.json, mask.json, results.json, results.jsonl, results/m,
    );
    expect(stdout).toMatch(/0 of 7 images done, \d were finished before/);
    expect([0, 3]).toContain(code);
  });

  test('are not begun again without being asked', async () => {
    const out = at('twice');
    const argv = ['--save=jsonl', '--shard=3/3'];
    const run = (...more: string[]) =>
      cli('infer', model, path.join(images, 'left'), '--engine=plain', '--output-dir', out, ...argv, ...more);
    expect(await run()).toMatchObject({ code: 0 });
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringMatching(/3-of-3\.jsonl already exists; use/) });
    expect(await run('--overwrite')).toMatchObject({ code: 0 });
  });

  test('refuse another run beside them at once', async () => {
    const argv = [model, path.join(images, 'left'), '--save=jsonl', '--output-dir', shared, '--shard=2/4'];
    const { code, stderr } = await cli('infer', ...argv, '--engine=plain');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/has shard 1\/3 of another run \(number of shards: 3 and 4\)/),
    });
  });
});

describe('shards with a folder each', () => {
  const own = (number: number): string => at(`own-${number}`);
  const all = [1, 2, 3].map(own);

  /** Splits the shared folder as if each shard had had its own. */
  beforeAll(async () => {
    for (let number = 1; number <= count; number++) {
      const journal = `.paddlelab-infer-${number}-of-${count}.jsonl`;
      const records = (await readFile(path.join(shared, journal), 'utf8')).trimEnd().split('\n').slice(1);
      await mkdir(own(number));
      await copyFile(path.join(shared, journal), path.join(own(number), journal));
      for (const record of records) {
        for (const name of (JSON.parse(record) as { written?: string[] }).written ?? []) {
          await cp(path.join(shared, name), path.join(own(number), name));
        }
      }
    }
  });

  test('join to what one run writes, in any order', async () => {
    const out = at('joined');
    const { code, stdout } = await cli('merge', all[2]!, all[0]!, all[1]!, '--output-dir', out, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      ...{ shards: 3, images: 20, done: 19, missing: { images: 0, what: [] } },
      failed: [expect.objectContaining({ name: 'right/damaged.png', code: 'IMAGE_UNREADABLE' })],
      files: ['bbox.json', 'results.jsonl', 'results.csv'].map((name) => expect.stringContaining(path.join(out, name))),
    });
    expect(await runContent(out)).toEqual(await runContent(whole));
  });

  test('need a folder for the joined results', async () => {
    const { code, stderr } = await cli('merge', ...all);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Expected --output-dir') });
  });

  test('a missing one is named, and --partial joins the others, which one run completes', async () => {
    const out = at('partial');
    const argv = ['merge', all[0]!, all[2]!, '--output-dir', out];
    const refused = await cli(...argv);
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/\[FILE_NOT_FOUND\]: Missing 7 of 20 images: shard 2\/3 \(7 images\)\. Run/),
    });
    expect(existsSync(out)).toBe(false);
    const { code, stdout, stderr } = await cli(...argv, '--partial');
    expect({ code, stdout, stderr }).toEqual({
      code: 3,
      stdout: expect.stringMatching(/^1[23] of 20 images joined from 2 shards, (1 failed, )?7 missing$/m),
      stderr: expect.stringContaining('missing: shard 2/3 (7 images)'),
    });
    expect(await infer(out, '--resume')).toMatchObject({ code: 3 });
    expect(await runContent(out)).toEqual(await runContent(whole));
  });

  test('one that comes twice is named', async () => {
    const copy = at('copy');
    await cp(all[1]!, copy, { recursive: true });
    const { code, stderr } = await cli('merge', ...all, copy, '--output-dir', at('never'));
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /each shard once but received 2\/3 twice: \S+own-2\S+ \(\d of 7 images, ended\), and \S+copy/,
    );
    expect(await cli('merge', ...all, all[1]!, '--output-dir', at('same-folder-twice'))).toMatchObject({ code: 3 });
  });

  test('of another run are refused, with the difference', async () => {
    const other = at('other');
    const argv = ['--shard=2/3', '--threshold=0.7'];
    await infer(other, ...argv);
    const { code, stderr } = await cli('merge', all[0]!, other, all[2]!, '--output-dir', at('never'));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/shard 1\/3 in \S+own-1 and shard 2\/3 in \S+other: minimum score: 0.5 and 0.7/),
    });
  });

  test('a folder without one is named', async () => {
    expect(await cli('merge', all[0]!, images, '--output-dir', at('never'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Found no shard in \S+images; expected the --output-dir of a run with --shard/),
    });
  });
});

test('a shard that was killed is missed, and continues with --resume', async () => {
  const out = at('killed');
  for (const number of [1, 3]) await rename(at(`own-${number}`), at(`kept-${number}`));
  const argv = ['infer', model, images, ...line, '--output-dir', out, '--shard=2/3', '--resume'];
  const module = at('deadly.cjs');
  await writeFile(module, deadly);
  const env = { NODE_OPTIONS: `--require ${module}` };
  expect(await runProcess(process.execPath, [distFile('cli/main.js'), ...argv], env)).toMatchObject({
    signal: 'SIGKILL',
  });
  const folders = [at('kept-1'), out, at('kept-3')];
  const early = await cli('merge', ...folders, '--output-dir', at('early'));
  expect(early).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Missing 5 of 20 images: \S.* of shard 2\/3 in \S+killed\./),
  });
  const { stdout } = await infer(out, '--shard=2/3', '--resume');
  expect(stdout).toContain('2 were finished before');
  expect(await cli('merge', ...folders, '--output-dir', at('after-kill'))).toMatchObject({ code: 3 });
  expect(await runContent(at('after-kill'))).toEqual(await runContent(whole));
});

test('whole batches are dealt out, and repeated as a whole', async () => {
  const out = at('batches');
  const argv = [demoModel('shapes_seg_ppliteseg'), '--image_dir', path.join(images, 'left'), '--engine=plain'];
  const run = (shard: string, ...more: string[]) =>
    cli('infer', ...argv, '--save=csv', '--batch-size=4', '--output-dir', out, '--shard', shard, ...more);
  // 18 images make five batches, the last one of two images.
  expect((await run('1/2')).stderr).toContain('shard 1/2: 10 of 18 images');
  expect((await run('2/2')).stderr).toContain('shard 2/2: 8 of 18 images');
  const journal = path.join(out, '.paddlelab-infer-1-of-2.jsonl');
  const [head, ...records] = (await readFile(journal, 'utf8')).split('\n');
  const { names } = (JSON.parse(head!) as { shard: { names: string[] } }).shard;
  // One batch and half of the next have their records.
  const kept = names.slice(0, 6).map((name) => records.find((record) => record.includes(`"name":"${name}"`)));
  await writeFile(journal, `${[head, ...kept].join('\n')}\n`);
  expect((await run('1/2', '--resume')).stdout).toContain('6 of 10 images done, 4 were finished before');
  expect(await cli('merge', out)).toMatchObject({ code: 0, stdout: expect.stringContaining('18 of 18 images joined') });
});

test('more shards than images: some have nothing to do', async () => {
  const out = at('many');
  const input = goldenImage('a_rgb_402x270.png');
  for (const shard of ['1/2', '2/2']) {
    const run = await cli('infer', model, input, '--engine=plain', '--save=csv', '--output-dir', out, '--shard', shard);
    expect(run).toMatchObject({ code: 0 });
  }
  expect(await cli('merge', out)).toMatchObject({ code: 0 });
  expect(await readFile(path.join(out, 'results.csv'), 'utf8')).toMatch(/^file,class_id/);
});

test('results may not be among the images, which other shards would count', async () => {
  const { code, stderr } = await infer(path.join(images, 'out'), '--shard=1/3');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/Expected an --output-dir outside of/) });
});

test('merge --watch waits for shards that have not begun, shows how far they are, and joins them', async () => {
  const out = at('watched');
  const waiting = cli('merge', out, '--watch');
  for (const number of [1, 2]) {
    const input = [model, path.join(images, 'left'), '--engine=plain', '--save=csv', '--output-dir', out];
    expect(await cli('infer', ...input, `--shard=${number}/2`)).toMatchObject({ code: 0 });
  }
  expect(await waiting).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('18 of 18 images joined from 2 shards'),
    stderr: expect.stringMatching(/^18 of 18 images, .*2 of 2 shards ended, 0 at work$/m),
  });
});

test('a damaged journal loses only its damaged records', async () => {
  const out = at('damaged');
  await cp(at('kept-1'), out, { recursive: true });
  const journal = path.join(out, '.paddlelab-infer-1-of-3.jsonl');
  const [head, first, ...rest] = (await readFile(journal, 'utf8')).split('\n');
  await writeFile(journal, [head, first!.slice(0, 40), ...rest].join('\n'));
  const { name } = JSON.parse(first!) as { name: string };
  const { code, stderr } = await cli('merge', out, '--json');
  expect(code).toBe(1);
  expect(stderr).toContain(`${name} of shard 1/3 in ${out}`);
  await rm(journal);
  expect(await cli('merge', out)).toMatchObject({ code: 1, stderr: expect.stringContaining('Found no shard') });
});
