let logging = false;

/** Whether configurations that say nothing of Paddle's log let it through. */
export function isLogging(): boolean {
  return logging;
}

export function setLogging(on: boolean): void {
  logging = on;
}
