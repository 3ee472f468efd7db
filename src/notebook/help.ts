import { textAndHtmlTable } from '../display/html-table';
import { currentFrontEnd } from '../display/live-output';
import { invalidArgument } from '../validate';

/** Tells type and documentation of a name; what knows the names of a notebook is its kernel. */
export type Explain = (name: string) => string | undefined;

let explain: Explain = () => undefined;

export function setExplain(value: Explain): void {
  explain = value;
}

const OVERVIEW: readonly (readonly [string, string])[] = [
  ['loadModel(folder)', 'a model that PaddleDetection, PaddleSeg, PaddleClas or PaddleX exported'],
  ['predict(model, image)', 'what the model finds in an image'],
  ['visualize(image, result)', 'the image with boxes, masks and labels'],
  ['compareBackends(folder, image)', 'a table of every engine: time and agreement'],
  ['paddle', "Paddle's inference API itself"],
  ['display(value)', 'shows a value in the middle of a cell; display.update, display.clear'],
  ['progress(items)', 'a progress bar around a loop'],
  ['widgets.slider(), dropdown, checkbox, button, upload, interact, …', 'what a person can move, press and choose'],
  ['prompt(text), confirm(text), password(text)', 'ask for something'],
  ['help(name), name?', 'type and documentation'],
  ['%lsmagic', 'the magics: %runtime, %backend, %%time, %%bench, %reset'],
];

/**
 * Shows type and documentation of a function, or of what has a name; without an argument, what there is.
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
  show({ 'text/plain': explain(name) ?? `Nothing is known of ${name}` });
}
