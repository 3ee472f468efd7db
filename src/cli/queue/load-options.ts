import type { LoadModelOptions } from '../../model/load-model';
import { invalidArgument } from '../../validate';

/** What `loadModel` checks; a worker's number of threads is its own, and what is no data can't come over a queue. */
export function loadOptions(name: string, value: unknown): LoadModelOptions {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidArgument(name, 'object', value);
  for (const own of ['threads', 'signal']) {
    if (Object.hasOwn(value, own)) throw invalidArgument(name, `options without ${own}`, value);
  }
  return value as LoadModelOptions;
}
