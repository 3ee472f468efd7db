import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { InstallProgress } from '../../src/runtime/fetch';
import { installRelease } from '../../src/runtime/install';
import { listRuntimes } from '../../src/runtime/manifest';
import type { PaddleRelease } from '../../src/runtime/releases';
import { removeRuntime } from '../../src/runtime/remove';
import { type FakeWheel, isolatedPip, makeWheel, removeFolder, temporaryFolder, WheelIndex } from './wheel-index';

/** Each test starts programs, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const VERSION = '9.8.7';
const ID = `paddlepaddle-${VERSION}`;

let shared: string;
let wheel: FakeWheel;
let cache: string;
let index: WheelIndex;
let release: { -readonly [Key in keyof PaddleRelease]: PaddleRelease[Key] };

beforeAll(() => {
  shared = temporaryFolder();
  wheel = makeWheel(path.join(shared, 'wheels'), VERSION);
  return () => removeFolder(shared);
});

beforeEach(async () => {
  cache = temporaryFolder();
  index = await new WheelIndex(wheel).start();
  release = { name: 'paddlepaddle', version: VERSION, cpython: 'cp311', sha256: wheel.sha256 };
});

afterEach(async () => {
  await index.stop();
  removeFolder(cache);
});

/** A program for this test, alone on its PATH folder. */
function makeProgram(name: string, script: string): string {
  const file = path.join(cache, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

function downloads(): string[] {
  const folder = path.join(cache, 'downloads', ID);
  return existsSync(folder) ? readdirSync(folder) : [];
}

describe('installing', () => {
  test('keeps the libraries, the version file and the licence, and nothing else', async () => {
    const runtime = await installRelease(release, { cache, environment: index.environment() });
    expect(runtime).toMatchObject({ id: ID, version: VERSION, device: 'cpu', sha256: wheel.sha256, complete: true });
    const files = readdirSync(runtime.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(runtime.path, path.join(entry.parentPath, entry.name)));
    expect(files.sort()).toEqual([
      'manifest.json',
      'paddle/base/libpaddle.so',
      'paddle/libs/libcommon.so',
      'paddle/libs/libdnnl.so.3',
      'paddle/version/__init__.py',
      `${ID}.dist-info/LICENSE`,
      `${ID}.dist-info/METADATA`,
    ]);
    expect(readFileSync(path.join(runtime.path, 'paddle/libs/libcommon.so'), 'utf8')).toBe('common');
    expect(downloads()).toEqual([]);
  });

  test('an installed one is returned without a request to the index', async () => {
    const options = { cache, environment: index.environment() };
    const first = await installRelease(release, options);
    expect(await installRelease(release, { ...options, pythons: [] })).toEqual(first);
  });

  test('hides the runtime until it is complete, and reports progress', async () => {
    const target = path.join(cache, 'runtimes', ID);
    const seen: InstallProgress[] = [];
    const onProgress = (progress: InstallProgress): void => {
      seen.push(progress);
      expect(existsSync(target)).toBe(false);
    };
    await installRelease(release, { cache, environment: index.environment(), onProgress });
    const phases = [...new Set(seen.map((progress) => progress.phase))];
    expect(phases).toEqual(['find', 'download', 'verify', 'unpack']);
    const unpacked = seen.at(-1);
    expect(unpacked?.done).toBe(unpacked?.total);
    expect(seen.findLast((progress) => progress.phase === 'download')?.done).toBe(wheel.size);
  });

  test('uses a wheel from a --find-links folder', async () => {
    const environment = { ...isolatedPip(), PIP_NO_INDEX: '1', PIP_FIND_LINKS: path.dirname(wheel.file) };
    expect((await installRelease(release, { cache, environment })).complete).toBe(true);
  });

  test('accepts an unpinned version with the hash of the index, or without one', async () => {
    release.sha256 = undefined;
    index.hash = undefined;
    const runtime = await installRelease(release, { cache, environment: index.environment() });
    expect(runtime.sha256).toBe(wheel.sha256);
  });

  test('a damaged one is listed as damaged and repaired by installing again', async () => {
    const options = { cache, environment: index.environment() };
    const { path: folder } = await installRelease(release, options);
    rmSync(path.join(folder, 'paddle/libs/libcommon.so'));
    expect((await listRuntimes({ cache }))[0]?.complete).toBe(false);
    expect((await installRelease(release, options)).complete).toBe(true);
  });
});

describe('failures', () => {
  test.each(['pinned', 'of the index'])('a wheel without the hash %s is refused and deleted', async (which) => {
    const wrong = 'f'.repeat(64);
    if (which === 'pinned') release.sha256 = wrong;
    else {
      release.sha256 = undefined;
      index.hash = wrong;
    }
    await expect(installRelease(release, { cache, environment: index.environment() })).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringContaining(`Expected SHA-256 ${wrong} for ${wheel.name} but received ${wheel.sha256}`),
    });
    expect(downloads()).toEqual([]);
    expect(await listRuntimes({ cache })).toEqual([]);
  });

  test('an interrupted download is resumed in the same run', async () => {
    index.answers.push({ cut: 1_000_000 });
    await installRelease(release, { cache, environment: index.environment() });
    expect(index.ranges[0]).toBe('');
    expect(index.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(index.ranges).toHaveLength(2);
  });

  test('a failed download is resumed by the next run', async () => {
    const options = { cache, environment: index.environment() };
    index.answers.push({ cut: 1_000_000 }, { status: 404 });
    await expect(installRelease(release, options)).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringContaining('HTTP status 404'),
    });
    expect(downloads()).toEqual([`${wheel.name}.part`]);
    await installRelease(release, options);
    expect(index.ranges[2]).toBe(index.ranges[1]);
  });

  test('a version that is not on the index is reported with the available ones', async () => {
    release.version = '1.2.3';
    await expect(installRelease(release, { cache, environment: index.environment() })).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringContaining(`it has ${VERSION}; choose one of them`),
    });
    expect(readdirSync(path.join(cache, 'downloads'))).toEqual([]);
  });

  test('an abort during unpacking keeps the wheel for the next run', async () => {
    const controller = new AbortController();
    const onProgress = ({ phase }: InstallProgress): void => {
      if (phase === 'unpack') controller.abort();
    };
    const options = { cache, environment: index.environment() };
    const aborted = installRelease(release, { ...options, onProgress, signal: controller.signal });
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    expect(readdirSync(path.join(cache, 'runtimes'))).toEqual([]);
    await installRelease(release, options);
    expect(index.ranges).toHaveLength(1);
  });

  test('without pip and uv, the error says what to install', async () => {
    const environment = { PATH: cache };
    await expect(installRelease(release, { cache, environment, pythons: [] })).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringMatching(
        /neither on PATH; install pip \(.*apt-get install -y python3 python3-pip.*dnf install/,
      ),
    });
  });

  test("an unreachable index is reported with pip's error", async () => {
    const environment = { ...index.environment(), PIP_RETRIES: '0' };
    await index.stop();
    await expect(installRelease(release, { cache, environment })).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringMatching(/pip says: Could not fetch URL .*connection error: .*Connection refused/),
    });
  });

  test('a pip that does not start is reported with its own error, not as missing', async () => {
    const environment = { ...index.environment(), PIP_RETRIES: 'many', PATH: `${process.env.PATH}` };
    await expect(installRelease(release, { cache, environment, pythons: ['python3'] })).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringMatching(/pip .*does not start: .*retries.*'many'/),
    });
  });

  test('the last error line of pip is shown, not the notice or hint below it', async () => {
    const unknown = `echo '{"event": "error", "kind": "internals", "message": "none"}'; exit 1`;
    const said =
      'echo "ERROR: 403 Client Error: Forbidden" >&2; echo "[notice] A new release of pip is available" >&2; exit 1';
    const python = makeProgram(
      'python-forbidden',
      `case "$*" in *.py*) ${unknown};; *download*) ${said};; *) exec python3 "$@";; esac`,
    );
    const options = { cache, environment: index.environment(), pythons: [python] };
    await expect(installRelease(release, options)).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringContaining(': ERROR: 403 Client Error: Forbidden. Check the network'),
    });
  });
});

describe('other package clients', () => {
  test('a pip with different internals is used by its command', async () => {
    const unknown = `echo '{"event": "error", "kind": "internals", "message": "none"}'; exit 1`;
    const python = makeProgram('python-other', `case "$1" in *.py) ${unknown};; *) exec python3 "$@";; esac`);
    const runtime = await installRelease(release, { cache, environment: index.environment(), pythons: [python] });
    expect(runtime.complete).toBe(true);
  });

  test('uv installs into a separate folder and checks the hash', async () => {
    const log = path.join(cache, 'uv.log');
    makeProgram(
      'uv',
      `echo "$@" > ${log}; while [ "$1" != --target ]; do shift; done; exec python3 -m zipfile -e ${wheel.file} "$2"`,
    );
    const environment = { ...process.env, PATH: `${cache}${path.delimiter}${process.env.PATH}` };
    const runtime = await installRelease(release, { cache, environment, pythons: [] });
    expect(runtime).toMatchObject({ complete: true, sha256: wheel.sha256 });
    expect(readFileSync(log, 'utf8')).toContain('--require-hashes');
  });
});

describe('listing and removing', () => {
  test('a version or a full name removes it', async () => {
    const options = { cache, environment: index.environment() };
    for (const name of [VERSION, ID]) {
      await installRelease(release, options);
      expect((await removeRuntime(name, { cache })).id).toBe(ID);
      expect(await listRuntimes({ cache })).toEqual([]);
      expect(readdirSync(path.join(cache, 'runtimes'))).toEqual([]);
    }
  });

  test('one that is not installed is refused with the installed ones', async () => {
    await installRelease(release, { cache, environment: index.environment() });
    await expect(removeRuntime('1.0.0', { cache })).rejects.toMatchObject({
      code: 'RUNTIME_NOT_FOUND',
      message: `Expected an installed runtime for version but received "1.0.0"; installed: ${ID}`,
    });
  });
});
