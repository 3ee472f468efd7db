import { type InferenceSession, loadModel, type Tensor, type TensorInput } from '../../../src';
import { demoModel } from '../../helpers/project';
import { ProtocolServer, type ServedModel, type ServedPort, type ServedTensor } from './protocol-server';

export const detector: string = demoModel('shapes_det_picodet');

/** The demo detector behind the protocol, by a session of this process. */
export async function demoServer(): Promise<{ server: ProtocolServer; session: InferenceSession; model: ServedModel }> {
  const { session } = await loadModel(detector, { engine: 'plain', threads: 1, trial: false });
  const inputs = session.inputs.map(({ name, shape }): ServedPort => ({ name, shape, datatype: 'FP32' }));
  const types = { float32: 'FP32', int32: 'INT32', int64: 'INT64' } as Readonly<Record<string, string>>;
  const toServed = ({ name, dtype, shape, data }: Tensor): ServedTensor => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return { name, datatype: types[dtype]!, shape, bytes };
  };
  const example = await session.run(Object.fromEntries(inputs.map((input) => [input.name, zeros(input)])));
  const outputs = example.map(toServed).map(({ name, datatype, shape }): ServedPort => {
    return { name, datatype, shape: shape.map((_, i) => (i === 0 ? -1 : shape[i]!)) };
  });
  const model: ServedModel = {
    name: 'shapes',
    // In another order than the export's.
    inputs: [...inputs].reverse(),
    outputs: [...outputs].reverse(),
    async run(tensors) {
      const feeds = tensors.map(({ name, shape, bytes }) => [name, { shape, data: floatsOf(bytes) }] as const);
      return (await session.run(Object.fromEntries(feeds))).map(toServed);
    },
  };
  return { server: await new ProtocolServer(model).start(), session, model };
}

function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

function zeros({ shape }: ServedPort): TensorInput {
  const whole = shape.map((extent) => (extent === -1 ? 1 : extent));
  return { shape: whole, data: new Float32Array(whole.reduce((a, b) => a * b, 1)).fill(1) };
}
