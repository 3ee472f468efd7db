import path from 'node:path';
import { readdir, realpath } from '../files/fs';
import { runProcess } from '../processes/run-process';
import type { PaddleRuntime } from './inspect';

/** The dynamic loader's report on a runtime's library. */
export interface LibraryCheck {
  /** False if the check could not run. */
  checked: boolean;
  /** Required libraries, or symbol versions, that are missing. */
  missing: string[];
  /** Full names of the system libraries in use, such as `libstdc++.so.6.0.33`. */
  system: Record<string, string>;
}

const SYSTEM_LIBRARIES = ['libstdc++.so.6', 'libgomp.so.1', 'libc.so.6'];

/** Asks the loader (ldd) which shared libraries of a runtime can't be resolved on this machine. */
export async function checkLibraries(runtime: PaddleRuntime): Promise<LibraryCheck> {
  const check: LibraryCheck = { checked: true, missing: [], system: {} };
  const env = { ...process.env, LD_LIBRARY_PATH: searchPath(runtime) };
  for (const file of [runtime.library, ...(await pluginsOf(runtime))]) {
    const { code, stdout, stderr } = await runProcess(['ldd'], [file], { timeout: 20_000, env });
    if (code === null) return { ...check, checked: false };
    const found = parseLdd(`${stdout}\n${stderr}`);
    check.missing.push(...found.missing.filter((name) => !check.missing.includes(name)));
    for (const name of SYSTEM_LIBRARIES) {
      const resolved = found.resolved[name];
      if (resolved !== undefined) check.system[name] ??= path.basename(await realpath(resolved).catch(() => resolved));
    }
  }
  return check;
}

function searchPath(runtime: PaddleRuntime): string {
  const inherited = process.env.LD_LIBRARY_PATH;
  return [...runtime.libraryPath, ...(inherited ? [inherited] : [])].join(path.delimiter);
}

/** Libraries that Paddle opens by name at run time, so that the main library does not list them. */
async function pluginsOf(runtime: PaddleRuntime): Promise<string[]> {
  const plugins: string[] = [];
  for (const folder of runtime.libraryPath) {
    for (const name of await readdir(folder)) {
      if (/^(libmklml_intel|libopenvino_intel_cpu_plugin)\.so/.test(name)) plugins.push(path.join(folder, name));
    }
  }
  return plugins;
}

export function parseLdd(text: string): { resolved: Record<string, string>; missing: string[] } {
  const resolved: Record<string, string> = {};
  const missing: string[] = [];
  for (const line of text.split('\n')) {
    const pair = /^\s*(\S+) => (.+?)(?: \(0x[0-9a-f]+\))?$/.exec(line);
    const version = /version `([^']+)' not found/.exec(line);
    if (version?.[1] !== undefined) missing.push(version[1]);
    else if (pair?.[1] !== undefined && pair[2] === 'not found') missing.push(pair[1]);
    else if (pair?.[1] !== undefined && pair[2] !== undefined) resolved[pair[1]] = pair[2];
  }
  return { resolved, missing: [...new Set(missing)] };
}
