#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a FIFO as slowly as it is told: slow_reader.py FIFO INTERVAL [STOP]

Its pipe is made as small as a pipe can be. A KiB to standard output every INTERVAL seconds; with STOP nothing more behind so
many bytes, the pipe stays open.
"""
import fcntl
import os
import sys
import time

F_SETPIPE_SZ = 1031
stop = int(sys.argv[3]) if len(sys.argv) > 3 else None
fd = os.open(sys.argv[1], os.O_RDONLY)
fcntl.fcntl(fd, F_SETPIPE_SZ, 4096)
got = 0
while True:
    time.sleep(float(sys.argv[2]))
    if stop is not None and got >= stop:
        continue
    data = os.read(fd, 1024)
    if not data:
        break
    got += len(data)
    os.write(1, data)
