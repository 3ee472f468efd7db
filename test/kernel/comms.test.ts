import { afterAll, beforeAll, expect, test } from 'vitest';
import { openComm, widgets } from '../../src';
import type { KernelClient } from '../../src/repl/kernel-client';
import { type FrontEnd, startWithFrontEnd } from '../helpers/front-end';
import { errorOf, resultText, runCell, runPython } from '../helpers/jupyter';

let kernel: KernelClient;
let page: FrontEnd;
beforeAll(async () => {
  ({ kernel, page } = await startWithFrontEnd());
});
afterAll(async () => {
  page.close();
  await kernel.close();
});

async function run(code: string): Promise<unknown> {
  const result = await runCell(kernel, code);
  expect(errorOf(result)?.evalue).toBeUndefined();
  return resultText(result);
}

test('an unknown comm is closed silently, and messages to it are ignored', async () => {
  const request = await page.send('comm_open', { comm_id: 'stray', target_name: 'nobody', data: {} });
  const closed = await page.until(({ header }) => header.msg_type === 'comm_close');
  expect(closed.content).toEqual({ comm_id: 'stray', data: {} });
  expect(closed.parent.msg_id).toBe(request);
  await page.send('comm_msg', { comm_id: 'stray', data: { method: 'update' } });
  await page.send('comm_close', { comm_id: 'stray', data: {} });
  await page.send('comm_open', {});
  expect(await page.ask('comm_info_request', {})).toEqual({ status: 'ok', comms: {} });
  expect(page.heard.filter(({ header }) => ['stream', 'error'].includes(header.msg_type))).toEqual([]);
});

test('a page opens a comm of a target registered by a cell; data and buffers are sent both ways', async () => {
  await run(
    `import { type Comm, openComm, registerComm } from 'paddlelab';
     const opened: Comm[] = [];
     registerComm('echo', (comm, { data, buffers }) => {
       opened.push(comm);
       console.log('opened with', data.hello, buffers[0]);
       comm.onMessage(({ data, buffers }) => comm.send({ back: data }, buffers.map((bytes) => bytes.map((byte) => byte + 1))));
       comm.onClose(({ data }) => console.log('closed', data.why));
     });`,
  );
  const cell = page.heard.findLast(({ header }) => header.msg_type === 'execute_input')?.parent.msg_id;
  await page.send('comm_open', { comm_id: 'mine', target_name: 'echo', data: { hello: 'page' } }, [Buffer.from([1])]);
  // At once, before the cell's code has set its handler.
  await page.send('comm_msg', { comm_id: 'mine', data: { a: [1] } }, [Buffer.from([7, 8]), Buffer.from([])]);
  const printed = await page.untilText('stream', 'opened with page');
  expect(printed.content.text).toContain('Uint8Array(1) [ 1 ]');
  expect(printed.parent.msg_id).toBe(cell);
  const answer = await page.until(({ header }) => header.msg_type === 'comm_msg');
  expect(answer.content).toEqual({ comm_id: 'mine', data: { back: { a: [1] } } });
  expect(answer.buffers.map((bytes) => [...bytes])).toEqual([[8, 9], []]);
  expect((await page.ask('comm_info_request', { target_name: 'echo' })).comms).toEqual({
    mine: { target_name: 'echo' },
  });
  expect((await page.ask('comm_info_request', { target_name: 'other' })).comms).toEqual({});
  await page.send('comm_close', { comm_id: 'mine', data: { why: 'done' } });
  await page.untilText('stream', 'closed done');
  expect(await run('opened.map(({ isOpen }) => isOpen)')).toBe('[ false ]');
});

test('a cell opens a comm to the page; data that is not JSON is refused in the cell', async () => {
  await run("const comm = openComm('page-side', { first: 1 }, [new Uint8Array([5])]);");
  const opened = await page.until(({ content }) => content.target_name === 'page-side' && 'data' in content);
  expect(opened.header.msg_type).toBe('comm_open');
  expect(opened.content.data).toEqual({ first: 1 });
  expect(opened.buffers.map((bytes) => [...bytes])).toEqual([[5]]);
  expect(errorOf(await runCell(kernel, 'comm.send({ big: 1n })'))?.evalue).toContain('BigInt');
  expect(errorOf(await runCell(kernel, "comm.send('text' as any)"))?.evalue).toContain('for data but received "text"');
  await run('comm.close({ bye: true })');
  await page.until(
    ({ header, content }) => header.msg_type === 'comm_close' && content.comm_id === opened.content.comm_id,
  );
  expect(errorOf(await runCell(kernel, 'comm.send({})'))?.evalue).toMatch(/^\[DISPOSED]/);
});

test('outside of a notebook an error says that there is no front end', () => {
  expect(() => widgets.slider()).toThrow(expect.objectContaining({ code: 'NOTEBOOK_NEEDED' }));
  expect(() => openComm('page')).toThrow(/not a notebook kernel; run it in a notebook or in `paddlelab repl`/);
});

test('nbclient saves the state of widgets in the notebook; without it nbconvert shows a static version', async () => {
  const picture = "({ [Symbol.for('Jupyter.display')]: () => ({ 'image/png': new Uint8Array([137, 80]) }) })";
  const cells = [
    `const level = widgets.slider({ label: 'the level', max: 4, value: 3 });
     await widgets.interact({ level }, () => ${picture});
     level.value = 2`,
  ];
  const { code, stdout, stderr } = await runPython('nbclient_widgets.py', JSON.stringify(cells));
  expect(stderr).not.toMatch(/Error/);
  expect(code).toBe(0);
  const { state, page } = JSON.parse(stdout);
  const models = Object.values(state as Record<string, { model_name: string; state: Record<string, unknown> }>);
  const slider = models.find(({ model_name }) => model_name === 'IntSliderModel');
  expect(slider?.state).toMatchObject({ description: 'the level', value: 2, _view_name: 'IntSliderView' });
  expect(models.map(({ model_name }) => model_name)).toEqual(expect.arrayContaining(['VBoxModel', 'OutputModel']));
  expect(page).toContain('the level <progress max="4" value="3">');
  expect(page.match(/<img [^>]*>/g)).toEqual([expect.stringContaining('src="data:image/png;base64,iVA="')]);
});
