import type { Source } from './source';

const store = 'https://paddle-model-ecology.bj.bcebos.com/paddlex/official_inference_model/paddle3.0.0';

/** Baidu's object store, which has every official model as one archive. */
export const baidu: Source = {
  name: 'baidu',
  local: false,
  async find(model, { environment }) {
    const base = (environment.PADDLELAB_BAIDU_ENDPOINT || store).replace(/\/+$/, '');
    return { kind: 'remote-tar', file: { url: `${base}/${archiveName(model)}` } };
  },
};

/** The archives of the speech models have no ending `_infer`. */
export function archiveName(model: string): string {
  return model.startsWith('whisper_') ? `${model}.tar` : `${model}_infer.tar`;
}
