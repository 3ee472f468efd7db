import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { makeFolder } from './folders';

/** A certificate of its own authority for this machine, with its key; files in PEM. */
export function makeCertificate(): { readonly folder: string; readonly key: string; readonly cert: string } {
  const folder = makeFolder();
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  return { folder, key, cert };
}
