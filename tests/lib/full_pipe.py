#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a command before a full pipe that is non-blocking: full_pipe.py [--in FILE] FD[,FD] COMMAND...

The descriptors (1, 2) are ends of that pipe, which is read when the command has ended or waits. What it wrote goes to standard
output; the exit status is the command's. With --in its standard input is a non-blocking pipe, which gets FILE when it waits.
"""
import fcntl
import os
import subprocess
import sys
import threading
import time

F_SETPIPE_SZ = 1031
LOOK = 0.02  # seconds between two looks
LOOKS = 5  # that find it asleep

words = sys.argv[1:]
given = None
if words[0] == "--in":
    with open(words[1], "rb") as file:
        given = file.read()
    words = words[2:]
numbers = words[0].split(",")

back, out = os.pipe()
fcntl.fcntl(out, F_SETPIPE_SZ, 4096)
os.set_blocking(out, False)
filled = 0
try:
    while True:
        filled += os.write(out, b"\0" * 4096)
except BlockingIOError:
    pass
theirs, ours = os.pipe()
os.set_blocking(theirs, False)
child = subprocess.Popen(
    words[1:],
    stdin=theirs if given is not None else subprocess.DEVNULL,
    stdout=out if "1" in numbers else None,
    stderr=out if "2" in numbers else None,
)
os.close(out)
os.close(theirs)


def wait_until_it_waits():
    same = 0
    while same < LOOKS and child.poll() is None:
        time.sleep(LOOK)
        with open(f"/proc/{child.pid}/stat", encoding="ascii", errors="replace") as stat:
            same = same + 1 if stat.read().rpartition(")")[2].split()[0] == "S" else 0


def give():
    try:
        os.write(ours, given)
    except BrokenPipeError:
        pass
    os.close(ours)


wait_until_it_waits()
if given is not None:
    threading.Thread(target=give).start()
    wait_until_it_waits()
taken = b""
while piece := os.read(back, 65536):
    taken += piece
os.write(1, taken[filled:])
status = child.wait()
sys.exit(status if status >= 0 else 128 - status)
