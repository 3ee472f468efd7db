let logging = false;

/** Whether Paddle's log is enabled for configurations that don't set it. */
export function isLogging(): boolean {
  return logging;
}

export function setLogging(on: boolean): void {
  logging = on;
}
