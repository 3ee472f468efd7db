import { currentCellSignal } from '../display/live-output';
import { PaddleLabError } from '../errors';
import { isOfficial, nearNames } from './catalogue/describe';
import type { OfficialModelName } from './catalogue/official-models';
import { type PullSettings, pullModel, type TriedSource } from './pull-model';
import { PullView } from './pull-view';
import type { PulledModel } from './store';

/**
 * The folder of a model by its name, which is pulled first if it is not in the cache. Undefined for a text that is
 * neither a name nor like one.
 *
 * @throws PaddleLabError MODEL_NOT_FOUND for a misspelt name; DOWNLOAD_FAILED, FILE_UNWRITABLE, ABORTED
 */
export async function folderOfName(input: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  if (isOfficial(input)) return (await pullShown(input, { signal })).path;
  if (looksLikePath(input) || nearNames(input).length === 0) return undefined;
  throw noSuchName('a folder or the name of an official model', input);
}

/** Pulls a model, and shows it in the running cell or on the terminal. */
export async function pullShown(name: OfficialModelName, settings: Omit<PullSettings, 'report'>): Promise<PulledModel> {
  const view = new PullView(name);
  const tried: TriedSource[] = [];
  try {
    const model = await pullModel(name, {
      onTried: (failed) => tried.push(failed),
      ...settings,
      signal: settings.signal ?? currentCellSignal(),
      report: (progress) => view.update(progress),
    });
    view.end(model.size, model.source, tried);
    return model;
  } catch (error) {
    view.fail();
    throw error;
  }
}

/**
 * The name of an official model.
 *
 * @throws PaddleLabError MODEL_NOT_FOUND with the nearest names
 */
export function checkName(name: string): OfficialModelName {
  if (isOfficial(name)) return name;
  throw noSuchName('the name of an official model', name);
}

function noSuchName(expected: string, received: string): PaddleLabError {
  const near = nearNames(received);
  const hint = near.length === 0 ? '' : `did you mean ${near.join(', ')}? `;
  return new PaddleLabError(
    'MODEL_NOT_FOUND',
    `Expected ${expected} but received ${JSON.stringify(received)}; ${hint}` +
      '`paddlelab models search` and models.search() list the names',
  );
}

/** Names have no separators, and no ending of a file that a model consists of. */
function looksLikePath(input: string): boolean {
  return /[/\\]|^[.~]|^[a-z]+:|\.(ya?ml|json|pd\w+|onnx|tar|zip|pth?|safetensors)$/i.test(input);
}
