import { currentCellSignal } from '../display/live-output';
import { PaddleLabError } from '../errors';
import { isOfficial, nearNames } from './catalogue/describe';
import type { OfficialModelName } from './catalogue/official-models';
import { type PullSettings, pullModel } from './pull-model';
import { PullView } from './pull-view';
import type { PulledModel } from './store';

/**
 * The folder of a model by its name, which is pulled first if it is not in the cache. Undefined for a text that is no
 * name but a path.
 *
 * @throws PaddleLabError MODEL_NOT_FOUND for a name that does not exist; DOWNLOAD_FAILED, FILE_UNWRITABLE, ABORTED
 */
export async function folderOfName(input: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  if (looksLikePath(input)) return undefined;
  return (await pullShown(checkName(input), { signal })).path;
}

/** Pulls a model, and shows it in the running cell or on the terminal. */
export async function pullShown(name: OfficialModelName, settings: Omit<PullSettings, 'report'>): Promise<PulledModel> {
  const view = new PullView(name);
  try {
    const model = await pullModel(name, {
      ...settings,
      signal: settings.signal ?? currentCellSignal(),
      report: (progress) => view.update(progress),
    });
    view.end(model.size, model.source);
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
  const near = nearNames(name);
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`;
  throw new PaddleLabError(
    'MODEL_NOT_FOUND',
    `Expected a folder or the name of an official model but ${JSON.stringify(name)} is neither${hint || ';'} ` +
      '`paddlelab models search` and models.search() list the names',
  );
}

/** Names have no separators, and no ending of a file that a model consists of. */
function looksLikePath(input: string): boolean {
  return /[/\\]|^[.~]|^[a-z]+:|\.(ya?ml|json|pd\w+|onnx|tar|zip|pth?|safetensors)$/i.test(input);
}
