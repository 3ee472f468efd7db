const INTERVAL_MS = 500;

/** Calls back once when the parent process has ended. */
export function watchParent(onGone: () => void): void {
  const isGone = parentProbe();
  const timer = setInterval(() => {
    if (!isGone()) return;
    clearInterval(timer);
    onGone();
  }, INTERVAL_MS);
  timer.unref();
}

/**
 * An orphan gets a new parent PID. There may be a launcher between the Jupyter server and the kernel, so the PID that
 * the server gives in the environment is watched as well, if it is visible from here.
 */
function parentProbe(): () => boolean {
  const parent = process.ppid;
  const server = Number(process.env.JPY_PARENT_PID);
  const watchServer = Number.isInteger(server) && server > 1 && isAlive(server);
  return () => process.ppid !== parent || (watchServer && !isAlive(server));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
