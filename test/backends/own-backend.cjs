// A minimal external backend for `registerBackend`: Paddle's session, with its runs counted.
'use strict';

const path = require('node:path');
const lab = require(path.resolve(__dirname, '../..'));

function counted(predictor) {
  return {
    info: { backend: 'counted', library: 'counted Paddle', device: 'cpu', precision: 'fp32', threads: 1 },
    inputs: predictor.inputs,
    outputNames: predictor.outputNames,
    runs: 0,
    async run(inputs, options) {
      this.runs += 1;
      return predictor.run(inputs, options);
    },
    copy: async () => counted(await predictor.clone()),
    dispose: () => predictor.dispose(),
  };
}

lab.registerBackend({
  kind: 'counted',
  optionKeys: ['reason'],
  module: __filename,
  whyUnavailable: async ({ reason }) => reason,
  async open({ threads = 1 }, { program, params }) {
    const config = new lab.Config(program, params);
    config.disableGpu();
    config.disableOnednn();
    config.setCpuMathLibraryNumThreads(threads);
    return counted(await lab.createPredictor(config, { trial: false }));
  },
});
