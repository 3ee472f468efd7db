import { describeModel } from './families/families';
import { type ModelLayout, ownConfig } from './layout';
import { findProgram, usualPrograms } from './programs';

const config = 'infer_cfg.yml';

/** PaddleDetection 2.x: `infer_cfg.yml` beside `model.pdmodel` or Paddle 3's `model.json`. */
export const paddleDetection2: ModelLayout = {
  name: 'PaddleDetection 2.x',
  expects: 'infer_cfg.yml with model.pdmodel or model.json and model.pdiparams',
  recognises: (names) => names.has(config) && !names.has('__model__'),
  async read(folder) {
    const own = folder.config ?? (await ownConfig(folder, config));
    return describeModel(this.name, own, await findProgram(folder, usualPrograms), folder);
  },
};
