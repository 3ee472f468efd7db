import { downloadFailed } from '../http/download-failed';
import type { HttpClient } from '../http/http-client';
import type { NpmRegistry } from './settings/npm-registry';

/** A version of a package of npm, pinned by the digest of its archive. */
export interface NpmPackage {
  /** Such as `@fontsource/inter`. */
  readonly name: string;
  readonly version: string;
  /** `sha512-` and the digest in Base64, as npm writes it. */
  readonly integrity: string;
}

/**
 * The URL of a package's archive, as the registry lists it.
 *
 * @throws PaddleLabError DOWNLOAD_FAILED, ABORTED
 */
export async function findArchive(
  { name, version, integrity }: NpmPackage,
  { url: registry, from }: NpmRegistry,
  client: HttpClient,
  signal: AbortSignal | undefined,
): Promise<string> {
  // The short form of the list, which is what npm itself asks for.
  const headers = { accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8' };
  const url = new URL(name.replace('/', '%2f'), registry).href;
  const list = (await client.json(url, { headers, signal })) as Listing | null;
  const { tarball, integrity: listed } = list?.versions?.[version]?.dist ?? {};
  if (typeof tarball !== 'string' || !URL.canParse(tarball, registry)) {
    throw downloadFailed(
      `Expected ${name} ${version} in the registry ${registry} (${from}) but it has no such version`,
    );
  }
  if (typeof listed === 'string' && !listed.split(' ').includes(integrity))
    throw wrongIntegrity(name, integrity, listed);
  return new URL(tarball, registry).href;
}

/** The error for an archive that is not the pinned one. */
export function wrongIntegrity(name: string, expected: string, received: string): Error {
  return downloadFailed(
    `Expected ${expected} for the package ${name} but received ${received}. Nothing was kept; is it the right registry?`,
  );
}

interface Listing {
  readonly versions?: Readonly<
    Record<string, { readonly dist?: { readonly tarball?: unknown; readonly integrity?: unknown } }>
  >;
}
