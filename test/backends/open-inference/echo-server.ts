import { makeProgram } from '../../helpers/program';
import { writeFiles } from '../../helpers/tiny-model';
import { ProtocolServer, type ServedModel, type ServedPort, type ServedTensor } from './protocol-server';

/** A model whose outputs are its inputs, with the names `out_…`. */
export function echoModel(inputs: readonly ServedPort[]): ServedModel {
  const renamed = <T extends ServedPort>(port: T): T => ({ ...port, name: `out_${port.name}` });
  return {
    name: 'echo',
    inputs,
    outputs: inputs.map(renamed),
    run: async (tensors: readonly ServedTensor[]) => tensors.map(renamed),
  };
}

export function echoServer(inputs: readonly ServedPort[]): Promise<ProtocolServer> {
  return new ProtocolServer(echoModel(inputs)).start();
}

/** An export of the network that an echo server with the input x has. */
export function echoFolder(): Promise<string> {
  const variable = { dtype: 'float32', shape: [-1, 2] } as const;
  const { program } = makeProgram({
    ...{ variables: { x: variable, out_x: variable }, feeds: ['x'], fetches: ['out_x'] },
    operators: [{ type: 'assign', inputs: { X: 'x' }, outputs: { Out: 'out_x' } }],
  });
  return writeFiles({ 'inference.pdmodel': program, 'inference.pdiparams': Buffer.alloc(0) });
}
