/** A model on a server of the Open Inference Protocol. */
export interface ModelUrl {
  /** Everything before `/v2`. */
  readonly server: string;
  readonly model: string;
  readonly version: string | undefined;
}

/**
 * Reads `http://host:8000/v2/models/NAME`, with `/versions/V` at its end or without.
 *
 * @returns undefined for everything else, such as the path of a folder
 */
export function parseModelUrl(text: string): ModelUrl | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { pathname } = new URL(text);
  const found = /^(.*)\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/?$/.exec(pathname);
  if (found === null) return undefined;
  const [, prefix = '', model = '', version] = found;
  const server = new URL(text);
  server.pathname = prefix;
  server.search = '';
  server.hash = '';
  return { server: server.href, model: decode(model), version: version === undefined ? undefined : decode(version) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
