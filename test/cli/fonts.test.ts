import { beforeAll, expect, test, vi } from 'vitest';
import { distFile } from '../../src/package-root';
import { makeFontCache } from '../fonts/test-fonts';
import { type ProcessResult, runProcess } from '../helpers/project';

/** Each test starts processes, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

let variables: NodeJS.ProcessEnv;
beforeAll(async () => {
  variables = { PADDLELAB_FONT_CACHE: await makeFontCache('arabic'), PADDLELAB_OFFLINE: '1' };
});

function cli(...args: string[]): Promise<ProcessResult> {
  return runProcess(process.execPath, [distFile('cli/main.js'), 'fonts', ...args], variables);
}

test('list says what there is, what it is for, and what is in the cache', async () => {
  const { code, stdout } = await cli('list');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^NAME +FONT +FOR +DOWNLOAD +IN THE CACHE\n/);
  expect(stdout).toMatch(/\narabic +Noto Sans Arabic +Arabic +1\.8 MB +85 kB\n/);
  expect(stdout).toMatch(/\nkorean +Noto Sans KR +Korean \(Hangul\), Chinese characters \(Han\) +49\.8 MB\n/);
  const { stdout: json } = await cli('list', '--pulled', '--json');
  expect(JSON.parse(json)).toMatchObject([{ name: 'arabic', licence: 'OFL-1.1', pulled: { version: '5.3.0' } }]);
});

test('pull says where the font is; every name is checked before the first download', async () => {
  const there = await cli('pull', 'arabic');
  expect([there.code, there.stdout]).toEqual([
    0,
    expect.stringMatching(/^arabic \(.*OFL-1\.1\) is in .*arabic \(85 kB\)\n$/),
  ]);
  const misspelt = await cli('pull', 'thai', 'corean');
  expect([misspelt.code, misspelt.stdout]).toEqual([2, '']);
  expect(misspelt.stderr).toContain('did you mean korean?');
  const offline = await cli('pull', 'thai');
  expect(offline.code).toBe(1);
  expect(offline.stderr).toMatch(
    /^error \[DOWNLOAD_FAILED\]: Expected the font thai in the cache .*offline mode is on/,
  );
});

test('remove removes it, once', async () => {
  expect((await cli('remove', 'arabic')).stdout).toBe('Removed arabic (85 kB)\n');
  const { code, stderr } = await cli('remove', 'arabic');
  expect([code, stderr]).toEqual([1, expect.stringContaining('Expected the font arabic in the cache but it was not')]);
  expect((await cli('list', '--pulled')).stdout).toBe('No font is in the cache.\n');
});
