import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { distFile } from '../../src/package-root';
import {
  type FakeWheel,
  isolatedPip,
  makeWheel,
  removeFolder,
  temporaryFolder,
  WheelIndex,
} from '../runtime/wheel-index';

/** Each test starts programs, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const VERSION = '9.8.7';

let shared: string;
let wheel: FakeWheel;
let cache: string;

beforeAll(() => {
  shared = temporaryFolder();
  wheel = makeWheel(shared, VERSION);
  return () => removeFolder(shared);
});

beforeEach(() => {
  cache = temporaryFolder();
});

afterEach(() => removeFolder(cache));

interface Running {
  child: ChildProcess;
  /** Resolves when standard error contains the text. */
  saw(text: string): Promise<void>;
  end: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function start(args: readonly string[], environment: NodeJS.ProcessEnv = isolatedPip()): Running {
  const child = spawn(process.execPath, [distFile('cli/main.js'), ...args], {
    env: { ...environment, PADDLELAB_CACHE: cache },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const saw = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stderr.includes(text)) resolve();
      };
      child.stderr.on('data', look);
      child.on('close', () => reject(new Error(`ended without saying "${text}": ${stderr}`)));
      look();
    });
  return { child, saw, end: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))) };
}

const cli = (...args: string[]) => start(args).end;

describe('exit codes and messages', () => {
  test('--version', async () => {
    expect(await cli('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test('help fits 80 columns', async () => {
    for (const command of [[], ['runtime', 'install']]) {
      const { code, stdout } = await cli(...command, '--help');
      expect(code).toBe(0);
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test.each([[['nonsense']], [['runtime', 'install', '--nonsense']], [['runtime', 'remove']]])(
    'a usage error is 2: %j',
    async (args) => {
      expect(await cli(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: /) });
    },
  );

  test('a failure is 1, an invalid value 2, and both show their code', async () => {
    expect(await cli('runtime', 'remove', '1.0.0')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error [RUNTIME_NOT_FOUND]: Expected an installed runtime for version but received "1.0.0"; installed: none\n',
    });
    const { code, stderr } = await cli('runtime', 'install', '--version', 'newest');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error \[INVALID_ARGUMENT\]/) });
  });

  test('doctor without a runtime is 1, and its JSON has the same content', async () => {
    const { code, stdout } = await start(['doctor', '--json'], { PATH: cache, HOME: cache }).end;
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(report)).toEqual(['paddlelab', 'usable', 'checks', 'places', 'devices', 'jupyter']);
    expect(report.usable).toBe(false);
    const text = await start(['doctor'], { PATH: cache, HOME: cache }).end;
    expect(text.code).toBe(1);
    expect(text.stdout).toContain('✖ no Paddle runtime found\n  fix: npx paddlelab runtime install\n');
  });
});

describe.each(['paddlelab', 'pip'])('runtime install, with %s', (client) => {
  const install = ['runtime', 'install', '--version', VERSION, '--with', client];
  let index: WheelIndex;

  beforeEach(async () => {
    index = await new WheelIndex(wheel).start();
  });

  afterEach(() => index.stop());

  /** Shown when something has been written; paddlelab itself also shows 0 %. */
  const begun = client === 'pip' ? 'Downloading' : 'Downloading  2';

  const parts = (): string[] =>
    readdirSync(path.join(cache, 'downloads', `paddlepaddle-${VERSION}`)).filter((name) => name.endsWith('.part'));

  test('installs, lists and removes', async () => {
    const environment = index.environment();
    const installed = await start(install, environment).end;
    expect(installed).toMatchObject({ code: 0, stdout: expect.stringContaining(`Paddle ${VERSION} for CPU`) });
    expect(installed.stderr).toContain('Unpacking 100%');
    expect((await cli('runtime', 'list')).stdout).toContain(`paddlepaddle-${VERSION}  ${VERSION}    CPU     3 MB`);
    expect(JSON.parse((await cli('runtime', 'list', '--json')).stdout)).toMatchObject([{ version: VERSION }]);
    expect(await cli('runtime', 'remove', VERSION)).toMatchObject({ code: 0 });
    expect((await cli('runtime', 'list')).stdout).toContain('fix: npx paddlelab runtime install');
  });

  test('killed during the download, the next run resumes it', async () => {
    index.answers.push({ stall: 1_000_000 });
    const first = start(install, index.environment());
    await first.saw(begun);
    first.child.kill('SIGKILL');
    await first.end;
    expect(parts()).toEqual([`${wheel.name}.part`]);
    expect(await start(install, index.environment()).end).toMatchObject({ code: 0 });
    expect(index.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('killed while unpacking, the next run unpacks the same wheel again', async () => {
    const first = start(install, index.environment());
    await first.saw('Unpacking');
    first.child.kill('SIGKILL');
    await first.end;
    expect(await start(install, index.environment()).end).toMatchObject({ code: 0 });
    expect(index.ranges).toHaveLength(1);
    expect(readdirSync(path.join(cache, 'runtimes'))).toEqual([`paddlepaddle-${VERSION}`]);
  });

  test('Ctrl-C ends with 130 and keeps the partial download', async () => {
    index.answers.push({ stall: 1_000_000 });
    const running = start(install, index.environment());
    await running.saw(begun);
    running.child.kill('SIGINT');
    const message = 'Interrupted. The download so far is kept; run the same command to resume it.';
    expect(await running.end).toMatchObject({ code: 130, stderr: expect.stringContaining(message) });
    expect(parts()).toEqual([`${wheel.name}.part`]);
    expect(await start(install, index.environment()).end).toMatchObject({ code: 0 });
    expect(index.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('two concurrent installs both succeed, with one download', async () => {
    const both = [start(install, index.environment()), start(install, index.environment())];
    for (const { end } of both) expect(await end).toMatchObject({ code: 0 });
    expect(index.ranges).toHaveLength(1);
    expect(existsSync(path.join(cache, 'downloads', `paddlepaddle-${VERSION}`))).toBe(false);
  });
});

test('runtime install needs no program; its error names the other ways', async () => {
  const index = await new WheelIndex(wheel).start();
  const environment = { ...index.environment(), PATH: '' };
  const install = ['runtime', 'install', '--version', VERSION];
  expect(await start(install, environment).end).toMatchObject({ code: 0 });
  await index.stop();
  const failed = await start(['runtime', 'install', '--version', '1.2.3'], environment).end;
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/the connection was refused.*Or have pip or uv download it.*--with pip/);
});
