import { homedir } from 'node:os';
import path from 'node:path';
import { readFile } from '../../files/fs';
import { downloadFailed } from '../../http/download-failed';
import type { RemoteFile } from '../../http/remote-file';
import { chooseFiles, textOf } from './repository-files';
import type { Source } from './source';

interface Entry {
  readonly type?: unknown;
  readonly path?: unknown;
  readonly size?: unknown;
  readonly lfs?: { readonly oid?: unknown };
}

/** Hugging Face, or a mirror in HF_ENDPOINT: the files of `PaddlePaddle/NAME` at its newest commit. */
export const huggingFace: Source = {
  name: 'huggingface',
  local: false,
  async find(model, { client, environment, signal }) {
    if (isTrue(environment.HF_HUB_OFFLINE)) throw downloadFailed('HF_HUB_OFFLINE is set');
    const endpoint = (environment.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
    const token = await tokenOf(environment);
    const headers: RemoteFile['headers'] = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const repository = `PaddlePaddle/${model}`;
    const api = `${endpoint}/api/models/${repository}`;
    const about = (await client.json(api, { headers, signal })) as { sha?: unknown };
    // A commit, so that all files belong together.
    const commit = textOf(about.sha) ?? 'main';
    const tree = await client.json(`${api}/tree/${commit}?recursive=true`, { headers, signal });
    if (!Array.isArray(tree)) throw downloadFailed(`${endpoint} sent no list of files for ${repository}`);
    const files = (tree as Entry[]).flatMap(({ type, path: name, size, lfs }): [string, RemoteFile][] => {
      if (type !== 'file' || typeof name !== 'string') return [];
      const url = `${endpoint}/${repository}/resolve/${commit}/${name.split('/').map(encodeURIComponent).join('/')}`;
      const length = typeof size === 'number' ? { size } : {};
      // Only large files have their SHA-256 here; `oid` of the others is Git's.
      const digest = textOf(lfs?.oid);
      return [[name, { url, headers, ...length, ...(digest === undefined ? {} : { sha256: digest }) }]];
    });
    return { kind: 'files', files: chooseFiles(repository, files), url: `${endpoint}/${repository}` };
  },
};

/** The token as Hugging Face's own tools find it: HF_TOKEN, a file, or the login of their command line. */
async function tokenOf(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const named = environment.HF_TOKEN ?? environment.HUGGING_FACE_HUB_TOKEN;
  if (named) return named.trim();
  const caches = environment.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const home = environment.HF_HOME || path.join(caches, 'huggingface');
  const file = environment.HF_TOKEN_PATH || path.join(home, 'token');
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

/** As Hugging Face reads its variables. */
function isTrue(value: string | undefined): boolean {
  return /^(1|on|yes|true)$/i.test(value ?? '');
}
