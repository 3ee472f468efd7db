import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as zmq from 'zeromq';
import type { Connection } from '../../src/kernel/jupyter-protocol';
import { distFile } from '../../src/package-root';
import type { KernelMessage } from '../../src/repl/kernel-client';
import { FrontEnd } from '../helpers/front-end';
import { emptyFolder, runCell, startKernel } from '../helpers/jupyter';

const ARGUMENTS = ['--no-force-async-hooks-checks', distFile('kernel/main.js')];

/** Local sockets, to avoid races for ports. */
function connectionFile(folder: string): { file: string; connection: Connection } {
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const connection = {
    transport: 'ipc',
    ip: path.join(folder, 's'),
    key: 'k',
    signature_scheme: 'hmac-sha256',
    ...ports,
  };
  const file = path.join(folder, 'connection.json');
  writeFileSync(file, JSON.stringify(connection));
  return { file, connection };
}

async function heartbeat({ ip, hb_port }: Connection): Promise<string> {
  const socket = new zmq.Request({ linger: 0 });
  socket.connect(`ipc://${ip}-${hb_port}`);
  await socket.send('ping');
  const [answer] = await socket.receive();
  socket.close();
  return String(answer);
}

test('the kernel ends when its parent process has ended', async () => {
  const folder = emptyFolder();
  const { file, connection } = connectionFile(folder);
  // The kernel inherits pipe 3, which is therefore closed exactly when it ends.
  const script = `require('child_process').spawn(process.execPath, ${JSON.stringify([...ARGUMENTS, file])},
    { cwd: ${JSON.stringify(folder)}, detached: true, stdio: ['ignore', 'ignore', 'ignore', 3] }); setInterval(() => {}, 1e6)`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const pipe = parent.stdio[3] as NodeJS.ReadableStream;
  const ended = once(pipe.resume(), 'end');
  expect(await heartbeat(connection)).toBe('ping');
  parent.kill('SIGKILL');
  await ended;
});

test('a missing connection file is reported, with an exit code', async () => {
  const kernel = spawn(process.execPath, [...ARGUMENTS, path.join(emptyFolder(), 'none.json')], { stdio: 'pipe' });
  let stderr = '';
  kernel.stderr.on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(kernel, 'close');
  expect(code).toBe(1);
  expect(stderr).toContain('none.json');
});

describe("the reason of a kernel's death is shown in the cell", () => {
  const deaths: [name: string, code: string, words: RegExp][] = [
    [
      'out of memory',
      'const hoard: number[][] = []; for (;;) hoard.push(new Array(1e6).fill(1.5));',
      /ran out of memory/,
    ],
    ['a crash in native code', 'process.abort()', /crashed in native code/],
    ['a signal', "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})", /was killed/],
  ];
  test.each(deaths)('%s', async (_, code, words) => {
    const kernel = startKernel(undefined, { NODE_OPTIONS: '--max-old-space-size=300' }, 'ignore');
    try {
      await kernel.ready();
      const { reply, outputs } = await runCell(kernel, code);
      expect(reply).toMatchObject({ status: 'error', ename: 'KernelDied' });
      expect(outputs.at(-1)).toMatchObject({
        type: 'error',
        ename: 'KernelDied',
        evalue: expect.stringMatching(words),
      });
    } finally {
      await kernel.close();
    }
  });
});

test("if a kernel dies in a handler while no cell runs, the reason is shown in the handler's cell, for every client", async () => {
  const kernel = startKernel(undefined, {}, 'ignore');
  const page = new FrontEnd(kernel);
  try {
    await kernel.ready();
    await page.ready();
    await runCell(kernel, 'const fatal = widgets.button(); fatal.onClick(() => process.abort());');
    await runCell(kernel, '1');
    const input = await page.untilText('execute_input', 'fatal');
    const died = new Promise<KernelMessage>((resolve) => {
      kernel.onLateOutput = (message) => message.header.msg_type === 'error' && resolve(message);
    });
    const click = { method: 'custom', content: { event: 'click' } };
    await page.send('comm_msg', { comm_id: page.model('ButtonModel'), data: click });
    const { parent, content } = await died;
    expect(parent.msg_id).toBe(input.parent.msg_id);
    expect(content.evalue).toContain('crashed in native code');
    // Whichever client reconnects first.
    await page.untilText('error', 'crashed in native code');
  } finally {
    page.close();
    await kernel.close();
  }
});

test('nothing is left after a kernel has ended normally', async () => {
  const folder = emptyFolder();
  const kernel = startKernel(undefined, { TMPDIR: folder });
  await kernel.ready();
  await runCell(kernel, "require('child_process').execSync('true')");
  const group = kernel.process.pid as number;
  await kernel.close();
  const left = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandOf(pid).includes('report-crash.js') && commandOf(pid).includes(folder));
  expect(left).toEqual([]);
  expect(() => process.kill(-group, 0)).toThrow(/ESRCH/);
  expect(readdirSync(folder)).toEqual([]);
});

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
