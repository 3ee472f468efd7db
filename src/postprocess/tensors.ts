import type { Postprocessor } from './postprocessor';

/** Nothing is known of the outputs. */
export const tensors: Postprocessor<'tensors'> = {
  async read(outputs, context) {
    const shapes = outputs.map(({ dtype, shape }) => `${dtype}[${shape}]`);
    return { threshold: context.threshold ?? 0, outputs: shapes };
  },
};
