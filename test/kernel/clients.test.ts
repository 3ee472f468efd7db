import { expect, test } from 'vitest';
import { runPython } from '../helpers/jupyter';

test('jupyter_kernel_test passes whole, with every feature declared', async () => {
  const { code, stderr } = await runPython('protocol_suite.py');
  expect(stderr).toMatch(/Ran 13 tests/);
  expect(stderr).toMatch(/^OK$/m);
  expect(code).toBe(0);
});

test('nbclient gets 5000 lines, an error, a following cell and a rich result, complete and in order', async () => {
  const cells = [
    `for (let i = 0; i < 5000; i++) console.log(\`line \${i}\`);\n'the end'`,
    `console.log('before');\nthrow new RangeError('on purpose');`,
    `console.error('after'); 6 * 7`,
    `({ [Symbol.for('Jupyter.display')]: async () => ({
      'image/png': new Uint8Array([137, 80, 78, 71]), 'text/html': '<b>rich</b>', 'application/json': { a: [1] } }) })`,
  ];
  const { code, stdout, stderr } = await runPython('nbclient_order.py', JSON.stringify(cells));
  expect(stderr).not.toMatch(/Error/);
  expect(code).toBe(0);
  const [lines, error, after, rich] = JSON.parse(stdout);
  const printed = lines.slice(0, -1).map((output: { text: string }) => output.text);
  expect(printed.join('')).toBe(Array.from({ length: 5000 }, (_, i) => `line ${i}\n`).join(''));
  expect(lines.at(-1)).toMatchObject({ output_type: 'execute_result', data: { 'text/plain': "'the end'" } });
  expect(error).toMatchObject([
    { output_type: 'stream', name: 'stdout', text: 'before\n' },
    { output_type: 'error', ename: 'RangeError', evalue: 'on purpose' },
  ]);
  expect(after).toMatchObject([
    { output_type: 'stream', name: 'stderr', text: 'after\n' },
    { output_type: 'execute_result', data: { 'text/plain': '42' } },
  ]);
  expect(rich).toHaveLength(1);
  expect(rich[0].data).toMatchObject({
    'image/png': 'iVBORw==',
    'text/html': '<b>rich</b>',
    'application/json': { a: [1] },
  });
  expect(rich[0].data['text/plain']).toContain('Jupyter.display');
});
