import type { LoadModelOptions } from '../../model/load-model';
import { invalidArgument } from '../../validate';

/** The options for `loadModel`, which checks them. A worker sets its own number of threads, and a signal can't be sent. */
export function loadOptions(name: string, value: unknown): LoadModelOptions {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidArgument(name, 'object', value);
  for (const own of ['threads', 'signal']) {
    if (Object.hasOwn(value, own)) throw invalidArgument(name, `options without ${own}`, value);
  }
  return value as LoadModelOptions;
}
