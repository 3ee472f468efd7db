import type * as PaddleLab from '../index';
import type { LoadModelOptions } from '../model/load-model';
import { chosenEngine } from './chosen-backend';
import { OWN_NAME } from './own-name';

interface Helper {
  /** Its declaration for the compiler, with types and documentation. */
  declaration: string;
  /** Called when a cell uses it first. */
  load(): unknown;
}

type PackageName =
  | 'predict'
  | 'readText'
  | 'visualize'
  | 'compareBackends'
  | 'evaluate'
  | 'models'
  | 'fonts'
  | 'paddle'
  | 'display'
  | 'help'
  | 'progress'
  | 'widgets';

function fromPackage(name: PackageName): Helper {
  return { declaration: `import { ${name} } from '${OWN_NAME}';`, load: () => library()[name] };
}

function question(name: 'prompt' | 'confirm' | 'password'): Helper {
  return {
    declaration: `import { ${name} } from '${OWN_NAME}/dist/notebook/input';`,
    load: () => (require('../notebook/input') as typeof import('../notebook/input'))[name],
  };
}

/** The names that every notebook has in scope. A cell may redeclare them. */
export const HELPERS: Readonly<Record<string, Helper>> = {
  loadModel: { declaration: `import { loadModel } from '${OWN_NAME}';`, load: loadModelHelper },
  predict: fromPackage('predict'),
  readText: fromPackage('readText'),
  visualize: fromPackage('visualize'),
  compareBackends: fromPackage('compareBackends'),
  evaluate: fromPackage('evaluate'),
  models: fromPackage('models'),
  fonts: fromPackage('fonts'),
  paddle: fromPackage('paddle'),
  display: fromPackage('display'),
  help: fromPackage('help'),
  progress: fromPackage('progress'),
  widgets: fromPackage('widgets'),
  prompt: question('prompt'),
  confirm: question('confirm'),
  password: question('password'),
};

export const HELPER_NAMES: readonly string[] = Object.keys(HELPERS);

/** The helpers' declarations for the compiler. */
export function declareHelpers(names: readonly string[]): string {
  return names.map((name) => HELPERS[name]?.declaration).join('\n');
}

/** The package's own function, or a wrapper that applies the choice of `%backend`. */
function loadModelHelper(): unknown {
  const { loadModel } = library();
  const engine = chosenEngine();
  if (Object.keys(engine).length === 0) return loadModel;
  const chosen = (model: string, options: LoadModelOptions = {}): unknown => {
    // A call that names an engine itself takes precedence.
    const own = 'engine' in options || 'precision' in options || 'device' in options;
    return loadModel(model, own ? options : { ...options, ...engine });
  };
  return Object.defineProperty(chosen, 'name', { value: 'loadModel' });
}

function library(): typeof PaddleLab {
  return require('../index');
}
