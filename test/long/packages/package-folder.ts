import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { inspect } from 'node:util';
import type * as Session from '../../../src/kernel/session';
import type * as Messages from '../../../src/kernel/thread-messages';
import { distFile } from '../../../src/package-root';
import { projectRoot } from '../../helpers/project';

const require = createRequire(__filename);
const { TypeScriptSession }: typeof Session = require(distFile('kernel/session.js'));
const { SharedState }: typeof Messages = require(distFile('kernel/thread-messages.js'));

/** A folder in .cache with packages of npm, which are installed on first use, and a session of cells in it. */
export class PackageFolder {
  readonly folder: string;
  private session: Session.TypeScriptSession | undefined;
  private number = 0;

  constructor(
    name: string,
    private readonly packages: readonly string[],
    /** The compiler options of its tsconfig.json. */
    private readonly compilerOptions: Readonly<Record<string, boolean>>,
    private readonly files: Readonly<Record<string, string>> = {},
  ) {
    this.folder = path.join(projectRoot, '.cache', name);
  }

  install(): void {
    const { folder, compilerOptions } = this;
    mkdirSync(folder, { recursive: true });
    const files = {
      'package.json': '{ "private": true }',
      'tsconfig.json': JSON.stringify({ compilerOptions }),
      ...this.files,
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'];
    execFileSync('npm', ['install', ...options, ...this.packages], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  /** What a cell gives, as text; the compiler's errors after "refused: ", what it throws after "thrown: ". */
  async run(cell: string): Promise<string> {
    this.session ??= new TypeScriptSession(this.folder, new SharedState(), 'typescript');
    this.number += 1;
    const result = await this.session.execute(cell, `cell[${this.number}].ts`);
    switch (result.kind) {
      case 'done':
        return result.hasValue ? String(result.value) : '';
      case 'thrown':
        return `thrown: ${inspect(result.error)}`;
      case 'diagnostics':
        return `refused: ${result.diagnostics.map(({ code, messageText }) => `TS${code} ${messageText}`).join('\n')}`;
    }
  }

  close(): void {
    this.session?.close();
  }
}
