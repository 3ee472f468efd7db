import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelClient } from '../../src/repl/kernel-client';
import { type FrontEnd, startWithFrontEnd } from '../helpers/front-end';
import { errorOf, resultText, runCell, type StepResult } from '../helpers/jupyter';

let kernel: KernelClient;
let page: FrontEnd;
beforeAll(async () => {
  ({ kernel, page } = await startWithFrontEnd());
});
afterAll(async () => {
  page.close();
  await kernel.close();
});

/** Runs a cell that must not fail, and waits until the page has its messages. */
async function run(code: string): Promise<StepResult> {
  const result = await runCell(kernel, code);
  expect(errorOf(result)?.evalue).toBeUndefined();
  await page.settled();
  return result;
}

const VIEW = 'application/vnd.jupyter.widget-view+json';

/** The model shown by a cell. */
function shown({ outputs }: StepResult): string {
  const view = outputs.map(({ data }) => data?.[VIEW]).find((part) => part !== undefined);
  return (view as { model_id: string }).model_id;
}

test('a slider is a Jupyter widget model, and has a static version for pages without widgets', async () => {
  const result = await run("widgets.slider({ label: 'a < b', min: 0, max: 1, step: 0.05, value: 0.5 })");
  const id = shown(result);
  const opened = await page.until(({ content }) => content.comm_id === id);
  expect(opened.header.msg_type).toBe('comm_open');
  expect(opened.metadata).toEqual({ version: '2.1.0' });
  expect(opened.content.target_name).toBe('jupyter.widget');
  const state = page.models.get(id) as Record<string, string>;
  expect(state).toMatchObject({
    ...{ _model_module: '@jupyter-widgets/controls', _model_module_version: '2.0.0', _model_name: 'FloatSliderModel' },
    ...{ _view_module: '@jupyter-widgets/controls', _view_module_version: '2.0.0', _view_name: 'FloatSliderView' },
    ...{ description: 'a < b', min: 0, max: 1, step: 0.05, value: 0.5, readout_format: '.2f' },
  });
  // Layout and style are separate models, and are opened before the models that refer to them.
  for (const [part, name] of [
    ['layout', 'LayoutModel'],
    ['style', 'SliderStyleModel'],
  ] as const) {
    const reference = String(state[part]).replace(/^IPY_MODEL_/, '');
    expect(page.models.get(reference)?._model_name).toBe(name);
    expect([...page.models.keys()].indexOf(reference)).toBeLessThan([...page.models.keys()].indexOf(id));
  }
  const { data } = result.outputs.find(({ type }) => type === 'execute_result') ?? {};
  expect(data?.['text/plain']).toBe('a < b: 0.5 (0 to 1)');
  expect(data?.['text/html']).toContain('<progress max="1" value="0.5">');
  expect(data?.['text/html']).not.toContain('a < b');
});

test('a change on the page calls handlers, whose output goes to the cell that has set them', async () => {
  const made = await run(
    `import { stat } from 'node:fs/promises';
     const level = widgets.slider({ min: 0, max: 10 });
     level.onChange(async (value) => { await stat('.'); console.log('level ' + value); });
     level`,
  );
  const cell = page.heard.findLast(({ header }) => header.msg_type === 'execute_input')?.parent.msg_id;
  await run("'another cell'");
  const id = shown(made);
  const request = await page.change(id, { value: 4 });
  const printed = await page.untilText('stream', 'level 4');
  expect(printed.parent.msg_id).toBe(cell);
  // The acknowledgement that front ends wait for is an answer to their message.
  const echo = await page.untilText('comm_msg', 'echo_update');
  expect(echo.parent.msg_id).toBe(request);
  expect(echo.content).toEqual({
    comm_id: id,
    data: { method: 'echo_update', state: { value: 4 }, buffer_paths: [] },
  });
  expect(resultText(await run('level.value'))).toBe('4');
});

test('code changes the state on the page, and its own handlers are called as well', async () => {
  await run(
    'const seen: number[] = []; level.onChange((value) => { seen.push(value) }); level.value = 7; level.value = 7;',
  );
  const update = await page.untilText('comm_msg', '"method":"update"');
  expect((update.content.data as { state: object }).state).toEqual({ value: 7 });
  expect(resultText(await run('await null; seen'))).toBe('[ 7 ]');
  const refused = errorOf(await runCell(kernel, 'level.value = 11'));
  expect(refused?.evalue).toBe('[INVALID_ARGUMENT] Expected number from 0 to 10 for value but received 11 (number)');
  // An invalid value from a page is corrected there.
  await page.change(shown(await run('level')), { value: 'many' });
  await page.untilText('comm_msg', '"state":{"value":7}');
  expect(resultText(await run('level.value'))).toBe('7');
});

test('a waiting cell gets changes while it waits', async () => {
  const id = shown(await run('level'));
  const waiting = runCell(
    kernel,
    "console.log('waiting'); for await (const value of level) { console.log('got ' + value); if (value === 3) break; } 'over'",
  );
  const cell = (await page.untilText('stream', 'waiting')).parent.msg_id;
  const mark = page.heard.length;
  await page.change(id, { value: 2 });
  await page.untilText('stream', 'got 2');
  // The cell still runs, and front ends show the last state they received.
  await page.until((message) => {
    const isLater = page.heard.indexOf(message) > mark;
    return isLater && message.parent.msg_id === cell && message.content.execution_state === 'busy';
  });
  await page.change(id, { value: 3 });
  expect(resultText(await waiting)).toBe("'over'");
});

test('a cell that runs again replaces its handler', async () => {
  await run("const twice = widgets.slider({ label: 'twice' });");
  for (const cellId of ['a', 'a', 'b']) {
    await page.run(cellId, `twice.onChange((value) => console.log('${cellId} hears ' + value))`);
  }
  await page.change(page.model('FloatSliderModel'), { value: 0.5 });
  await page.untilText('stream', 'b hears 0.5');
  await page.change(page.model('FloatSliderModel'), { value: 0.6 });
  await page.untilText('stream', 'b hears 0.6');
  const heard = page.heard.filter(({ content }) => String(content.text).includes('hears 0.5'));
  expect(heard.map(({ content }) => content.text)).toEqual(['a hears 0.5\n', 'b hears 0.5\n']);
});

test('while an async handler runs, only the newest value is queued', async () => {
  const id = shown(
    await run(
      `const handled: number[] = []; let open: () => void;
       const gate = new Promise<void>((resolve) => { open = resolve; });
       const fast = widgets.slider({ min: 0, max: 100 });
       fast.onChange(async (value) => { handled.push(value); await gate; console.log('handled ' + value); });
       fast`,
    ),
  );
  for (const value of [1, 2, 3, 4, 5]) await page.change(id, { value });
  await page.settled();
  expect(resultText(await run('handled'))).toBe('[ 1 ]');
  await run('open()');
  await page.untilText('stream', 'handled 5');
  expect(resultText(await run('handled'))).toBe('[ 1, 5 ]');
});

test('an error of a handler is shown in its cell, once, with its line', async () => {
  const id = shown(
    await run(
      "const bad = widgets.slider();\nbad.onChange((value) => {\n  throw new RangeError('not there');\n});\nbad",
    ),
  );
  const cell = page.heard.findLast(({ header }) => header.msg_type === 'execute_input')?.parent.msg_id;
  await page.change(id, { value: 0.1 });
  const error = await page.untilText('error', 'not there');
  expect(error.parent.msg_id).toBe(cell);
  expect(error.content).toMatchObject({ ename: 'RangeError', evalue: 'not there' });
  expect((error.content.traceback as string[]).join('\n')).toMatch(/cell\[\d+]\.ts:3:9/);
  await page.change(id, { value: 0.2 });
  await page.change(id, { value: 0.3 });
  await page.settled();
  await run('await new Promise((resolve) => setImmediate(resolve))');
  expect(page.heard.filter(({ content }) => content.evalue === 'not there')).toHaveLength(1);
});

test('an interrupt cancels a handler: one that loops, and one that waits for ever', async () => {
  const id = shown(
    await run(
      `const stuck = widgets.slider({ min: 0, max: 9 }); const kept = { whole: true };
       stuck.onChange(async (value) => {
         console.log('at ' + value);
         if (value === 1 || value === 4) for (;;);
         if (value === 2) await new Promise(() => {});
       });
       stuck`,
    ),
  );
  for (const value of [1, 2]) {
    await page.change(id, { value });
    await page.untilText('stream', `at ${value}`);
    await kernel.request('interrupt_request', {});
    expect(resultText(await run('kept.whole'))).toBe('true');
  }
  // Beside a waiting cell; both are interrupted.
  const waiting = runCell(kernel, "console.log('beside'); await new Promise(() => {})");
  await page.untilText('stream', 'beside');
  await page.change(id, { value: 4 });
  await page.untilText('stream', 'at 4');
  await kernel.request('interrupt_request', {});
  expect(errorOf(await waiting)?.ename).toBe('Interrupted');
  await page.change(id, { value: 3 });
  await page.untilText('stream', 'at 3');
  const ends = page.heard.filter(({ content }) => content.ename === 'Interrupted');
  // One for each handler, and one for the cell.
  expect(ends).toHaveLength(4);
});

test('a reloaded page gets every widget, with its state', async () => {
  await run("const colour = widgets.dropdown({ label: 'colour', options: ['red', 'green'], value: 'green' });");
  const comm = { comm_id: 'control', target_name: 'jupyter.widget.control', data: {} };
  await page.send('comm_open', comm);
  await page.send('comm_msg', { comm_id: 'control', data: { method: 'request_states' } });
  const answer = await page.untilText('comm_msg', 'update_states');
  expect(answer.content.comm_id).toBe('control');
  const { states } = answer.content.data as { states: Record<string, { state: Record<string, unknown> }> };
  const id = page.model('DropdownModel');
  expect(states[id]).toMatchObject({
    ...{ model_name: 'DropdownModel', model_module: '@jupyter-widgets/controls', model_module_version: '2.0.0' },
    state: { _options_labels: ['red', 'green'], index: 1, description: 'colour' },
  });
  const { comms } = await page.ask('comm_info_request', { target_name: 'jupyter.widget' });
  expect(Object.keys(comms as object).sort()).toEqual(Object.keys(states).sort());
  // One by one, as requested by older pages.
  await page.send('comm_msg', { comm_id: id, data: { method: 'request_state' } });
  await page.until(({ content }) => {
    const data = content.data as { method?: string; state?: Record<string, unknown> } | undefined;
    return content.comm_id === id && data?.method === 'update' && data.state?._view_name === 'DropdownView';
  });
  await page.send('comm_close', { comm_id: 'control', data: {} });
});

test('dropdowns give the value of a label, checkboxes true and false, buttons each press', async () => {
  await run(
    `const size = widgets.dropdown({ options: { small: 320, large: 640 } });
     const ticked = widgets.checkbox({ label: 'ticked' }); const go = widgets.button({ label: 'Go' });
     const pressed: number[] = [];
     go.onClick(async (count) => { await null; pressed.push(count); console.log('press ' + count); });`,
  );
  await page.change(page.model('DropdownModel'), { index: 1 });
  await page.change(page.model('CheckboxModel'), { value: true });
  const click = { comm_id: page.model('ButtonModel'), data: { method: 'custom', content: { event: 'click' } } };
  for (let i = 0; i < 3; i++) await page.send('comm_msg', click);
  await page.untilText('stream', 'press 3');
  expect(resultText(await run('[size.value, ticked.value, pressed]'))).toBe('[ 640, true, [ 1, 2, 3 ] ]');
});

test('files come from the page as bytes, and are not sent back to it', async () => {
  const id = shown(
    await run("const files = widgets.upload(); files.onChange(([file]) => console.log('came ' + file.name)); files"),
  );
  const file = { name: 'a.png', type: 'image/png', size: 3, last_modified: 0 };
  await page.send(
    'comm_msg',
    { comm_id: id, data: { method: 'update', state: { value: [file] }, buffer_paths: [['value', 0, 'content']] } },
    [new Uint8Array([1, 2, 3])],
  );
  await page.untilText('stream', 'came a.png');
  expect(resultText(await run('files.value'))).toBe(
    "[ { name: 'a.png', type: 'image/png', bytes: Uint8Array(3) [ 1, 2, 3 ] } ]",
  );
  const answers = page.heard.filter(({ header, content }) => header.msg_type === 'comm_msg' && content.comm_id === id);
  expect(answers).toEqual([]);
});

test('a closed widget is removed from the page, ends its loops and refuses changes', async () => {
  await run("const brief = widgets.slider({ label: 'brief' }); const hers = widgets.slider();");
  const [mine] = [...page.models].reverse().find(([, state]) => state.description === 'brief') as [string, object];
  const loop = runCell(kernel, "console.log('loop'); for await (const _ of hers); 'loop is over'");
  await page.untilText('stream', 'loop');
  await page.send('comm_close', { comm_id: page.model('FloatSliderModel'), data: {} });
  expect(resultText(await loop)).toBe("'loop is over'");
  await run('brief.close()');
  await page.until(({ header, content }) => header.msg_type === 'comm_close' && content.comm_id === mine);
  const { comms } = await page.ask('comm_info_request', {});
  expect(Object.keys(comms as object)).not.toContain(mine);
  expect(errorOf(await runCell(kernel, 'brief.value = 1'))?.evalue).toMatch(
    /^\[DISPOSED] The widget "brief" was closed/,
  );
  const { data } = (await run('brief')).outputs.find(({ type }) => type === 'execute_result') ?? {};
  expect(Object.keys(data ?? {}).sort()).toEqual(['text/html', 'text/plain']);
});

test("interact shows controls and a function's result, updated with each change", async () => {
  const result = await run(
    `await widgets.interact(
       { level: widgets.slider({ label: 'x', max: 9 }), on: widgets.checkbox() },
       async ({ level, on }) => { if (level === 5) throw new Error('not five'); return on ? level * 100 : level; },
     );`,
  );
  const outputs = result.outputs.filter(({ type }) => type === 'display_data');
  // Without widgets: the controls and the result as text.
  expect(outputs.map(({ data }) => data?.['text/plain'])).toEqual(['x: 0 (0 to 9)\n☐\n0']);
  await page.change(page.model('IntSliderModel'), { value: 4 });
  const update = await page.untilText('comm_msg', '"text/plain":"4"');
  expect(update.content.comm_id).toBe(page.model('OutputModel'));
  await page.change(page.model('CheckboxModel'), { value: true });
  await page.untilText('comm_msg', '"text/plain":"400"');
  await page.change(page.model('IntSliderModel'), { value: 5 });
  await page.untilText('error', 'not five');
});

test('wrong options are refused with the expected values', async () => {
  const messages = [];
  for (const code of [
    "widgets.slider({ lable: 'x' } as any)",
    'widgets.slider({ min: 2, max: 1 })',
    "widgets.dropdown({ options: ['a', 'b'], value: 'c' as any })",
    'widgets.vbox([1] as any)',
    "widgets.slider().onChange('no' as any)",
  ]) {
    messages.push(errorOf(await runCell(kernel, code))?.evalue);
  }
  expect(messages).toEqual([
    '[UNKNOWN_OPTION] Unknown option "lable" for slider; did you mean "label"?',
    '[INVALID_ARGUMENT] Expected number above 2, which is min, for max but received 1 (number)',
    '[INVALID_ARGUMENT] Expected one of "a", "b" for value but received "c" (string)',
    '[INVALID_ARGUMENT] Expected widget for children[0] but received 1 (number)',
    '[INVALID_ARGUMENT] Expected function for handler but received "no" (string)',
  ]);
});
