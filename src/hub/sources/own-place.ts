import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { statIfThere } from '../../files/fs';
import { downloadFailed } from '../../http/download-failed';
import { invalidArgument } from '../../validate';
import { archiveName } from './baidu';
import type { Source } from './source';

/** A folder or an HTTP server with `NAME_infer.tar`; a folder may also have the folder `NAME` itself. */
export function ownPlace(place: string): Source {
  if (/^https?:\/\//i.test(place)) {
    if (!URL.canParse(place)) throw invalidArgument('source', 'URL or folder', place);
    return ownServer(place.replace(/\/+$/, ''));
  }
  return ownFolder(place.startsWith('file://') ? fileURLToPath(place) : path.resolve(place));
}

function ownServer(base: string): Source {
  return {
    name: 'own place',
    local: false,
    async find(model) {
      const { url, headers } = withoutLogin(`${base}/${encodeURIComponent(archiveName(model))}`);
      return { kind: 'remote-tar', file: { url, headers } };
    },
  };
}

/** A login in the URL as a header, so that no message and no note on the disk repeats the password. */
function withoutLogin(text: string): { url: string; headers: Record<string, string> } {
  const url = new URL(text);
  const { username, password } = url;
  if (username === '' && password === '') return { url: text, headers: {} };
  url.username = '';
  url.password = '';
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: url.href, headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` } };
}

function ownFolder(base: string): Source {
  return {
    name: 'own place',
    local: true,
    async find(model) {
      const folder = path.join(base, model);
      if ((await statIfThere(folder))?.isDirectory()) return { kind: 'folder', folder };
      const file = path.join(base, archiveName(model));
      if ((await statIfThere(file))?.isFile()) return { kind: 'tar', file };
      throw downloadFailed(`${base} has neither ${model}/ nor ${archiveName(model)}`);
    },
  };
}
