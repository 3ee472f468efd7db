import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { statIfThere } from '../../files/fs';
import { downloadFailed } from '../download-failed';
import { archiveName } from './baidu';
import type { Source } from './source';

/** A folder or an HTTP server with `NAME_infer.tar`; a folder may also have the folder `NAME` itself. */
export function ownPlace(place: string): Source {
  if (/^https?:\/\//i.test(place)) return ownServer(place.replace(/\/+$/, ''));
  return ownFolder(place.startsWith('file://') ? fileURLToPath(place) : path.resolve(place));
}

function ownServer(base: string): Source {
  return {
    name: 'own place',
    local: false,
    async find(model) {
      return { kind: 'remote-tar', file: { url: `${base}/${encodeURIComponent(archiveName(model))}` } };
    },
  };
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
