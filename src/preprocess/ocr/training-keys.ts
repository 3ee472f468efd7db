import type { PreprocessOperator } from '../operator';

/** An operator that prepares labels for training and leaves images as they are; exports keep it in their list. */
function labelOperator(type: string, keys: PreprocessOperator['keys']): PreprocessOperator {
  return { type, keys, read: () => ({ type, parameters: {}, apply: (state) => state }) };
}

export const multiLabelEncode: PreprocessOperator = labelOperator('MultiLabelEncode', ['gtc_encode']);
export const detLabelEncode: PreprocessOperator = labelOperator('DetLabelEncode', []);
export const keepKeys: PreprocessOperator = labelOperator('KeepKeys', ['keep_keys']);
export const tableLabelEncode: PreprocessOperator = labelOperator('TableLabelEncode', 'any');
export const tableBoxEncode: PreprocessOperator = labelOperator('TableBoxEncode', 'any');
