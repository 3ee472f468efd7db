import { type CellTopic, gives, refused } from './cell-case';

/** Features of TypeScript since 4.9, by the version that brought them, and those of JavaScript that need a compiler. */
export const language: CellTopic = {
  title: 'The language',
  cases: [
    gives('1', ['4.9: `satisfies`', 'const a = { x: 1 } satisfies Record<string, number>; a.x']),
    refused(/2353|excess|does not exist in type/, [
      '4.9: `satisfies` refuses',
      'const b = { x: 1, y: 2 } satisfies { x: number };',
    ]),
    gives('7', ['4.9: `accessor`', 'class Ac { accessor n = 7 } new Ac().n']),
    gives('ok', [
      '4.9: `in` narrows an unlisted property',
      "function named(o: object) { return 'name' in o && typeof o.name === 'string' ? o.name : ''; }",
      "named({ name: 'ok' })",
    ]),
    gives('a', [
      '5.0: `const` type parameters',
      'function first<const T extends readonly unknown[]>(list: T): T[0] { return list[0]; }',
      "const f: 'a' = first(['a', 'b']); f",
    ]),
    gives('method,field,class', [
      '5.0: standard decorators',
      'const seen: string[] = []; function note(_: unknown, context: DecoratorContext) { seen.push(context.kind); }',
      '@note class De { @note m() {} @note f = 1 } new De(); seen.join()',
    ]),
    refused(/2322|not assignable/, [
      '5.0: every enum is a union',
      'enum Level { Low = 1, High = 2 }',
      'const level: Level = 3;',
    ]),
    gives('3', ['5.0: an enum with computed members', "enum Sized { A = 'abc'.length, B = 1 << 1 }", 'Sized.A']),
    gives('true', [
      '5.1: a function may return `undefined` without a return',
      'function u(): undefined {}',
      'u() === undefined',
    ]),
    gives('5', [
      '5.1: types of getter and setter are independent',
      'class Gs { #n = 0; get n(): number { return this.#n; } set n(v: string[]) { this.#n = v.length; } }',
      "const gs = new Gs(); gs.n = ['', '', '', '', '']; gs.n",
    ]),
    gives('used,disposed', [
      '5.2: `using`',
      'const order: string[] = [];',
      "{ using a = { [Symbol.dispose]() { order.push('disposed'); } }; order.push('used'); }",
      'order.join()',
    ]),
    gives('later', [
      '5.2: `await using`',
      "let closed = '';",
      "{ await using a = { async [Symbol.asyncDispose]() { closed = 'later'; } }; }",
      'closed',
    ]),
    gives('2', [
      '5.2: `using` in a `for` loop',
      'let ended = 0; const one = () => ({ [Symbol.dispose]() { ended += 1; } });',
      'for (using a of [one(), one()]) { void a; }',
      'ended',
    ]),
    gives(
      'b,a',
      [
        '5.2: `DisposableStack`',
        "const closing: string[] = []; { using stack = new DisposableStack(); stack.defer(() => closing.push('a')); stack.defer(() => closing.push('b')); }",
        'closing.join()',
      ],
      24,
    ),
    refused(/2850|dispose/i, ['5.2: `using` refuses what has no `dispose`', '{ using a = { x: 1 }; }']),
    gives('label', [
      '5.2: decorator metadata',
      "function tag(_: unknown, context: DecoratorContext) { (context.metadata as any).tag = 'label'; }",
      'let metadata: Record<PropertyKey, unknown> | undefined; function keep(_: unknown, context: ClassDecoratorContext) { metadata = context.metadata as typeof metadata; }',
      '@keep class Me { @tag m() {} } metadata?.tag',
    ]),
    gives('2', [
      '5.2: tuples with some named elements',
      'type Pair = [first: string, number]; const pair: Pair = ["a", 2];',
      'pair[1]',
    ]),
    gives('1', [
      '5.2: array methods on a union of arrays',
      'const either = (n: number): string[] | number[] => (n > 0 ? [1, 2] : ["a"]);',
      'either(1).filter((x) => x === 1).length',
    ]),
    gives('1,2,3', ['5.2: arrays that copy: `toSorted`, `with`', '[3, 1, 9].with(2, 2).toSorted().join()']),
    gives('text', [
      '5.3: `switch (true)` narrows',
      "function kindOf(x: string | number) { switch (true) { case typeof x === 'string': return x.toLowerCase(); default: return x.toFixed(); } }",
      "kindOf('TEXT')",
    ]),
    gives('A', [
      '5.3: a comparison with `true` narrows',
      "const isText = (x: unknown): x is string => typeof x === 'string'; function up(x: unknown) { return isText(x) === true ? x.toUpperCase() : ''; }",
      "up('a')",
    ]),
    gives('4', [
      '5.3: `instanceof` narrows by `Symbol.hasInstance`',
      "class Even { static [Symbol.hasInstance](v: unknown): v is number { return typeof v === 'number' && v % 2 === 0; } }",
      "const four: unknown = 4; four instanceof Even ? four.toFixed() : ''",
    ]),
    gives('A', [
      '5.4: closures keep what is narrowed',
      "function later(x?: string) { if (x === undefined) x = 'a'; return [1].map(() => x.toUpperCase())[0]; }",
      'later()',
    ]),
    refused(/2345|not assignable/, [
      '5.4: `NoInfer`',
      'function pick<T extends string>(all: T[], start: NoInfer<T>) { return start; }',
      "pick(['a', 'b'], 'c')",
    ]),
    gives(
      '1,3',
      ['5.4: `Object.groupBy`', "Object.groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')).odd!.join()"],
      22,
    ),
    gives('2', [
      '5.5: `filter` infers a type predicate',
      "const numbers: number[] = [1, undefined, 2].filter((x) => x !== undefined); const fixed = ['a', 1].filter((x) => typeof x === 'number').map((x) => x.toFixed());",
      'numbers.length',
    ]),
    gives('X', [
      '5.5: `record[key]` narrows',
      "function upper(o: Record<string, unknown>, key: string) { return typeof o[key] === 'string' ? o[key].toUpperCase() : ''; }",
      "upper({ a: 'x' }, 'a')",
    ]),
    refused(/1508|1005|regular expression|Unexpected|bracket|1516/i, [
      '5.5: regular expressions are checked',
      'const re = /[z-a]\\1/u; re.test("a")',
    ]),
    gives('true', ['5.5: methods of `Set`', 'new Set([1, 2]).isSubsetOf(new Set([1, 2, 3]))'], 22),
    refused(/2872|always truthy/, ['5.6: conditions that are always true', 'if (() => 1) { }']),
    gives('2,4', ['5.6: iterator helpers', '[1, 2].values().map((n) => n * 2).toArray().join()'], 22),
    gives('5', [
      '5.6: names of exports that are no identifiers',
      "import { 'a-b' as ab } from './module-with-odd-names'; ab",
    ]),
    gives('8', [
      '5.7: types of typed arrays',
      'const bytes: Uint8Array<ArrayBuffer> = new Uint8Array(8); bytes.length',
    ]),
    refused(/2322|not assignable/, [
      '5.8: each branch of a returned condition is checked',
      'declare const cache: Map<any, any>; function url(s: string): URL { return cache.has(s) ? cache.get(s) : s; }',
    ]),
    gives('42', [
      '6.0: methods without `this` are inferred in any order',
      'function both<T>(o: { consume: (y: T) => void; produce: (x: number) => T }) { return o.produce(42); }',
      'both({ consume(y) { y.toFixed(); }, produce(x: number) { return x; } })',
    ]),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the cell's.
    gives('a.b', ['template literal types', "type Path = `${'a'}.${'b'}`; const path: Path = 'a.b'; path"]),
    gives('3', [
      'generics with mapped and conditional types',
      'type Lengths<T> = { [K in keyof T]: T[K] extends readonly unknown[] ? T[K]["length"] : never }; const l: Lengths<{ a: [1, 2, 3] }> = { a: 3 };',
      'l.a',
    ]),
    gives('1,2', [
      'private names, `#x in o`, static blocks',
      'class Pr { static #n = 1; static list: number[] = []; static { Pr.list = [Pr.#n, 2]; } static has(o: object) { return #n in o; } } Pr.list.join()',
    ]),
    gives('2', ['enums', 'enum Color { Red, Green = 2 }', 'Color.Green']),
    gives('Red', ['names of enums', 'enum Shade { Red, Green }', 'Shade[0]']),
    gives('4', ['`const enum`', 'const enum Bits { Four = 1 << 2 }', 'Bits.Four']),
    gives('6', ['namespaces', 'namespace Sums { export const six = 6; const hidden = 1; }', 'Sums.six']),
    gives('7', [
      'a function with a namespace',
      'function counter() { return counter.start + 1; } namespace counter { export const start = 6; }',
      'counter()',
    ]),
    gives('1,2', [
      'interfaces merge in a cell',
      'interface Me2 { a: number } interface Me2 { b: number } const me2: Me2 = { a: 1, b: 2 };',
      '[me2.a, me2.b].join()',
    ]),
    gives('3', [
      'parameter properties',
      'class Pp { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y; } }',
      'new Pp(1).sum()',
    ]),
    gives('mau', [
      'abstract classes and `override`',
      "abstract class Animal { abstract sound(): string } class Cat extends Animal { override sound() { return 'mau'; } }",
      'new Cat().sound()',
    ]),
    gives('2', [
      'overloads',
      'function size(x: string): number; function size(x: number): string; function size(x: any): any { return typeof x === "string" ? x.length : String(x); }',
      "size('ab')",
    ]),
    gives('0,1,2', [
      'generators',
      'function* count(n: number) { for (let i = 0; i < n; i++) yield i; }',
      '[...count(3)].join()',
    ]),
    gives('3', [
      'async generators',
      'async function* slow() { yield 1; yield 2; }',
      'let total = 0; for await (const n of slow()) total += n; total',
    ]),
    gives('1', [
      'optional chaining and `??=`',
      'const maybe: { a?: { b: number } } = {}; maybe.a ??= { b: 1 }; maybe?.a?.b',
    ]),
    gives('1000n', ['`bigint` and numeric separators', '1_000n']),
    gives('2024', ['named groups of regular expressions', "/(?<year>\\d{4})/.exec('in 2024')!.groups!.year"]),
    gives('cause', ['`Error` with a cause', "new Error('a', { cause: 'cause' }).cause as string"]),
    gives('a1b', [
      'tagged templates',
      'const tagged = (parts: TemplateStringsArray, n: number) => parts[0] + n + parts[1];',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the cell's.
      'tagged`a${1}b`',
    ]),
    gives('3', [
      'type assertions, `as const`, `!`',
      'const list = [1, 2, 3] as const; const n3: 3 = list[2]; (n3 as number)!',
    ]),
    gives('two', [
      'exhaustive `switch`',
      "type Sh = { kind: 'a' } | { kind: 'b' }; function nameOf(s: Sh): string { switch (s.kind) { case 'a': return 'one'; case 'b': return 'two'; } }",
      "nameOf({ kind: 'b' })",
    ]),
    gives('5', [
      '`declare global`',
      'declare global { var sharedFive: number }',
      'globalThis.sharedFive = 5; sharedFive',
    ]),
  ],
};
