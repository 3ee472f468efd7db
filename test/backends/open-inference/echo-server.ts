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
