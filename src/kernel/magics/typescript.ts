import { checkCompiler, compilerVersion } from '../compiler/names';
import { done, type Magic } from './magic';

export const typescript: Magic = {
  name: 'typescript',
  kind: 'line',
  usage: '%typescript [typescript|tslab]',
  summary: 'sets the compiler of cells, before the first name is declared; without a name, shows it',
  async run({ session, print }, argument) {
    if (argument !== '') session.useCompiler(checkCompiler('%typescript', argument));
    print(`compiler: ${session.compilerName}, TypeScript ${compilerVersion(session.compilerName)}`);
    return done();
  },
};
