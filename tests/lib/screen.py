#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A program that draws on a terminal:  screen.py ROWSxCOLUMNS STEP... -- COMMAND...
#
#   frame[:REGEX]    until a whole frame was drawn that fits the terminal as it is now, and has this in it
#   shows:REGEX      until what came since the last step has this in it (\e is the escape character)
#   size:RxC         the terminal gets another size
#   do:COMMAND       a shell's
#   signal:NAME      to the program
#   type:TEXT        typed at the terminal (\x03, \x1a and the like)
#   stopped          until the program is stopped
#
# Prints all that the terminal was sent, '^[' for the escape character; exits with the program's status, 128 and the
# number when a signal ended it, 99 when a step or the end does not come within a minute.
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
size = tuple(int(n) for n in sys.argv[1].split("x"))
steps, command = sys.argv[2:at], sys.argv[at + 1:]
news_out, news_in = os.pipe()


def set_size(fd):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))


def lead():
    """A shell's part: the program in a group of its own, in front, so that it can be stopped."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        # which Python ignores, and a shell does not
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        os.environ["TERM"] = "xterm"
        os.execvp(command[0], command)
    os.write(news_in, b"%d\n" % child)
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)
        os.write(news_in, b"stopped\n")


leader, fd = pty.fork()
if leader == 0:
    os.close(news_out)
    set_size(0)
    lead()
os.close(news_in)
program = int(os.read(news_out, 16).split()[0])
shown = ""
mark = 0
limit = time.time() + 60


def leave(code):
    text = shown.replace("\x1b", "^[").replace("\r", "")
    sys.stdout.write(text[-2000:] if code == 99 else text)
    if code == 99:
        os.kill(program, signal.SIGKILL)
        sys.stdout.write("\nscreen.py: gave up\n")
    sys.exit(code)


def read():
    """Some more; False when the terminal is closed."""
    global shown
    if not select.select([fd], [], [], max(0, limit - time.time()))[0]:
        leave(99)
    try:
        data = os.read(fd, 65536)
    except OSError:
        data = b""
    shown += data.decode("ascii", "replace")
    return bool(data)


def wait_for(find):
    """Until FIND of what came since the last step gives how far it got."""
    global mark
    while (n := find(shown[mark:])) is None:
        if not read():
            leave(99)
    mark += n


def find_text(text, regex):
    found = re.search(regex, text, re.S)
    return found.end() if found else None


def find_frame(text, regex):
    """A frame begins in the corner and ends with the cursor hidden."""
    for frame in re.finditer(r"\x1b\[H\x1b\[K(.*?)\x1b\[\?25l", text, re.S):
        lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", frame.group(1)).split("\n")
        fits = len(lines) <= size[0] and max(map(len, lines)) <= size[1]
        if fits and re.search(regex, frame.group(1), re.S):
            return frame.end()
    return None


for step in steps:
    word, _, rest = step.partition(":")
    if word == "frame":
        wait_for(lambda text: find_frame(text, rest))
    elif word == "shows":
        wait_for(lambda text: find_text(text, rest.replace("\\e", "\x1b")))
    elif word == "size":
        mark = len(shown)
        size = tuple(int(n) for n in rest.split("x"))
        set_size(fd)
    elif word == "do":
        subprocess.run(rest, shell=True, check=True)
    elif word == "signal":
        mark = len(shown)
        os.kill(program, signal.Signals["SIG" + rest])
    elif word == "type":
        os.write(fd, ast.literal_eval('"' + rest + '"').encode())
    elif word == "stopped":
        os.read(news_out, 16)
    else:
        sys.exit("screen.py: " + step)
while read():
    pass
_, status = os.waitpid(leader, 0)
leave(os.waitstatus_to_exitcode(status))
