import { describeModel } from './families/families';
import { type ModelLayout, ownConfig } from './layout';
import { findProgram, oldPrograms } from './programs';

const config = 'infer_cfg.yml';

/** PaddleDetection 0.3 to 0.5 (and 2.0-beta): `infer_cfg.yml` beside `__model__` and `__params__`. */
export const paddleDetection1: ModelLayout = {
  name: 'PaddleDetection 1.x',
  expects: 'infer_cfg.yml with __model__ and __params__',
  recognises: (names) => names.has(config) && names.has('__model__'),
  async read(folder) {
    const files = await findProgram(folder, oldPrograms);
    return describeModel(this.name, folder.config ?? (await ownConfig(folder, config)), files, folder);
  },
};
