import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as zmq from 'zeromq';
import { address } from '../../src/kernel/jupyter-protocol';
import { errorOf, resultText, runCell, startKernel, streamText } from '../helpers/jupyter';

test('100 000 lines and 20 MB arrive whole and in order', async () => {
  const kernel = startKernel();
  try {
    await kernel.ready();
    const lines = await runCell(kernel, 'for (let i = 0; i < 100_000; i++) console.log("line " + i); "end"');
    expect(streamText(lines) === Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`).join('')).toBe(true);
    expect(lines.outputs.at(-1)?.type).toBe('execute_result');
    const large = await runCell(
      kernel,
      "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'x'.repeat(20e6) + 'y' }) })",
    );
    const text = String(resultText(large));
    expect([text.length, text.at(-1)]).toEqual([20_000_001, 'y']);
  } finally {
    await kernel.close();
  }
});

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

test("a reader that does not read blocks the cell that writes, and the kernel's memory does not grow", async () => {
  const kernel = startKernel();
  const slow = new zmq.Subscriber({ linger: 0, receiveHighWaterMark: 1 });
  try {
    await kernel.ready();
    slow.connect(address(kernel.connection, 'iopub'));
    slow.subscribe();
    // The welcome message shows that the subscription has arrived.
    await slow.receive();
    const before = residentMegabytes(kernel.process.pid as number);
    const flood = runCell(kernel, "for (let i = 0; i < 2e6; i++) console.log('x'.repeat(1000));");
    // It is blocked if two checks some time apart see the same memory.
    let last = -1;
    for (let same = 0; same < 4; ) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      const now = residentMegabytes(kernel.process.pid as number);
      same = Math.abs(now - last) < 2 ? same + 1 : 0;
      last = now;
    }
    expect(last - before).toBeLessThan(400);
    const interrupt = kernel.request('interrupt_request', {});
    // The queued output can only be sent once the reader reads again, or is gone.
    slow.close();
    expect(errorOf(await flood)?.ename).toBe('Interrupted');
    await interrupt;
    expect(resultText(await runCell(kernel, '6 * 7'))).toBe('42');
  } finally {
    if (!slow.closed) slow.close();
    await kernel.close();
  }
});
