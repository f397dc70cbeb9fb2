#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of a session's socket that does what no command would.

Usage: bad_client.py KIND [SOCKET]      SOCKET: the first of $PCIETOOL_SESSION

Prints one line: how the holder took it ("hung up", "answered N", "refused").
"""
import array
import os
import socket
import struct
import sys
import time

REQUEST = 104  # bytes of a request; see core/session_wire.h
MAGIC = 0x50430001


def connect(path, waits=False):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # with a time limit a full queue would be an error at once
    s.settimeout(None if waits else 5)
    s.connect(path)
    return s


def request(kind, magic=MAGIC):
    return struct.pack("<II", magic, kind) + bytes(REQUEST - 8)


def outcome(s):
    try:
        return "answered" if s.recv(65536) else "hung up"
    except (ConnectionResetError, BrokenPipeError):
        return "hung up"
    except TimeoutError:
        return "silent"


def one(path, data):
    s = connect(path)
    try:
        s.send(data)
    except (ConnectionResetError, BrokenPipeError):
        return "hung up"
    return outcome(s)


def many(path):
    """1,000 requests, no answer is read."""
    s = connect(path)
    s.setblocking(False)
    sent = 0
    try:
        for _ in range(1000):
            try:
                s.send(request(1))
                sent += 1
            except BlockingIOError:
                time.sleep(0.01)
    except (BrokenPipeError, ConnectionResetError):
        return "hung up"
    return "sent %d" % sent


def connections(path, count):
    held = []
    for _ in range(count):
        try:
            held.append(connect(path))
        except OSError:
            break
    time.sleep(0.5)
    # those that are over the limit are closed at once
    alive = 0
    for s in held:
        s.setblocking(False)
        try:
            if s.recv(1) == b"":
                continue
        except BlockingIOError:
            pass
        except OSError:
            continue
        alive += 1
    return "connections %d" % alive


def crowd(path):
    """All places of the holder taken, for a while."""
    held = [connect(path, True) for _ in range(128)]
    for s in held:
        s.send(request(0))
        s.recv(65536)
    open("crowded", "w").close()
    time.sleep(float(os.environ.get("SILENT", "30")))


def descriptors(path):
    s = connect(path)
    fd = os.open("/dev/null", os.O_RDONLY)
    fds = array.array("i", [fd])
    for _ in range(100):
        s.sendmsg([request(0)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        s.recv(65536)
    return "answered"


def main():
    kind = sys.argv[1]
    path = sys.argv[2] if len(sys.argv) > 2 else os.environ["PCIETOOL_SESSION"].split(",")[0]
    kinds = {
        "garbage": lambda: one(path, os.urandom(REQUEST)),
        "half": lambda: one(path, request(0)[: REQUEST // 2]),
        "empty": lambda: one(path, b""),
        "long": lambda: one(path, request(0) + bytes(70000)),
        "magic": lambda: one(path, request(0, 1)),
        "type": lambda: one(path, request(99)),
        "hello": lambda: one(path, request(0)),
        "many": lambda: many(path),
        "descriptors": lambda: descriptors(path),
        "connections": lambda: connections(path, 300),
    }
    try:
        if kind == "crowd":
            crowd(path)
        elif kind == "silent":
            held = connect(path)
            time.sleep(float(os.environ.get("SILENT", "30")))
            held.close()
            print("silent")
        else:
            print(kinds[kind]())
    except PermissionError:
        print("refused")


main()
