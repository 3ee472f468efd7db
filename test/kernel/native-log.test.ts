import { expect, test } from 'vitest';
import { errorOf, runCell, startKernel, streamText } from '../helpers/jupyter';
import { demoModel } from '../helpers/project';

const load = (name: string): string =>
  `const ${name} = await loadModel(${JSON.stringify(demoModel('shapes_det_picodet'))}, { engine: 'plain' });`;
/** Paddle's log line when it creates a predictor. */
const LINES = /Running analysis|analysis_predictor\.cc/;

test("Paddle's native lines go to the cell that causes them once they are switched on, and to the server's log otherwise", async () => {
  const kernel = startKernel(undefined, {}, 'pipe');
  let log = '';
  kernel.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  try {
    await kernel.ready();
    const quiet = await runCell(kernel, `${load('first')}\nrequire('fs').writeSync(2, 'before ')`);
    expect([errorOf(quiet), streamText(quiet, 'stderr')]).toEqual([undefined, '']);

    expect(streamText(await runCell(kernel, '%logs on'))).toBe('logs: on\n');
    const loud = await runCell(kernel, `${load('second')}\nconsole.log('printed')`);
    expect(streamText(loud, 'stderr')).toMatch(LINES);
    expect(streamText(loud)).toBe('printed\n');
    const next = await runCell(kernel, "console.error('of JavaScript')");
    expect(streamText(next, 'stderr')).toBe('of JavaScript\n');

    await runCell(kernel, '%logs off');
    const off = await runCell(kernel, `${load('third')}\nrequire('fs').writeSync(2, 'after ')`);
    expect(streamText(off, 'stderr')).toBe('');
  } finally {
    await kernel.close();
  }
  expect(log).toBe('before after ');
});

test('a burst of native output blocks nothing, and its end is shown; output of a child process is shown, too', async () => {
  const kernel = startKernel();
  try {
    await kernel.ready();
    await runCell(kernel, '%logs on');
    const burst = await runCell(kernel, "require('fs').writeSync(1, 'x'.repeat(5e6) + ' end')");
    const text = streamText(burst, 'stderr');
    expect(text).toMatch(/MB of native log left out\]\nx+ end$/);
    const child = await runCell(kernel, "require('child_process').execSync('echo of a child', { stdio: 'inherit' });");
    expect(streamText(child, 'stderr')).toBe('of a child\n');
  } finally {
    await kernel.close();
  }
});

test('the last native lines before a crash are shown with the reason', async () => {
  const kernel = startKernel(undefined, {}, 'ignore');
  try {
    await kernel.ready();
    await runCell(kernel, '%logs on');
    const died = await runCell(kernel, "require('fs').writeSync(2, 'last words\\n'); process.abort()");
    expect(errorOf(died)?.evalue).toMatch(/crashed in native code/);
    expect(errorOf(died)?.traceback?.join('\n')).toContain('The native log ended with:\nlast words');
  } finally {
    await kernel.close();
  }
});
