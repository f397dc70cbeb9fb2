#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Types at a program in a terminal:  prompt.py [-w ROWSxCOLUMNS] [-t SECONDS] TEXT... -- COMMAND...
# Without -w the terminal does not say how large it is. Each TEXT is typed once the program is quiet (\t, \n, \x03 and the like are understood). Prints what the
# terminal showed, without escape sequences; exits with the program's status, 99 when it does not end.
import ast
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

at = sys.argv.index("--")
texts, command = sys.argv[1:at], sys.argv[at + 1:]
quiet = 0.3
size = (0, 0)
if texts and texts[0] == "-w":
    size = tuple(int(n) for n in texts[1].split("x"))
    texts = texts[2:]
if texts and texts[0] == "-t":
    quiet = float(texts[1])
    texts = texts[2:]

pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    os.environ["TERM"] = "dumb"
    os.environ["INPUTRC"] = "/dev/null"
    os.execvp(command[0], command)

shown = b""
limit = time.time() + 60


def read(seconds):
    """Until the program is quiet for so long, or goes on and on; False when it has ended."""
    global shown
    enough = min(limit, time.time() + 10 * seconds)
    while time.time() < enough:
        ready, _, _ = select.select([fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(fd, 4096)
        except OSError:
            return False
        if not data:
            return False
        shown += data
    return True


# one that nothing is typed at ends by itself
alive = read(3 * quiet if texts else 60)
for text in texts:
    if not alive:
        break
    os.write(fd, ast.literal_eval('"' + text.replace('"', '\\"') + '"').encode())
    alive = read(quiet)
if alive:
    alive = read(5 * quiet)
# its terminal is closed a moment before it has ended
until = time.time() + (0 if alive else 10)
done, status = os.waitpid(pid, os.WNOHANG)
while done == 0 and time.time() < until:
    time.sleep(0.1)
    done, status = os.waitpid(pid, os.WNOHANG)
if done == 0:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    code = 99
else:
    code = os.waitstatus_to_exitcode(status)
text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07|\r", "", shown.decode("utf-8", "replace"))
sys.stdout.write(text)
sys.exit(code if code >= 0 else 128 - code)
