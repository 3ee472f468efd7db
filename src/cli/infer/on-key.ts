/** Calls back when a key is pressed on the terminal; does nothing without one. What it answers ends that. */
export function onKey(key: string, pressed: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const read = (bytes: Buffer) => {
    for (const letter of bytes.toString()) {
      if (letter === key) pressed();
      // In raw mode the terminal does not make a signal of Ctrl-C.
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
