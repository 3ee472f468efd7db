import { describeModel } from './families/families';
import { type ModelLayout, ownConfig } from './layout';
import { classificationPrograms, findProgram } from './programs';

const config = 'inference.yml';

/**
 * `inference.yml` beside `inference.json` or `inference.pdmodel`: PaddleClas, and exports of PaddleDetection and
 * PaddleSeg for PaddleX and FastDeploy.
 */
export const inferenceYml: ModelLayout = {
  name: 'PaddleClas or PaddleX',
  expects: 'inference.yml with inference.json or inference.pdmodel and inference.pdiparams',
  recognises: (names) => names.has(config),
  async read(folder) {
    const own = folder.config ?? (await ownConfig(folder, config));
    const spec = await describeModel(this.name, own, await findProgram(folder, classificationPrograms), folder);
    return { ...spec, layout: spec.family === 'PaddleX' ? 'PaddleX' : spec.family };
  },
};
