#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Types at a program in a terminal:  prompt.py [-w ROWSxCOLUMNS] TEXT... -- COMMAND...
# Without -w the terminal does not say how large it is. Each TEXT is typed once the program waits: look after look, it
# and what it started sleep, and none has touched new memory or written anything. So it may be as slow as it likes.
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
    os.environ["TERM"] = os.environ.get("PROMPT_TERM", "dumb")
    os.environ["INPUTRC"] = "/dev/null"
    os.execvp(command[0], command)

shown = b""
limit = time.time() + float(os.environ.get("PROMPT_TIMEOUT", 50))


def session():
    """The processes of the terminal. Their list is long in comparison: where the kernel has it, the children's is read."""
    if not os.path.exists(f"/proc/{pid}/task/{pid}/children"):
        return [name for name in os.listdir("/proc") if name.isdigit() and os.getsid(int(name)) == pid]
    found = [str(pid)]
    for process in found:
        for task in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{task}/children", encoding="ascii") as file:
                found += file.read().split()
    return found


def processes():
    """Their page faults, or None when one of them does something. (proc(5), /proc/pid/stat)"""
    found = []
    try:
        for process in session():
            with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:
                stat = file.read().rpartition(")")[2].split()
            if stat[0] not in "STZ":
                return None
            found.append((process, stat[7], stat[9]))
    except OSError:
        return None
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
    # what is typed has an echo at least; until then the terminal may not have passed it on
    patience = time.time() + 3
    while time.time() < limit:
        data = read(LOOK)
        if data is None:
            return False
        shown += data
        if wanted:
            if wanted in shown[start:]:
                return True
            continue
        heard = len(shown) > start or time.time() > patience
        now = processes() if heard and not data else None
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
# its end is seen before all that it wrote is read, or after
done = 0
while time.time() < limit:
    if done == 0:
        done, status = os.waitpid(pid, os.WNOHANG)
    data = read(LOOK) if alive else None
    if data:
        shown += data
    elif done:
        break
    elif data is None:
        alive = False
        time.sleep(LOOK)
if done == 0:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    code = 99
else:
    code = os.waitstatus_to_exitcode(status)
# colours are what a terminal is asked for that can show them
moves = "A-Za-ln-z" if "PROMPT_TERM" in os.environ else "A-Za-z"
# titles and what else goes to the terminal's owner ends with a bell, or ESC and backslash (xterm's "Operating System Controls")
text = re.sub(rf"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?<=>]*[{moves}]|\x1b[=>]|\x07|\r", "",
              shown.decode("utf-8", "replace"))
sys.stdout.write(text)
sys.exit(code if code >= 0 else 128 - code)
