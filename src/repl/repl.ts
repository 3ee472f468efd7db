import { createInterface } from 'node:readline';
import { chooseProtocol } from './graphics/graphics-protocols';
import { KernelClient } from './kernel-client';
import { LineEditor } from './line-editor';
import { Screen } from './screen';

export interface ReplOptions {
  /** The name of a graphics protocol, `auto` or `none`. */
  graphics: string;
}

/** Number of cells of earlier sessions in the history. */
const HISTORY = 500;

/**
 * Runs the language of notebooks at a prompt; if standard input is not a terminal, its cells run one after the other.
 * Returns the exit status.
 */
export async function runRepl({ graphics }: ReplOptions): Promise<number> {
  const kernel = KernelClient.start({ cwd: process.cwd() });
  const { stdin, stdout } = process;
  const screen = new Screen({
    write: (text) => void stdout.write(text),
    isTerminal: stdout.isTTY === true,
    columns: () => stdout.columns ?? 80,
    graphics: stdout.isTTY || graphics !== 'auto' ? chooseProtocol(graphics, process.env) : undefined,
  });
  kernel.onLateOutput = (message) => screen.show(message);
  try {
    const { banner } = await kernel.ready();
    return stdin.isTTY ? await converse(kernel, screen, String(banner)) : await runAll(kernel, screen);
  } finally {
    await kernel.close();
  }
}

async function converse(kernel: KernelClient, screen: Screen, banner: string): Promise<number> {
  process.stdout.write(`${banner}\nhelp() lists the helpers; Ctrl-C interrupts, Ctrl-D quits.\n`);
  const editor = new LineEditor(
    {
      complete: (code, cursor) => complete(kernel, code, cursor),
      openLine: (code) => openLine(kernel, code),
    },
    await readHistory(kernel),
    { input: process.stdin, output: process.stdout },
    () => void kernel.request('interrupt_request', {}),
  );
  kernel.onInput = ({ prompt, password }) => editor.ask(String(prompt), password === true);
  for (let cell = await editor.read(); cell !== undefined; cell = await editor.read()) {
    if (cell.trim() === '') continue;
    const reply = await runCell(kernel, screen, cell);
    if (reply.ename === 'KernelDied') {
      process.stderr.write('The kernel has ended; its variables are gone. Start `paddlelab repl` again.\n');
      return 1;
    }
  }
  editor.interface.close();
  process.stdout.write('\n');
  return 0;
}

/** Runs piped input; stops at the first error. */
async function runAll(kernel: KernelClient, screen: Screen): Promise<number> {
  let cell = '';
  const run = async (): Promise<boolean> => (await runCell(kernel, screen, cell, false)).status === 'ok';
  for await (const line of createInterface({ input: process.stdin })) {
    cell = cell === '' ? line : `${cell}\n${line}`;
    if (cell.trim() === '' || (await openLine(kernel, cell)) !== undefined) continue;
    if (!(await run())) return 1;
    cell = '';
  }
  return cell.trim() === '' || (await run()) ? 0 : 1;
}

async function runCell(
  kernel: KernelClient,
  screen: Screen,
  code: string,
  allowStdin = true,
): Promise<Record<string, unknown>> {
  const reply = await kernel.execute(code, (message) => screen.show(message), { allow_stdin: allowStdin });
  screen.page((reply.payload ?? []) as Parameters<Screen['page']>[0]);
  await screen.settled();
  return reply;
}

async function complete(
  kernel: KernelClient,
  code: string,
  cursor: number,
): Promise<{ matches: string[]; start: number; end: number }> {
  const points = [...code.slice(0, cursor)].length;
  const reply = await kernel.request('complete_request', { code, cursor_pos: points });
  const toUnits = (position: unknown): number => [...code].slice(0, Number(position)).join('').length;
  const typed = code.slice(toUnits(reply.cursor_start), toUnits(reply.cursor_end));
  // Only matches that start with the typed text: others, which contain it elsewhere, would replace it.
  const matches = ((reply.matches ?? []) as string[]).filter((match) => match.startsWith(typed));
  return { matches, start: toUnits(reply.cursor_start), end: toUnits(reply.cursor_end) };
}

async function openLine(kernel: KernelClient, code: string): Promise<string | undefined> {
  const { status, indent } = await kernel.request('is_complete_request', { code });
  return status === 'incomplete' ? String(indent ?? '') : undefined;
}

async function readHistory(kernel: KernelClient): Promise<string[]> {
  const request = { hist_access_type: 'tail', n: HISTORY, output: false, raw: true };
  const { history } = await kernel.request('history_request', request);
  // Newest first.
  return ((history ?? []) as [number, number, string][]).map(([, , input]) => input).reverse();
}
