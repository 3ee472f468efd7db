import { type ChildProcess, spawn } from 'node:child_process';

/** Kills the registered PIDs when stdin closes, however the parent exits. */
const script = `trap '' INT
while read -r op pid; do
  if [ "$op" = + ]; then pids="$pids $pid"; else
    kept=
    for other in $pids; do [ "$other" = "$pid" ] || kept="$kept $other"; done
    pids=$kept
  fi
done
[ -z "$pids" ] || kill -9 $pids 2>/dev/null`;

/** Kills paused child processes when this process exits: a paused process can't notice that itself. */
export class OrphanGuard {
  private readonly shell: ChildProcess = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });

  constructor() {
    this.shell.on('error', () => undefined);
    this.shell.stdin?.on('error', () => undefined);
    this.shell.unref();
    (this.shell.stdin as unknown as { unref?(): void } | null)?.unref?.();
  }

  watch(pid: number): void {
    this.shell.stdin?.write(`+ ${pid}\n`);
  }

  forget(pid: number): void {
    this.shell.stdin?.write(`- ${pid}\n`);
  }

  end(): void {
    this.shell.stdin?.end();
  }
}
