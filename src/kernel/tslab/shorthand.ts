import type * as TypeScript from '@tslab/typescript-for-tslab';
import type { TypeScriptApi } from './internals';

type Builder = TypeScript.BuilderProgram;
export type CreateProgram = (...args: unknown[]) => Builder;

/**
 * Makes `{ name }` work for a variable of an earlier cell. tslab turns such names into `exports.name` after the compiler
 * is done, but takes the one in `{ name }` for the name of a property only. So it is written out as `{ name: name }` before,
 * and the second one is told to be the variable.
 */
export function expandShorthand(ts: TypeScriptApi, createProgram: CreateProgram): CreateProgram {
  return (...args) => {
    const builder = createProgram(...args);
    const { emit, getProgram } = builder;
    builder.emit = (file, write, signal, onlyDeclarations, transformers = {}) => {
      const before = [...(transformers.before ?? []), writeOut(ts)];
      return emit(file, write, signal, onlyDeclarations, { ...transformers, before });
    };
    builder.getProgram = () => withVariables(ts, getProgram());
    return builder;
  };
}

function writeOut(ts: TypeScriptApi): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  return (context) => {
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (!ts.isShorthandPropertyAssignment(node) || node.objectAssignmentInitializer !== undefined) {
        return ts.visitEachChild(node, visit, context);
      }
      const variable = ts.setOriginalNode(ts.factory.createIdentifier(node.name.text), node.name);
      const assignment = ts.factory.createPropertyAssignment(ts.factory.createIdentifier(node.name.text), variable);
      return ts.setTextRange(assignment, node);
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}

/** The program with a checker that finds the variable, not the property, behind a name that was written out. */
function withVariables(ts: TypeScriptApi, program: TypeScript.Program): TypeScript.Program {
  const checker = program.getTypeChecker();
  const getSymbolAtLocation: TypeScript.TypeChecker['getSymbolAtLocation'] = (node) => {
    const shorthand = ts.getOriginalNode(node).parent;
    if (node.parent === shorthand || shorthand === undefined || !ts.isShorthandPropertyAssignment(shorthand)) {
      return checker.getSymbolAtLocation(node);
    }
    return checker.getShorthandAssignmentValueSymbol(shorthand);
  };
  return { ...program, getTypeChecker: () => ({ ...checker, getSymbolAtLocation }) };
}
