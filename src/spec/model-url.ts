/** A model on a server of the Open Inference Protocol. */
export interface ModelUrl {
  /** Everything before `/v2`; for gRPC, before the name. */
  readonly server: string;
  readonly model: string;
  readonly version: string | undefined;
}

/**
 * Reads `http://host:8000/v2/models/NAME` or `grpc://host:8001/NAME`, with `/versions/V` at its end or without.
 *
 * @returns undefined for everything else, such as the path of a folder
 */
export function parseModelUrl(text: string): ModelUrl | undefined {
  const scheme = /^(http|grpc)s?:\/\/[^/]/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || !URL.canParse(text)) return undefined;
  const { pathname } = new URL(text);
  const found = (scheme === 'http' ? httpPath : grpcPath).exec(pathname);
  if (found === null) return undefined;
  const [, prefix = '', model = '', version] = found;
  const server = new URL(text);
  server.pathname = prefix;
  server.search = '';
  server.hash = '';
  return { server: server.href, model: decode(model), version: version === undefined ? undefined : decode(version) };
}

const httpPath = /^(.*)\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/?$/;
const grpcPath = /^()\/([^/]+)(?:\/versions\/([^/]+))?\/?$/;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
