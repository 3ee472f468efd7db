import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A package that a registry has; one without an archive can be looked up, but not fetched. */
export interface RegistryPackage {
  readonly manifest: { readonly name: string; readonly version: string } & Readonly<Record<string, unknown>>;
  readonly archive?: string;
}

export interface ScopeRegistry {
  readonly url: string;
  close(): Promise<void>;
}

/** A package registry for one scope, as npm, pnpm and yarn ask it. */
export async function serveRegistry(packages: readonly RegistryPackage[]): Promise<ScopeRegistry> {
  const server: Server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1).split('?')[0] ?? '');
    const archived = packages.find(({ manifest, archive }) => archive !== undefined && name === tarballOf(manifest));
    if (archived?.archive !== undefined) {
      createReadStream(archived.archive).pipe(response);
      return;
    }
    const found = packages.find(({ manifest }) => manifest.name === name);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found === undefined ? { error: 'not found' } : documentOf(found, url())));
  });
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url(),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function tarballOf({ name, version }: RegistryPackage['manifest']): string {
  return `${name}/-/${name.split('/')[1]}-${version}.tgz`;
}

/** All that a registry says of a package. */
function documentOf({ manifest, archive }: RegistryPackage, url: string): object {
  const bytes = archive === undefined ? Buffer.alloc(0) : readFileSync(archive);
  const dist = {
    tarball: `${url}${tarballOf(manifest)}`,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
  };
  const { name, version } = manifest;
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
