"""Runs a command at a pseudo-terminal, presses a key once it shows progress, and ends with its exit code.

Reads JSON from stdin: command, key, and the pattern to wait for.
"""

import json
import os
import pty
import re
import select
import sys
import time

request = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execv(request["command"][0], request["command"])

seen = ""
pressed = False
deadline = time.time() + 60
while time.time() < deadline:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        seen += os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        break
    if not pressed and re.search(request["after"], seen):
        os.write(terminal, request["key"].encode())
        pressed = True
else:
    os.kill(pid, 9)
    sys.exit(f"did not end; shown: {seen!r}")

print(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
