import { createSecureContext } from 'node:tls';
import { messageOf, PaddleLabError } from '../errors';
import { readFile } from '../files/fs';
import { readOptions, text } from '../options';
import { invalidArgument } from '../validate';

/** Files in PEM with which a server encrypts. */
export interface ServeTlsOptions {
  /** The certificate that is shown to clients, with those between it and its authority. */
  readonly cert: string;
  /** Its private key. */
  readonly key: string;
  /** Certificates of authorities: clients must then show a certificate of theirs. */
  readonly ca?: string;
}

/** What the files have. */
export interface ServeTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
}

/** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkTls(name: string, value: unknown): ServeTlsOptions {
  const given = readOptions<ServeTlsOptions>(
    name,
    value as ServeTlsOptions,
    { cert: text, key: text, ca: text },
    `${name}.`,
  );
  if (given.cert === undefined) throw invalidArgument(`${name}.cert`, 'file of a certificate', given.cert);
  if (given.key === undefined) throw invalidArgument(`${name}.key`, 'file of its private key', given.key);
  return given;
}

/** @throws PaddleLabError FILE_NOT_FOUND, INVALID_ARGUMENT */
export async function readTls(options: ServeTlsOptions | undefined): Promise<ServeTls | undefined> {
  if (options === undefined) return undefined;
  const [cert, key] = await Promise.all([readFile(options.cert, 'utf8'), readFile(options.key, 'utf8')]);
  const ca = options.ca === undefined ? undefined : await readFile(options.ca, 'utf8');
  try {
    createSecureContext({ cert, key, ca });
  } catch (error) {
    const text = `Can't encrypt with the files of tls: ${messageOf(error)}; are they in PEM, and is the key that of the certificate?`;
    throw new PaddleLabError('INVALID_ARGUMENT', text, { cause: error });
  }
  return { cert, key, ca };
}
