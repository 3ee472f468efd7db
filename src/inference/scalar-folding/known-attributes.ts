import type { AttributeValue, ProgramOperator } from './program-operator';

/** Attributes without an effect on the result. */
const withoutEffect = [
  ...['op_callstack', 'op_device', 'op_namescope', 'op_role', 'op_role_var', 'workspace_size_MB', 'is_test'],
  ...['use_cudnn', 'use_addto', 'exhaustive_search', 'use_mkldnn', 'use_onednn', 'force_fp32_output'],
];

/** Attributes of quantised operators and of operators that were fused, with the values that say they are neither. */
const neutral: Readonly<Record<string, readonly AttributeValue[]>> = {
  with_quant_attr: [false],
  use_quantizer: [false],
  mkldnn_data_type: ['float32'],
  onednn_data_type: ['float32'],
  x_data_format: [''],
  y_data_format: [''],
  Scale_x: [1],
  Scale_y: [1],
  Scale_in: [1],
  Scale_in_eltwise: [1],
  Scale_out: [1],
  fuse_activation: [''],
  fuse_relu: [false],
  fuse_brelu: [false],
  fuse_residual_connection: [false],
  fuse_relu_before_depthwise_conv: [false],
  data_format: ['NCHW', 'AnyLayout'],
};

/** Only read by what is fused or quantised. */
const unused = ['Scale_weights', 'fuse_alpha', 'fuse_beta', 'fuse_brelu_threshold'];

const ownOfConvolutions = ['strides', 'paddings', 'padding_algorithm', 'groups', 'dilations'];

/** Whether the operator is the plain one, not fused or quantised, and has no attribute that is unknown here. */
export function isPlain(operator: ProgramOperator, own: readonly string[]): boolean {
  return [...operator.attributes].every(
    ([name, value]) =>
      own.includes(name) ||
      withoutEffect.includes(name) ||
      unused.includes(name) ||
      (neutral[name]?.includes(value) ?? false),
  );
}

/** A sum or product with these attributes is computed element by element in float32. */
export function isPlainElementwise(operator: ProgramOperator): boolean {
  return isPlain(operator, ['axis']);
}

/**
 * Without all its attributes, Paddle 3.3.1 does not merge it with its bias, and fails on the bias if an activation
 * follows.
 */
export function isPlainConvolution(operator: ProgramOperator): boolean {
  const complete = [...ownOfConvolutions, 'data_format'].every((name) => operator.attributes.has(name));
  return complete && isPlain(operator, ownOfConvolutions);
}

/** Whether all values that the convolution sums up come from its input, and none from a border of zeros. */
export function isWithoutPadding({ attributes }: ProgramOperator): boolean {
  const algorithm = attributes.get('padding_algorithm');
  const paddings = attributes.get('paddings');
  if (algorithm === 'VALID') return true;
  return algorithm === 'EXPLICIT' && Array.isArray(paddings) && paddings.every((extent) => extent === 0);
}
