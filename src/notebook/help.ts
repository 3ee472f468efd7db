import { textAndHtmlTable } from '../display/html-table';
import { currentFrontEnd } from '../display/live-output';
import { invalidArgument } from '../validate';

/**
 * Passes type and documentation of a name to a function; provided by the kernel, which knows the notebook's names. The
 * cell does not end before the answer.
 */
export type Explain = (name: string, show: (text: string | undefined) => void) => void;

let explain: Explain = (_, show) => show(undefined);

export function setExplain(value: Explain): void {
  explain = value;
}

const OVERVIEW: readonly (readonly [string, string])[] = [
  ['loadModel(folder)', 'a model that PaddleDetection, PaddleSeg, PaddleClas or PaddleX exported'],
  ["loadModel('PicoDet-S')", 'an official model by its name; models.search(words) finds names'],
  ['predict(model, image)', 'runs the model on an image'],
  ['readText(image)', 'the text of a page, line by line'],
  ['visualize(image, result)', 'draws boxes, masks, labels and text on the image'],
  ['compareBackends(folder, image)', 'measures every engine: time and agreement'],
  ['evaluate(model, data)', 'how good a model is on a data set: AP, mIoU, top-1'],
  ['paddle', "Paddle's inference API itself"],
  ['display(value)', 'shows a value before the cell has ended; display.update, display.clear'],
  ['progress(items)', 'shows a progress bar around a loop'],
  [
    'widgets.slider(), dropdown, checkbox, button, upload, interact, …',
    'sliders, buttons, dropdowns and other controls',
  ],
  ['prompt(text), confirm(text), password(text)', 'ask for input'],
  ['help(name), name?', 'type and documentation'],
  ['%lsmagic', 'the magics: %runtime, %backend, %%time, %%bench, %reset'],
];

/**
 * Shows type and documentation of a function or a name; without an argument, lists the helpers.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 *
 * @example
 * help(loadModel);
 */
export function help(subject?: string | { readonly name: string }): void {
  const notebook = currentFrontEnd();
  const show = (bundle: Record<string, string>): void => {
    if (notebook === undefined) console.log(bundle['text/plain']);
    else notebook.page(bundle);
  };
  if (subject === undefined) {
    show(textAndHtmlTable(['helper', 'what it does'], OVERVIEW) as Record<string, string>);
    return;
  }
  const name = typeof subject === 'string' ? subject : subject?.name;
  if (typeof name !== 'string' || name === '') {
    throw invalidArgument('subject', 'function, class or the name of something', subject);
  }
  explain(name, (text) => show({ 'text/plain': text ?? `No documentation found for ${name}` }));
}
