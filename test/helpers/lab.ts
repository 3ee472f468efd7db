import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Page } from 'playwright-core';
import { emptyFolder, jupyterEnv } from './jupyter';

/** The part of the page's application that tests use. */
interface LabWindow {
  jupyterapp: { commands: { execute(command: string, options?: object): Promise<unknown> } };
}

/** A JupyterLab on a free port that exposes the page's application to scripts. */
export interface Lab {
  readonly server: ChildProcess;
  /** The page of a notebook in the server's folder. */
  readonly pageOf: (notebook: string) => string;
}

/** Starts JupyterLab in a folder; its kernels are this checkout's, or those of a gateway. */
export async function startLab(folder: string, options: readonly string[] = []): Promise<Lab> {
  const { env, variables } = await jupyterEnv();
  const settings = ['--no-browser', '--allow-root', '--port=0', '--ServerApp.token=test', '--expose-app-in-browser'];
  const server = spawn(env.jupyter, ['lab', ...settings, ...options], {
    cwd: folder,
    env: { ...variables, PADDLELAB_HISTORY: '', JUPYTER_CONFIG_DIR: emptyFolder() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const port = await portOf(server, 'JupyterLab');
  return { server, pageOf: (notebook) => `http://127.0.0.1:${port}/lab/tree/${notebook}?token=test&reset` };
}

/** Ends a server and what it has started; settles when it has ended. */
export async function stopServer(server: ChildProcess | undefined, patience = 10_000): Promise<void> {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  // A server that waits for a kernel that has not started yet takes minutes.
  const timer = setTimeout(() => server.kill('SIGKILL'), patience);
  await ended;
  clearTimeout(timer);
}

/** The port that a Jupyter server prints once it listens. */
export function portOf(server: ChildProcess, name: string): Promise<string> {
  return printed(server, name, /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)/);
}

/** What a server prints in the group of a pattern. */
export function printed(server: ChildProcess, name: string, pattern: RegExp): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let log = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const found = pattern.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    });
    server.once('exit', () => reject(new Error(`${name} ended:\n${log}`)));
  });
}

/** Runs a command of the page's application; settles when the command has. */
export function labCommand(page: Page, name: string, options: object = {}): Promise<unknown> {
  return page.evaluate(
    ([id, args]) => (globalThis as unknown as LabWindow).jupyterapp.commands.execute(id as string, args as object),
    [name, options] as const,
  );
}
