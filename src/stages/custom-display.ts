import { inspect } from 'node:util';
import { type Displayable, escapeHtml, jupyterDisplay, type MimeBundle } from '../display/display';
import type { CustomTask } from '../postprocess/custom-task';
import type { CustomResult } from '../results';
import { showControls } from '../text/controls';

/** The result of a task of the user's at a prompt: what it found, cut short where it is long. */
export function customText({ task, image, content }: CustomResult): string {
  return `${showControls(task)} in ${image.width}×${image.height}: ${inspect(content, { depth: 4, maxArrayLength: 20 })}`;
}

/** The same in a notebook: what the task shows, or the text. */
export async function customBundle(task: CustomTask, result: CustomResult): Promise<MimeBundle> {
  const text = customText(result);
  const shown = (await task.display?.(result)) ?? text;
  if (typeof shown === 'string')
    return { 'text/plain': shown, 'text/html': `<pre style="overflow-x:auto">${escapeHtml(shown)}</pre>` };
  const bundle = jupyterDisplay in shown ? await (shown as Displayable)[jupyterDisplay]() : (shown as MimeBundle);
  return { 'text/plain': text, ...bundle };
}
