/**
 * Calls a function when a key is pressed on the terminal; does nothing without a terminal. Returns a function that
 * removes the listener.
 */
export function onKey(key: string, pressed: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const read = (bytes: Buffer) => {
    for (const letter of bytes.toString()) {
      if (letter === key) pressed();
      // In raw mode the terminal does not turn Ctrl-C into a signal.
      if (letter === '\u0003') process.emit('SIGINT');
    }
  };
  stdin.setRawMode(true);
  stdin.on('data', read);
  return () => {
    stdin.off('data', read);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
