#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Types at a program in a terminal:  prompt.py [-w ROWSxCOLUMNS] TEXT... -- COMMAND...
# Without -w the terminal does not say how large it is. Each TEXT is typed once the program waits: look after look, all
# processes of its session sleep, and none has touched new memory or written anything. So it may be as slow as it likes.
# \t, \n, \x03 and the like are understood; '@TEXT' is not typed, but waited for: what the terminal shows from here on
# holds TEXT (for a program that goes on writing); '!LINE' is a line for a shell beside it. Prints what the terminal
# showed, without escape sequences; exits with the program's status, 99 when it does not end.
import ast
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

at = sys.argv.index("--")
texts, command = sys.argv[1:at], sys.argv[at + 1:]
size = (0, 0)
if texts and texts[0] == "-w":
    size = tuple(int(n) for n in texts[1].split("x"))
    texts = texts[2:]
LOOK = 0.02  # seconds between two looks
LOOKS = 5  # that find the same

pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    os.environ["TERM"] = "dumb"
    os.environ["INPUTRC"] = "/dev/null"
    os.execvp(command[0], command)

shown = b""
limit = time.time() + float(os.environ.get("PROMPT_TIMEOUT", 50))


def processes():
    """The session's processes and their page faults, or None when one of them does something. (proc(5), /proc/pid/stat)"""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                stat = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat[3]) != pid or stat[0] in "ZX":
            continue
        if stat[0] not in "ST":
            return None
        found.append((name, stat[7], stat[9]))
    return found


def read(seconds):
    """What comes within that time; None when the program has ended."""
    if not select.select([fd], [], [], seconds)[0]:
        return b""
    try:
        return os.read(fd, 4096) or None
    except OSError:
        return None


def wait_for(wanted):
    """Until the program waits, or has shown this; False when it has ended."""
    global shown
    start, before, same = len(shown), None, 0
    while time.time() < limit:
        data = read(LOOK)
        if data is None:
            return False
        shown += data
        if wanted:
            if wanted in shown[start:]:
                return True
            continue
        now = None if data else processes()
        same = same + 1 if now and now == before else 0
        before = now
        if same >= LOOKS:
            return True
    return True


# one that nothing is typed at ends by itself; one that goes on writing never waits
alive = not texts or texts[0].startswith("@") or wait_for(None)
for text, following in zip(texts, texts[1:] + [""]):
    if not alive:
        break
    if text.startswith("@"):
        alive = wait_for(text[1:].encode())
        continue
    if text.startswith("!"):
        subprocess.run(text[1:], shell=True, check=True)
        continue
    os.write(fd, ast.literal_eval('"' + text.replace('"', '\\"') + '"').encode())
    if not following.startswith("@"):
        alive = wait_for(None)
# its terminal is closed a moment before it has ended
done = 0
while done == 0 and time.time() < limit:
    done, status = os.waitpid(pid, os.WNOHANG)
    if done == 0 and alive:
        data = read(LOOK)
        alive = data is not None
        shown += data or b""
    elif done == 0:
        time.sleep(LOOK)
if done == 0:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    code = 99
else:
    code = os.waitstatus_to_exitcode(status)
text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07|\r", "", shown.decode("utf-8", "replace"))
sys.stdout.write(text)
sys.exit(code if code >= 0 else 128 - code)
