import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The project's folder. */
export const projectRoot: string = path.resolve(__dirname, '../..');

/** A demo model that ships with the project. */
export function demoModel(
  name: 'shapes_det_picodet' | 'shapes_ins_maskrcnn' | 'shapes_seg_ppliteseg' | 'shapes_cls_mbv3s',
): string {
  return path.join(projectRoot, 'notebooks/models', name);
}

export function goldenImage(name: string): string {
  return path.join(projectRoot, 'test/golden/images', name);
}

/**
 * A file or folder of the developers' shared material next to the project; undefined, with a printed note, if this
 * machine does not have it. Tests access it only through this function.
 */
export function sharedPath(relative: string): string | undefined {
  const file = path.resolve(projectRoot, '../shared', relative);
  if (existsSync(file)) return file;
  process.stderr.write(`SKIPPED: ${relative} of the shared material is not on this machine\n`);
  return undefined;
}

export interface ProcessResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script with the compiled package in a separate Node process; `lab` is the package. */
export function runScript(body: string, env: NodeJS.ProcessEnv = {}): Promise<ProcessResult> {
  const script = `const lab = require(${JSON.stringify(projectRoot)});\n(async () => {\n${body}\n})();`;
  return runProcess(process.execPath, ['-e', script], env);
}

export function runProcess(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: projectRoot, env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
