import { inspect } from 'node:util';
import { type Displayable, escapeHtml, jupyterDisplay, type MimeBundle } from '../display/display';
import { tableBundle, tableText } from '../display/result-table';
import type { RgbImage } from '../image/image';
import { loadSharp } from '../image/load-sharp';
import type { CustomResult, PredictResult } from '../results';
import { taskOfResult } from '../tasks/custom-task';
import { countOf, taskOf } from '../tasks/tasks';
import { showControls } from '../text/controls';

/** Longer side of the preview next to a table, in pixels. */
const previewSide = 320;

/** The display of a result in a notebook: its table, with a preview if the task has one. */
export function resultBundle(result: PredictResult): MimeBundle | Promise<MimeBundle> {
  const display = result.kind === 'custom' ? taskOfResult(result)?.display : undefined;
  if (result.kind === 'custom' && (display !== undefined || !hasTable(result))) return ownBundle(result);
  const task = taskOf(result);
  const headline = headlineOf(result);
  const own = task.html?.(result);
  if (own !== undefined) {
    const html = `<div>\n<div>${escapeHtml(headline)}</div>\n${own}\n</div>`;
    return { 'text/html': html, 'text/plain': tableText(headline, task.table(result)) };
  }
  const bundle = tableBundle(headline, task.table(result));
  return task.preview === undefined ? bundle : withPreview(bundle, task.preview(result));
}

/** The same as text. */
export function resultText(result: PredictResult): string {
  if (result.kind === 'custom' && !hasTable(result)) return ownText(result);
  return tableText(headlineOf(result), taskOf(result).table(result));
}

/** `4 detections in 640×480, 23.1 ms`. */
function headlineOf(result: PredictResult): string {
  const { width, height } = result.image;
  const { decodeMs, preprocessMs, inferenceMs, postprocessMs } = result.timings;
  const { nouns, note } = taskOf(result);
  const [one, many] = nouns;
  const how = note?.(result);
  const count = countOf(result);
  const found = count === 0 ? `no ${many}` : `${count} ${count === 1 ? one : many}`;
  const ms = (decodeMs + preprocessMs + inferenceMs + postprocessMs).toFixed(1);
  return `${found} in ${width}×${height}, ${ms} ms${how === undefined ? '' : `, ${how}`}`;
}

/** Whether a custom task defines a table; otherwise its data is shown. */
function hasTable(result: CustomResult): boolean {
  const task = taskOfResult(result);
  return task?.table !== undefined || task?.objects !== undefined;
}

/** The content of a custom result as text, truncated if long. */
function ownText({ task, image, content }: CustomResult): string {
  return `${showControls(task)} in ${image.width}×${image.height}: ${inspect(content, { depth: 4, maxArrayLength: 20 })}`;
}

/** The same in a notebook: the task's own display, or the text. */
async function ownBundle(result: CustomResult): Promise<MimeBundle> {
  const text = resultText(result);
  const shown = (await taskOfResult(result)?.display?.(result)) ?? text;
  if (typeof shown === 'string')
    return { 'text/plain': shown, 'text/html': `<pre style="overflow-x:auto">${escapeHtml(shown)}</pre>` };
  const bundle = jupyterDisplay in shown ? await (shown as Displayable)[jupyterDisplay]() : (shown as MimeBundle);
  return { 'text/plain': text, ...bundle };
}

async function withPreview(bundle: MimeBundle, { width, height, data }: RgbImage): Promise<MimeBundle> {
  const scale = Math.min(1, previewSide / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const png = await loadSharp()(data, { raw: { width, height, channels: 3 } })
    .resize({ ...size, kernel: 'nearest', fit: 'fill' })
    .png({ palette: true })
    .toBuffer();
  const image = `<img alt="classes of the pixels" src="data:image/png;base64,${png.toString('base64')}"/>`;
  return { ...bundle, 'text/html': `${bundle['text/html']}${image}` };
}
