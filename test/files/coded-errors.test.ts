import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as lab from '../../src';
import { fileError } from '../../src/files/file-error';
import * as files from '../../src/files/fs';
import { KernelClient } from '../../src/repl/kernel-client';
import { installRelease } from '../../src/runtime/install';
import { selectRelease } from '../../src/runtime/releases';
import { demoModel, projectRoot, runProcess, runScript } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const directory = demoModel('shapes_cls_mbv3s');

let folder: string;
let model: lab.AnyModel;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-coded-'));
  await writeFile(path.join(folder, 'file'), 'text');
  model = await lab.loadModel(directory, { engine: 'plain', trial: false });
});
afterAll(async () => {
  await model.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** Paths that can't be read or written by any user. */
const places: Readonly<Record<string, () => string>> = {
  'a file in place of a folder': () => path.join(folder, 'file', 'below'),
  'a missing folder': () => path.join(folder, 'missing', 'below'),
  'a folder of the system': () => '/sys/kernel/paddlelab/below',
  'a name that is too long': () => path.join(folder, 'n'.repeat(300), 'below'),
  'a zero byte': () => path.join(folder, 'zero\0byte'),
};

/** Every public call that reads from a given path. */
const readers: Readonly<Record<string, (place: string) => unknown>> = {
  loadModel: (place) => lab.loadModel(place),
  'loadModel with a configuration': (place) => lab.loadModel(directory, { config: place }),
  'loadModel with a runtime': (place) => lab.loadModel(directory, { runtime: place }),
  withModel: (place) => lab.withModel(place, async () => undefined),
  predict: (place) => lab.predict(model, place),
  'predict of several': (place) => lab.predict(model, [place]),
  decodeImage: (place) => lab.decodeImage(place),
  resolveImages: (place) => lab.resolveImages(`${place}/*.png`),
  visualize: async (place) => lab.visualize(place, await lab.predict(model, image)),
  readGroundTruth: (place) => lab.readGroundTruth(place),
  'compareBackends of a model': (place) => lab.compareBackends(place, image),
  'compareBackends of an image': (place) => lab.compareBackends(directory, place),
  findRuntime: (place) => lab.findRuntime({ runtime: place }),
  readFrames: async (place) => {
    for await (const frame of lab.readFrames(place)) return frame;
    return undefined;
  },
  visualizeVideo: (place) => lab.visualizeVideo(model as never, place),
  createPredictor: (place) => lab.paddle.createPredictor(new lab.paddle.Config(place, place)),
  'createPredictor of a folder': (place) => lab.paddle.createPredictor(new lab.paddle.Config(place)),
};

/** Every public call that writes to a given path; those that create folders fail where none can be created. */
const writers: Readonly<Record<string, (place: string) => unknown>> = {
  'Picture.save': async (place) =>
    (await lab.visualize(image, await lab.predict(model, image))).save(`${place}/picture.png`),
  'Figure.save': (place) => new lab.Figure([{ type: 'bar', x: ['a'], y: [1] }]).save(`${place}/chart.svg`),
  'SliderView.save': async (place) => (await lab.slider(image, image)).save(`${place}/page.html`),
  convertToMixedPrecision: (place) => {
    const file = (name: string): string => path.join(directory, `inference.${name}`);
    return lab.paddle.convertToMixedPrecision(file('pdmodel'), file('pdiparams'), `${place}/m`, `${place}/p`, 'fp16');
  },
};

async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(Object.entries(places))('%s', (_, place) => {
  test.each(Object.entries(readers))('%s answers with a coded error', async (_name, call) => {
    const error = await failureOf(() => call(place()));
    expect(error).toBeInstanceOf(lab.PaddleLabError);
    expect((error as Error).message).not.toMatch(/^E[A-Z]+:/);
  });
});

const unwritable = Object.entries(places).filter(([name]) => name !== 'a missing folder');
describe.each(unwritable)('%s', (_, place) => {
  test.each(Object.entries(writers))('%s answers with a coded error', async (_name, call) => {
    expect(await failureOf(() => call(place()))).toMatchObject({ name: 'PaddleLabError', code: 'FILE_UNWRITABLE' });
  });
});

/** Every command that takes a path, with a path that can't be read or written. */
const commands: Readonly<Record<string, (bad: string) => readonly string[]>> = {
  'infer of a model': (bad) => ['infer', bad, image],
  'infer into a folder': (bad) => ['infer', demoModel('shapes_det_picodet'), image, '--output-dir', bad],
  inspect: (bad) => ['inspect', bad],
  bench: (bad) => ['bench', bad],
  'compare of a model': (bad) => ['compare', bad, image],
  'compare of an image': (bad) => ['compare', directory, bad],
  'compare with a chart': (bad) => [
    'compare',
    directory,
    image,
    '--backends',
    'plain',
    '--runs',
    '1',
    '--chart',
    `${bad}/chart.svg`,
  ],
  'convert of a model': (bad) => ['convert', bad, path.join(folder, 'converted')],
  'convert into a folder': (bad) => ['convert', directory, bad],
  'tune of a model': (bad) => ['tune', bad, image],
  'tune of an image': (bad) => ['tune', directory, bad],
  'tune into a file': (bad) => ['tune', directory, image, '--output', bad],
  'kernel install': (bad) => ['kernel', 'install', '--prefix', bad],
  'runtime install': () => ['runtime', 'install', '--version', '3.0.0'],
  'runtime list': () => ['runtime', 'list'],
  'runtime remove': () => ['runtime', 'remove', '3.0.0'],
};

test.each(Object.entries(commands))('the command %s answers with a coded error', async (name, args) => {
  const bad = path.join(folder, 'file', 'below');
  const env = name.startsWith('runtime') ? { PADDLELAB_CACHE: bad } : {};
  const main = path.join(projectRoot, 'dist/cli/main.js');
  const { code, stderr } = await runProcess(process.execPath, [main, ...args(bad)], env);
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(/^error \[(FILE_NOT_FOUND|FILE_UNWRITABLE|IMAGE_UNREADABLE)\]: /m);
  expect(stderr).not.toMatch(/\bE[A-Z]{4,}:|^ {4}at /m);
});

test.each([
  ['EACCES', 'read', 'FILE_NOT_FOUND', /^Can't read \/a\/b: permission denied; change its permissions/],
  ['EROFS', 'write', 'FILE_UNWRITABLE', /^Can't write \/a\/b: its file system is read-only; choose another place/],
  ['ENOSPC', 'write', 'FILE_UNWRITABLE', /^Can't write \/a\/b: the disk is full; make room/],
  ['EMFILE', 'read', 'FILE_NOT_FOUND', /too many files open; raise the limit \(ulimit -n\)/],
  ['EISDIR', 'read', 'FILE_NOT_FOUND', /^Can't read \/a\/b: it is a folder$/],
  ['ENOENT', 'write', 'FILE_UNWRITABLE', /^Can't write \/a\/b: its folder does not exist$/],
] as const)('%s is described in words, with advice', (errno, access, code, message) => {
  const cause = Object.assign(new Error(`${errno}: raw, open '/a/b'`), { code: errno, errno: -1 });
  const error = fileError(cause, access, '/a/b');
  expect(error).toMatchObject({ code, cause });
  expect(error.message).toMatch(message);
});

test('operations on an open file also fail with coded errors that name the file', async () => {
  const full = await files.open('/dev/full', 'w');
  const words = {
    code: 'FILE_UNWRITABLE',
    message: expect.stringMatching(/^Can't write \/dev\/full: the disk is full/),
  };
  await expect(full.write('text')).rejects.toMatchObject(words);
  await expect(full.writeFile('text')).rejects.toMatchObject(words);
  await full.close();
  const number = files.openSync('/dev/full', 'w');
  expect(() => files.writeSync(number, 'text')).toThrow(expect.objectContaining(words));
  files.closeSync(number);
  const directory = files.openSync(folder, 'r');
  const read = () => files.readSync(directory, Buffer.alloc(1), 0, 1, 0);
  expect(read).toThrow(
    expect.objectContaining({ code: 'FILE_NOT_FOUND', message: `Can't read ${folder}: it is a folder` }),
  );
  files.closeSync(directory);
});

test('streams also fail with coded errors', async () => {
  await expect(async () => {
    for await (const chunk of files.createReadStream(path.join(folder, 'none'))) expect(chunk).toBeDefined();
  }).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

test('a process with too many files open says so', async () => {
  const body = `
    const fs = require('node:fs');
    const open = [];
    try { for (;;) open.push(fs.openSync('/dev/null')); } catch {}
    const failed = await lab.readGroundTruth(${JSON.stringify(path.join(directory, 'inference.json'))}).catch((error) => error);
    for (const file of open) fs.closeSync(file);
    process.stdout.write(JSON.stringify([failed.code, failed.message]));`;
  const script = `const lab = require(${JSON.stringify(projectRoot)}); (async () => {${body}})();`;
  const { stdout, stderr } = await runProcess('sh', [
    '-c',
    'ulimit -n 256 && exec "$0" -e "$1"',
    process.execPath,
    script,
  ]);
  expect(stdout, stderr).toMatch(/"FILE_NOT_FOUND".*too many files open/);
});

test('programs that can not be started because of too many open files are also coded errors', async () => {
  const gif = path.join(folder, 'video.mp4');
  await writeFile(gif, 'no video');
  const body = `
    const fs = require('node:fs');
    process.on('uncaughtException', (error) => { console.log('uncaught', error); process.exit(3); });
    const read = async (source) => { for await (const frame of lab.readFrames(source)) return frame; };
    // Found and remembered before.
    await read(${JSON.stringify(gif)}).catch(() => undefined);
    const { runProcess } = require(${JSON.stringify(path.join(projectRoot, 'dist/processes/run-process.js'))});
    const { startTrial } = require(${JSON.stringify(path.join(projectRoot, 'dist/inference/engine-trial/trial-process.js'))});
    const open = [];
    try { for (;;) open.push(fs.openSync('/dev/null')); } catch {}
    const seen = [await read({ url: 'http://127.0.0.1:1/' }).catch((error) => error.message)];
    seen.push(await read(${JSON.stringify(gif)}).catch((error) => error.message));
    seen.push((await runProcess(['true'], [])).code);
    const trial = startTrial();
    seen.push((await trial.ask({ runtime: '', steps: [], inputs: undefined }, { timeoutMs: 20000 })).kind);
    for (const file of open) fs.closeSync(file);
    process.stdout.write(JSON.stringify(seen));`;
  const script = `const lab = require(${JSON.stringify(projectRoot)}); (async () => {${body}})();`;
  const { stdout, stderr } = await runProcess('sh', [
    '-c',
    'ulimit -n 256 && exec "$0" -e "$1"',
    process.execPath,
    script,
  ]);
  const [stream, file, ...others] = JSON.parse(stdout || '[]') as string[];
  expect(stream, stderr).toMatch(/^Can't start ffmpeg: spawn ffmpeg EMFILE/);
  expect(file).toMatch(/video\.mp4.*too many/);
  expect(others).toEqual([null, 'not-started']);
});

test('standard output on a full disk is one line', async () => {
  const main = path.join(projectRoot, 'dist/cli/main.js');
  const { code, stderr } = await runProcess('sh', ['-c', `exec "$0" "$1" --help > /dev/full`, process.execPath, main]);
  expect([code, stderr]).toEqual([
    1,
    "error [FILE_UNWRITABLE]: Can't write standard output: the disk is full; make room, then run it again\n",
  ]);
});

test('the error of an unwritable temp folder names its variable', async () => {
  const body = `
    const { TemporaryFolder } = require(${JSON.stringify(path.join(projectRoot, 'dist/temporary-folder.js'))});
    try { TemporaryFolder.create('video'); } catch (error) { console.log(error.code, error.message); }`;
  const { stdout, stderr } = await runScript(body, { TMPDIR: path.join(folder, 'file') });
  expect(stdout, stderr).toMatch(
    /^FILE_UNWRITABLE Can't write .*a part of its path is a file.*; set TMPDIR to a folder/,
  );
});

test('a kernel without its connection file reports that in one line', async () => {
  const main = path.join(projectRoot, 'dist/cli/main.js');
  const run = (file: string) => runProcess(process.execPath, [main, 'kernel', 'run', file]);
  expect(await run(path.join(folder, 'none.json'))).toMatchObject({
    code: 1,
    stderr: `paddlelab kernel: error [FILE_NOT_FOUND]: Can't read ${path.join(folder, 'none.json')}: it does not exist\n`,
  });
  expect((await run(path.join(folder, 'file'))).stderr).toMatch(
    /^paddlelab kernel: error \[INVALID_ARGUMENT\]: Expected a connection file of Jupyter but .* is not JSON/,
  );
});

test('a missing kernel program ends every request with the reason', async () => {
  const client = KernelClient.start({ argv: [path.join(folder, 'no-kernel'), '{connection_file}'] });
  expect(await client.execute('1')).toMatchObject({ ename: 'KernelDied', evalue: expect.stringContaining('ENOENT') });
  await client.close();
});

const isRoot = process.getuid?.() === 0;
/** Root can mount in most containers, but not in all. */
const canMount =
  isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'ro', 'none', '/mnt']).status === 0;

const denied = 'permission denied; change its permissions, or choose another place';
const readOnly = 'its file system is read-only; choose another place';

/** Reads, writes and searches for a runtime below `place`, and prints the errors. */
const triesIn = (place: string, before = '') => `
  const lab = require(${JSON.stringify(projectRoot)});
  const { installRelease } = require(${JSON.stringify(path.join(projectRoot, 'dist/runtime/install.js'))});
  const { selectRelease } = require(${JSON.stringify(path.join(projectRoot, 'dist/runtime/releases.js'))});
  (async () => {
    const place = ${JSON.stringify(place)};
    ${before}
    const tries = [
      () => lab.readGroundTruth(place + '/truth.json'),
      () => new lab.Figure([{ type: 'bar', x: ['a'], y: [1] }]).save(place + '/chart.svg'),
      () => installRelease(selectRelease({}), { cache: place }),
    ];
    for (const call of tries) {
      try { await call(); console.log('no error'); } catch (error) { console.log(error.code, error.message); }
    }
  })();`;

test('a folder of another user is reported as permission denied', async () => {
  const place = path.join(folder, 'private');
  await mkdir(place, { mode: isRoot ? 0o700 : 0o000 });
  const become = isRoot ? 'process.setegid(65534); process.seteuid(65534);' : '';
  const { stdout, stderr } = await runProcess(process.execPath, ['-e', triesIn(place, become)]);
  expect(stdout.split('\n').slice(0, 3), stderr).toEqual([
    expect.stringMatching(`^FILE_NOT_FOUND .*${denied}$`),
    expect.stringMatching(`^FILE_UNWRITABLE .*${denied}$`),
    expect.stringMatching(`^FILE_UNWRITABLE .*${denied}; set PADDLELAB_CACHE`),
  ]);
});

test.skipIf(!canMount)('a read-only file system is reported as such', async () => {
  const script = 'mount -t tmpfs -o ro none /mnt && exec "$0" -e "$1"';
  const { stdout, stderr } = await runProcess('unshare', ['-m', 'sh', '-c', script, process.execPath, triesIn('/mnt')]);
  expect(stdout.split('\n').slice(0, 3), stderr).toEqual([
    expect.stringMatching('^FILE_NOT_FOUND .*it does not exist'),
    expect.stringMatching(`^FILE_UNWRITABLE .*${readOnly}$`),
    expect.stringMatching(`^FILE_UNWRITABLE .*${readOnly}; set PADDLELAB_CACHE`),
  ]);
});

describe('a cache that can not be written to', () => {
  test('gives one warning, and the model is still loaded', async () => {
    const { runtime } = model.predictor;
    const env = { PADDLELAB_CACHE: path.join(folder, 'file', 'cache'), PADDLELAB_RUNTIME: runtime.root };
    const body = `
      for (let i = 0; i < 2; i++) await (await lab.loadModel(${JSON.stringify(directory)})).dispose();
      console.log('loaded');`;
    const { stdout, stderr, code } = await runScript(body, env);
    expect([code, stdout], stderr).toEqual([0, 'loaded\n']);
    expect(stderr.match(/PaddleLabWarning: Results are not cached for the next run/g)).toHaveLength(1);
    expect(stderr).toContain('set PADDLELAB_CACHE');
  });

  test('is a coded error that names the variable, when a runtime is to be installed in it', async () => {
    const installing = installRelease(selectRelease({}), { cache: path.join(folder, 'file', 'cache') });
    await expect(installing).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringMatching(/a part of its path is a file.*set PADDLELAB_CACHE/),
    });
  });
});

test('only src/files calls the file system directly', () => {
  const sources = readdirSync(path.join(projectRoot, 'src'), { recursive: true }).map(String);
  const own = sources.filter((name) => name.endsWith('.ts') && !/^(dev|files)\//.test(name));
  const importing = own.filter((name) =>
    /(from |import\(|require\()['"](node:)?fs(\/promises)?['"]/.test(
      readFileSync(path.join(projectRoot, 'src', name), 'utf8'),
    ),
  );
  expect(importing).toEqual([]);
});

test('saving replaces a file atomically, also through a link', async () => {
  const target = path.join(folder, 'kept.png');
  const picture = await lab.visualize(image, await lab.predict(model, image));
  await picture.save(target);
  const before = readFileSync(target);
  const link = path.join(folder, 'link.png');
  await symlink('kept.png', link);
  await (await lab.sideBySide([picture, picture])).save(link);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(readFileSync(target).equals(before)).toBe(false);
  // The disk becomes full during the write: the old file is kept, and no temporary file is left.
  const kept = readFileSync(target);
  const body = `
    const { writeAtomically } = require(${JSON.stringify(path.join(projectRoot, 'dist/files/atomic-file.js'))});
    const fs = require('node:fs/promises');
    await writeAtomically(${JSON.stringify(target)}, async (temporary) => {
      await fs.writeFile(temporary, 'half');
      throw Object.assign(new Error('ENOSPC: raw'), { code: 'ENOSPC', errno: -28 });
    }).catch((error) => console.log(error.code));`;
  expect((await runScript(body)).stdout).toBe('FILE_UNWRITABLE\n');
  expect(readFileSync(target).equals(kept)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith('.paddlelab'))).toEqual([]);
});
