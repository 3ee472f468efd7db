import { type CellTopic, refused, thrown } from './cell-case';

/** Each kind of error. */
export const errors: CellTopic = {
  title: 'Errors',
  cases: [
    refused(/2322|not assignable/, ['a wrong type', "const wrong: number = 'text';"]),
    refused(/2345|not assignable/, ['a wrong argument', "Math.abs('text')"]),
    refused(/2554|Expected 1 argument/, ['a missing argument', 'function needs(a: number) { return a; } needs()']),
    refused(/2304|2552|Cannot find name/, ['an unknown name', 'unknownName + 1']),
    refused(/Did you mean/, ['a typo in a name, with the nearest', 'const counter1 = 1;', 'countr1']),
    refused(/Did you mean/, ['a typo in a property, with the nearest', "'text'.lenght"]),
    refused(/2339|does not exist/, ['an unknown property', 'const po = { x: 1 }; po.y']),
    refused(/2353|known properties|2345/, ['a property too many', 'const pm: { x: number } = { x: 1, z: 2 };']),
    refused(/2741|missing/, ['a missing property', 'const mp: { x: number; y: number } = { x: 1 };']),
    refused(/2349|not callable/, ['a call of what is no function', 'const nf = 1; nf()']),
    refused(/2351|not constructable/, ['`new` of what is no class', 'const nc = 1; new nc()']),
    refused(/2511|abstract/, ['an object of an abstract class', 'abstract class Ab {} new Ab()']),
    refused(/2341|private/, ['a private member', 'class Pv { private x = 1 } new Pv().x']),
    refused(/2540|read-only/, ['a readonly property', 'const ro: { readonly x: number } = { x: 1 }; ro.x = 2;']),
    refused(/2588|constant/, ['a constant of the same cell', 'const cc = 1; cc = 2;']),
    refused(/2451|2300|redeclare|Duplicate|already been declared/, [
      'a name twice in a cell',
      'const tw = 1; const tw = 2;',
    ]),
    refused(/2515|implement/, [
      'a class without an abstract method',
      'abstract class Sp { abstract m(): void } class Sq extends Sp {}',
    ]),
    refused(/2420|incorrectly implements/, [
      'a class that lacks what it implements',
      'interface If { m(): void } class Im implements If {}',
    ]),
    refused(/2416|not assignable to the same property/, [
      'a method with another type than inherited',
      'class Ba { m() { return 1; } } class Dd extends Ba { m() { return "a"; } }',
    ]),
    refused(/2344|does not satisfy/, [
      'a type argument outside its limit',
      'type Li<T extends string> = T; let li: Li<number>;',
    ]),
    refused(/2322|never/, [
      'a `switch` that forgets a case',
      "type Kk = 'a' | 'b'; function ks(k: Kk) { switch (k) { case 'a': return 1; default: { const rest: never = k; return rest; } } }",
    ]),
    refused(/2367|no overlap/, [
      'a comparison without overlap',
      "const co: 'a' | 'b' = Math.random() > 2 ? 'a' : 'b'; (co as 'a' | 'b') === ('c' as 'c')",
    ]),
    refused(/2362|2363|arithmetic/, ['arithmetic with text', "const ar = 'a' * 2;"]),
    refused(/2488|iterator|2548|2461/, ['a spread of what is no list', 'const sp = [...5];']),
    refused(/2769|2345|overload/, ['no overload fits', "new Date({}, 'a', [])"]),
    refused(/1308|await/, ['`await` in a function that is not async', 'function na() { await Promise.resolve(1); }']),
    refused(/1108|return/i, ['`return` outside a function', 'return 5;']),
    refused(/1105|1104|1107|1115|jump|break/i, ['`break` outside a loop', 'break;']),
    refused(/1005|expected|Expected/, ['a missing bracket', 'const mb = [1, 2;']),
    refused(/1002|[Uu]nterminated/, ['text without its end', "const ut = 'abc;"]),
    refused(/1109|1005|Expression expected|Unexpected/, ['half an expression', 'const he = 1 +;']),
    refused(/2456|circularly/, ['a type that is made of itself', 'type Ci = Ci | string; let ci: Ci;']),
    refused(/2589|excessively deep/, [
      'a type without end',
      'type Go<N extends 0[]> = N extends { length: 5000 } ? N : Go<[...N, 0]>; const go: Go<[]> = [];',
    ]),
    refused(/1240|1238|1241|1329|decorator/i, [
      'a decorator that does not fit',
      'function dn(a: number) { return a; } class Dw { @dn m() {} }',
    ]),
    refused(/2355|must return a value|2366/, ['a function without its value', 'function mv(): number { }']),
    refused(/numbers-wrong|2322/, [
      'a type error in a file of the folder',
      "import { wrong as wf } from './numbers-wrong'; wf",
    ]),
    refused(/1005|expected|Expected|Unexpected/, [
      'a syntax error in a file of the folder',
      "import { broken } from './broken'; broken",
    ]),
    thrown(/half-way/, ['an error that is thrown', "throw new Error('half-way')"]),
    thrown(/plain text/, ['a value that is no error', "throw 'plain text'"]),
    thrown(/rejected/, ['a promise that is rejected', "await Promise.reject(new Error('rejected'))"]),
    thrown(/several/, ['several errors', "throw new AggregateError([new Error('a'), new Error('b')], 'several')"]),
    thrown(/call stack|stack size/i, ['recursion without end', 'function re(): number { return re() + 1; } re()']),
    thrown(/undefined/, ['a property of undefined', '(JSON.parse("{}") as any).a.b']),
    thrown(/from the file/, ['an error in a file of the folder', "import { fails } from './fails'; fails()"]),
    thrown(/closing/, [
      'an error while `using` ends',
      "{ using a = { [Symbol.dispose]() { throw new Error('closing'); } }; }",
    ]),
  ],
};
