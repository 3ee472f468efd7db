"""Simulates a user of the REPL at a pseudo-terminal. Reads Node and the script's path from stdin."""

import os
import pty
import re
import select
import sys
import tempfile
import time

node, script = sys.stdin.read().split("\n")[:2]
folder = tempfile.mkdtemp()
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(folder)
    os.environ.update(TERM="dumb-color", PADDLELAB_HISTORY=os.path.join(folder, "history.jsonl"), COLUMNS="100")
    os.execv(node, [node, script, "repl"])

seen = ""


def expect(pattern, patience=60):
    """Waits until the terminal shows a pattern, and consumes the output up to it."""
    global seen
    deadline = time.time() + patience
    while True:
        found = re.search(pattern, seen)
        if found:
            seen = seen[found.end():]
            return
        ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.time()))
        if not ready:
            sys.exit(f"not shown: {pattern!r}; shown: {seen!r}")
        try:
            seen += os.read(terminal, 65536).decode(errors="replace")
        except OSError:
            sys.exit(f"ended before {pattern!r}; shown: {seen!r}")


def type_keys(text):
    os.write(terminal, text.encode())


expect(r"Ctrl-D quits")
expect(r"> ")
type_keys("6 * 7\r")
expect(r"\r\n42\r\n")
expect(r"> ")
type_keys("compareBac\t")
expect(r"compareBackends")
type_keys(".name\r")
expect(r"'compareBackends'\r\n")
expect(r"> ")
# Typed faster than lines are checked for completeness, and while a cell runs.
type_keys("function twice(n: number) {\rreturn n * 2;\r}\rconst start = Date.now();\rwhile (Date.now() - start < 300);\rtwice(21.5)\r")
expect(r"\r\n43\r\n")
expect(r"> ")
type_keys("\x1b[A\r")
expect(r"\r\n43\r\n")
expect(r"> ")
type_keys("console.log('runs'); for (;;) ;\r")
expect(r"\r\nruns\r\n")
type_keys("\x03")
expect(r"Interrupted: The cell was interrupted")
expect(r"> ")
type_keys("prompt('Name?') + '!'\r")
expect(r"Name\? ")
type_keys("Ada\r")
expect(r"'Ada!'\r\n")
expect(r"> ")
type_keys("\x04")
_, status = os.waitpid(pid, 0)
if os.waitstatus_to_exitcode(status) != 0:
    sys.exit(f"status {status}")
print("everything as expected")
