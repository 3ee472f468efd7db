import { type CellTopic, gives, refused } from './cell-case';

/** Each form of an import, of packages and files in `folder.ts`. */
export const imports: CellTopic = {
  title: 'Imports',
  cases: [
    gives('function', ['a module of Node', "import { join } from 'node:path'; typeof join"]),
    gives('function', ['a module of Node without `node:`', "import { readFileSync } from 'fs'; typeof readFileSync"]),
    gives('function', ['default of a module of Node', "import os from 'node:os'; typeof os.cpus"]),
    gives('a/b', ['namespace', "import * as path from 'node:path'; path.posix.join('a', 'b')"]),
    gives('cjs', ['a CommonJS package, default', "import cjs from 'cjs-package'; cjs.format"]),
    gives('cjs', ['a CommonJS package, by names', "import { format } from 'cjs-package'; format"]),
    gives('cjs', ['a CommonJS package, `import x = require()`', "import c2 = require('cjs-package'); c2.format"]),
    gives('cjs', ['`require`', "const c3 = require('cjs-package'); c3.format"]),
    gives('esm', ['a package of ES modules only', "import { format as ef } from 'esm-package'; ef"]),
    gives('esm default', ['its default', "import ed from 'esm-package'; ed"]),
    gives('esm', ['`await import()`', "const dynamic = await import('esm-package'); dynamic.format"]),
    gives('waited', [
      'a module with a top-level `await`',
      "import { value as waited } from 'esm-package/waiting'; waited",
    ]),
    gives('string', ['a package with both forms', "import { format as df } from 'dual-package'; typeof df"]),
    gives('sub', ['a path of `exports`', "import { part } from 'dual-package/sub'; part"]),
    refused(/2307|2882|not exported|Cannot find|not defined by/i, [
      'a path that is not in `exports`',
      "import { hidden } from 'dual-package/hidden'; hidden",
    ]),
    gives('1', [
      'a package with only types, `import type`',
      "import type { OnlyType } from 'types-package'; const t: OnlyType = { a: 1 }; t.a",
    ]),
    gives('2', [
      'a package with only types, `import {}`',
      "import { OtherType } from 'types-package'; const o: OtherType = { b: 2 }; o.b",
    ]),
    gives('typed', [
      'types from `@types`',
      "import { untyped } from 'untyped-package'; const ut: string = untyped; ut",
    ]),
    gives('1', [
      '`import { type … }`',
      "import { type Shape, area } from './shapes'; const sh: Shape = { side: 1 }; area(sh)",
    ]),
    gives('loaded', ['for its effect', "import './effect'; (globalThis as any).effect"]),
    gives('9', ['a `.ts` file without extension', "import { area as a2 } from './shapes'; a2({ side: 3 })"]),
    gives('9', ['with `.ts`', "import { area as a3 } from './shapes.ts'; a3({ side: 3 })"]),
    gives('9', ['with `.js` for a `.ts` file', "import { area as a4 } from './shapes.js'; a4({ side: 3 })"]),
    gives('mts', ['an `.mts` file', "import { kind as km } from './module.mts'; km"]),
    gives('cts', ['a `.cts` file', "import { kind as kc } from './common.cts'; kc"]),
    gives('index', ['a folder with an `index.ts`', "import { where } from './inner'; where"]),
    gives('default', ['the default of a file', "import standard from './with-default'; standard"]),
    gives('1', [
      '`export *` and `export type *`',
      "import { area as a5, type Shape as S5 } from './again'; const s5: S5 = { side: 1 }; a5(s5)",
    ]),
    gives('1.2.3', ['JSON', "import data from './data.json'; data.version"]),
    gives('1.2.3', [
      'JSON with `with { type: "json" }`',
      "import data2 from './data.json' with { type: 'json' }; data2.version",
    ]),
    refused(/2339|2551|does not exist/, ['JSON is typed', "import data3 from './data.json'; data3.versoin"]),
    gives('mapped', ['`paths` of tsconfig.json', "import { mapped } from '@own/mapped'; mapped"]),
    gives('internal', ['`#name` of package.json', "import { internal } from '#internal'; internal"]),
    gives('both', ['files that import each other', "import { both } from './circle-a'; both()"]),
    gives('data', [
      'a `data:` URL',
      'const address: string = \'data:text/javascript,export default "data"\'; const fromUrl: any = await import(address); fromUrl.default',
    ]),
    gives('2', [
      'the same name from another package',
      "import { format as same } from 'cjs-package';",
      "import { two as same } from './numbers'; same",
    ]),
    gives('1', ['an import is seen by later cells', "import { one } from './numbers';", 'one']),
    gives('function', ['`tslab`', "import * as tslab from 'tslab'; typeof tslab.display.html"]),
    refused(/2307|2882|Cannot find module/, [
      'a package that is not there',
      "import { nothing } from 'no-such-package'; nothing",
    ]),
    refused(/2307|2882|Cannot find module/, [
      'a file that is not there',
      "import { nothing2 } from './no-such-file'; nothing2",
    ]),
    refused(/2305|2724|no exported member/, ['a name that is not exported', "import { tree } from './numbers'; tree"]),
    refused(/1192|no default export/, ['a default that is not there', "import none from './shapes'; none"]),
    refused(/2307|Cannot find module|2882/, [
      'a URL of `https:`',
      "import remote from 'https://example.invalid/a.ts'; remote",
    ]),
  ],
};
