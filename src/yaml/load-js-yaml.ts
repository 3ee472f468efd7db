import type * as JsYaml from 'js-yaml';

/** Loaded on first use, as it takes a tenth of this package's load time. */
export function loadJsYaml(): typeof JsYaml {
  return require('js-yaml') as typeof JsYaml;
}
