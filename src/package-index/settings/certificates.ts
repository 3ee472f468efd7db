import { rootCertificates } from 'node:tls';
import { readFile } from '../../files/fs';
import type { Certificates } from '../../http/dispatcher';
import type { NpmSettings } from './npm-settings';
import type { PipSettings } from './pip-settings';
import { readIfThere, type Setting, variable, wrongSetting } from './setting';

/** Where distributions keep the authorities of the machine: Debian and its kin, Fedora and its kin. */
const machineFiles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/**
 * The certificates that servers are checked against, and those that are shown to them. As in pip, a file that the user
 * names replaces the known authorities, which are Node's and this machine's; as in Node, NODE_EXTRA_CA_CERTS adds some.
 *
 * @throws PaddleLabError RUNTIME_INSTALL_FAILED
 */
export async function readCertificates(
  pip: PipSettings,
  npm: NpmSettings,
  environment: NodeJS.ProcessEnv,
): Promise<Certificates> {
  const named =
    pip.get('cert') ??
    variable(environment, 'REQUESTS_CA_BUNDLE') ??
    npm.get('cafile') ??
    variable(environment, 'CURL_CA_BUNDLE', 'SSL_CERT_FILE');
  const extra = variable(environment, 'NODE_EXTRA_CA_CERTS');
  const known = named === undefined ? await knownAuthorities() : [await readPem(named, 'CERTIFICATE')];
  const added = extra === undefined ? [] : [await readPem(extra, 'CERTIFICATE')];
  const own = pip.get('client-cert');
  return {
    authorities: [...known, ...added],
    ...(own === undefined ? {} : { own: await readPem(own, 'PRIVATE KEY') }),
  };
}

async function knownAuthorities(): Promise<string[]> {
  const machine = await Promise.all(machineFiles.map(readIfThere));
  return [...rootCertificates, ...machine.filter((text) => text !== '')];
}

async function readPem(setting: Setting, content: 'CERTIFICATE' | 'PRIVATE KEY'): Promise<string> {
  const expected =
    content === 'CERTIFICATE' ? 'a PEM file of certificates' : 'a PEM file of a certificate with its private key';
  const text = await readFile(setting.value, 'utf8').catch((error: unknown) => {
    throw wrongSetting(expected, setting, error);
  });
  if (new RegExp(`-----BEGIN [A-Z ]*${content}-----`).test(text)) return text;
  throw wrongSetting(expected, setting);
}
