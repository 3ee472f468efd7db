import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { Cells } from '../../helpers/cells';
import { writeFiles } from '../../helpers/folders';
import { projectRoot } from '../../helpers/project';

/** A folder in .cache with packages of npm, which are installed on first use, and a session of cells in it. */
export class PackageFolder {
  readonly folder: string;
  private cells: Cells | undefined;

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
    writeFiles(folder, { 'package.json': { private: true }, 'tsconfig.json': { compilerOptions }, ...this.files });
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'];
    execFileSync('npm', ['install', ...options, ...this.packages], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  run(cell: string): Promise<string> {
    this.cells ??= new Cells(this.folder);
    return this.cells.text(cell);
  }

  close(): void {
    this.cells?.close();
  }
}
