import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelClient } from '../../src/repl/kernel-client';
import { hasFfmpeg } from '../helpers/ffmpeg';
import { type FrontEnd, startWithFrontEnd } from '../helpers/front-end';
import { errorOf, resultText, runCell } from '../helpers/jupyter';
import { demoModel } from '../helpers/project';
import { RtspServer } from '../helpers/rtsp-server';

let kernel: KernelClient;
let page: FrontEnd;
beforeAll(async () => {
  ({ kernel, page } = await startWithFrontEnd());
});
afterAll(async () => {
  page.close();
  await kernel.close();
});

interface Message {
  readonly method?: string;
  readonly state?: Readonly<Record<string, unknown>>;
}

/** What a model was set to, in order. */
function changes(model: string, name: string): unknown[] {
  const sent = page.heard.filter(({ header, content }) => header.msg_type === 'comm_msg' && content.comm_id === model);
  return sent.flatMap(({ content }) => ((content.data as Message).state?.[name] ?? []) as never);
}

/** The button with this face when it was made. */
function button(description: string): string {
  const found = [...page.models].reverse().find(([, state]) => state.description === description);
  return found?.[0] ?? '';
}

const press = (id: string): Promise<string> =>
  page.send('comm_msg', { comm_id: id, data: { method: 'custom', content: { event: 'click' } } });

const pictures = `
  const picture = (level) => ({ width: 32, height: 16, data: new Uint8Array(32 * 16 * 3).fill(level) });
  const player = widgets.player({ label: 'grey' });
  await display(player);`;

test('pictures are shown as they come; pause waits, the slider goes back, and continue goes on', async () => {
  const running = runCell(
    kernel,
    `${pictures}
    let last = -1;
    for (let i = 0; i < 40; i++) {
      if (i === 5) { console.log('five'); player.pause(); }
      if (!(await player.show(picture(i * 6), 'level ' + i * 6))) break;
      last = i;
    }
    player.stop();
    [last, player.count, player.isPaused, player.isStopped]`,
  );
  const pause = () => button('Pause');
  await page.untilText('comm_msg', 'Continue');
  await page.until(({ content }) => content.name === 'stdout' && String(content.text).includes('five'));
  const [slider, label] = [page.model('IntSliderModel'), page.model('LabelModel')];
  await page.change(slider, { value: 2 });
  await page.until(
    () =>
      changes(label, 'value').includes('grey · 3 of 5 · level 12') ||
      changes(label, 'value').includes('grey · 3 of 6 · level 12'),
  );
  await press(pause());
  const { outputs } = await running;
  expect(resultText({ outputs } as never)).toBe('[ 39, 40, false, true ]');
  await page.settled();
  expect(changes(label, 'value').at(-1)).toBe('grey · 40 of 40 · level 234');
  expect(changes(slider, 'max').at(-1)).toBe(39);
  // After the end, the slider still reaches every picture.
  await page.change(slider, { value: 0 });
  await page.until(() => changes(label, 'value').at(-1) === 'grey · 1 of 40 · level 0');
});

test('stop on the page ends the loop, an interrupt a pause, and the last picture is in the static version', async () => {
  const running = runCell(
    kernel,
    `${pictures.replaceAll('player', 'player2').replaceAll('picture', 'picture2').replace('widgets.player2', 'widgets.player')}
    console.log('endless');
    while (await player2.show(picture2(100))) await new Promise((resolve) => setImmediate(resolve));
    player2`,
  );
  await page.until(({ content }) => content.name === 'stdout' && String(content.text).includes('endless'));
  await press(button('Stop'));
  const { outputs } = await running;
  const shown = outputs.find(({ type }) => type === 'execute_result')?.data?.['text/html'];
  expect(shown).toMatch(/^<div title="[^"]*"><div><img alt="" [^>]*src="data:image\/jpeg;base64,/);

  const aborted = await runCell(
    kernel,
    `import { previewVideo } from 'paddlelab';
    const detector = await loadModel(${JSON.stringify(demoModel('shapes_det_picodet'))}, { engine: 'plain' });
    const stop = new AbortController();
    function* images() { yield picture2(1); stop.abort(); yield picture2(2); yield picture2(3); }
    await previewVideo(detector, images(), { signal: stop.signal })`,
  );
  expect(errorOf(aborted)?.evalue).toMatch(/^\[ABORTED\]/);

  const paused = runCell(
    kernel,
    `const third = widgets.player(); third.pause(); console.log('paused'); await third.show(picture2(1));`,
  );
  await page.until(({ content }) => content.name === 'stdout' && String(content.text).includes('paused'));
  await kernel.request('interrupt_request', {});
  expect(errorOf(await paused)?.ename).toBe('Interrupted');
});

test.skipIf(!hasFfmpeg('a preview of a stream'))(
  'a stream is previewed with its results until it is stopped',
  async () => {
    const server = await new RtspServer().listen();
    try {
      const running = runCell(
        kernel,
        `import { previewVideo } from 'paddlelab';
      const model = await loadModel(${JSON.stringify(demoModel('shapes_det_picodet'))}, { engine: 'plain' });
      console.log('loaded');
      const seen = await previewVideo(model, { url: 'rtsp://${server.authority}/live' });
      seen.count > 0`,
      );
      const label = (): string => page.model('LabelModel');
      await page.until(({ content }) => content.name === 'stdout' && String(content.text).includes('loaded'));
      const before = button('Stop');
      await page.until(() => button('Stop') !== before && changes(label(), 'value').length > 2);
      expect(String(changes(label(), 'value')[0])).toMatch(/^1 of 1 · 0\.0 s$/);
      await press(button('Stop'));
      const result = await running;
      expect([errorOf(result)?.evalue, resultText(result)]).toEqual([undefined, 'true']);
    } finally {
      server.close();
    }
  },
);
