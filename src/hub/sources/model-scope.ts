import { downloadFailed } from '../../http/download-failed';
import type { RemoteFile } from '../../http/remote-file';
import { chooseFiles, textOf } from './repository-files';
import type { Source } from './source';

interface Listing {
  readonly Code?: unknown;
  readonly Message?: unknown;
  readonly Data?: { readonly Files?: unknown };
}

interface Entry {
  readonly Type?: unknown;
  readonly Path?: unknown;
  readonly Size?: unknown;
  readonly Sha256?: unknown;
}

/** ModelScope, or the server in MODELSCOPE_DOMAIN: the files of `PaddlePaddle/NAME`. */
export const modelScope: Source = {
  name: 'modelscope',
  local: false,
  async find(model, { client, environment, signal }) {
    const domain = (environment.MODELSCOPE_DOMAIN || 'www.modelscope.cn').replace(/\/+$/, '');
    const endpoint = /^https?:\/\//.test(domain) ? domain : `https://${domain}`;
    const token = environment.MODELSCOPE_API_TOKEN;
    const headers: RemoteFile['headers'] = token ? { authorization: `Bearer ${token}` } : {};
    const repository = `PaddlePaddle/${model}`;
    const api = `${endpoint}/api/v1/models/${repository}/repo`;
    const listing = (await client.json(`${api}/files?Revision=master&Recursive=true`, { headers, signal })) as Listing;
    const entries = listing.Data?.Files;
    if (!Array.isArray(entries)) {
      throw downloadFailed(
        `${endpoint} sent no list of files for ${repository}: ${textOf(listing.Message) ?? 'no reason'}`,
      );
    }
    const files = (entries as Entry[]).flatMap(({ Type, Path, Size, Sha256 }): [string, RemoteFile][] => {
      if (Type !== 'blob' || typeof Path !== 'string') return [];
      const url = `${api}?Revision=master&FilePath=${encodeURIComponent(Path)}`;
      const digest = textOf(Sha256);
      const length = typeof Size === 'number' ? { size: Size } : {};
      return [[Path, { url, headers, ...length, ...(digest === undefined ? {} : { sha256: digest }) }]];
    });
    return { kind: 'files', files: chooseFiles(repository, files), url: `${endpoint}/models/${repository}` };
  },
};
