import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { installRelease } from '../../src/runtime/install';
import { useInstallScene } from './install-scene';

/** Each test starts programs, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const VERSION = '9.8.7';

const scene = useInstallScene(VERSION);

/** A program for this test, alone on its PATH folder. */
function makeProgram(name: string, script: string): string {
  const file = path.join(scene.cache, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('pip', () => {
  test('without pip, the error says what to install, and nothing else is tried', async () => {
    const environment = { PATH: scene.cache };
    await expect(
      installRelease(scene.release, { cache: scene.cache, client: 'pip', environment, pythons: [] }),
    ).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringMatching(
        /Expected pip on PATH but found none; install it \(.*apt-get install -y python3 python3-pip.*dnf install/,
      ),
    });
  });

  test("an unreachable index is reported with pip's error", async () => {
    const environment = { ...scene.index.environment(), PIP_RETRIES: '0' };
    await scene.index.stop();
    await expect(
      installRelease(scene.release, { cache: scene.cache, client: 'pip', environment }),
    ).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringMatching(/pip says: Could not fetch URL .*connection error: .*Connection refused/),
    });
  });

  test('a pip that does not start is reported with its own error, not as missing', async () => {
    const environment = { ...scene.index.environment(), PIP_RETRIES: 'many', PATH: `${process.env.PATH}` };
    await expect(
      installRelease(scene.release, { cache: scene.cache, client: 'pip', environment, pythons: ['python3'] }),
    ).rejects.toMatchObject({
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
    const options = { cache: scene.cache, environment: scene.index.environment(), pythons: [python] };
    await expect(installRelease(scene.release, { ...options, client: 'pip' })).rejects.toMatchObject({
      code: 'RUNTIME_INSTALL_FAILED',
      message: expect.stringContaining(': ERROR: 403 Client Error: Forbidden. Check the network'),
    });
  });

  test('a pip with different internals is used by its command', async () => {
    const unknown = `echo '{"event": "error", "kind": "internals", "message": "none"}'; exit 1`;
    const python = makeProgram('python-other', `case "$1" in *.py) ${unknown};; *) exec python3 "$@";; esac`);
    const runtime = await installRelease(scene.release, {
      cache: scene.cache,
      client: 'pip',
      environment: scene.index.environment(),
      pythons: [python],
    });
    expect(runtime.complete).toBe(true);
  });
});

describe('uv', () => {
  test('uv installs into a separate folder and checks the hash', async () => {
    const log = path.join(scene.cache, 'uv.log');
    makeProgram(
      'uv',
      `echo "$@" > ${log}; while [ "$1" != --target ]; do shift; done; exec python3 -m zipfile -e ${scene.wheel.file} "$2"`,
    );
    const environment = { ...process.env, PATH: `${scene.cache}${path.delimiter}${process.env.PATH}` };
    const runtime = await installRelease(scene.release, { cache: scene.cache, client: 'uv', environment });
    expect(runtime).toMatchObject({ complete: true, sha256: scene.wheel.sha256 });
    expect(readFileSync(log, 'utf8')).toContain('--require-hashes');
  });

  test('without uv, the error says what to do', async () => {
    await expect(
      installRelease(scene.release, { cache: scene.cache, client: 'uv', environment: { PATH: scene.cache } }),
    ).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringContaining('Expected uv on PATH but found none; install it, or leave out the choice'),
    });
  });
});
