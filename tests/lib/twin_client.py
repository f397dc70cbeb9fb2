#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of a twin: vfio-user (QEMU, docs/interop/vfio-user.rst), a command a word.

Usage: twin_client.py SOCKET COMMAND...

  most:BYTES                first of all: what it says that it takes in a message, and refuses above that
  info                      regions and interrupts of the device
  region:N                  flags and size; mapped where a descriptor came
  irqs:INDEX                how many vectors
  r:REGION:OFFSET:COUNT     what was read, as one number
  w:REGION:OFFSET:COUNT:VALUE
  reset
  p:REGION:OFFSET:COUNT:VALUE   the same, nobody waits for an answer
  dma:ADDRESS:SIZE          memory of the guest's
  unshared:ADDRESS:SIZE     memory that it maps and does not share
  device:ADDRESS:SIZE       another device's, which is not mapped
  own:ADDRESS:SIZE:REGION   the twin's own region: what it writes there is written to it, before that has its answer
  mute                      what the twin asks for has no answer from then on
  late                      those that had none have one, and there is one to all from then on
  wide                      messages about those two as vfio-user.rst has them, not as QEMU 11.1 does
  undma:ADDRESS:SIZE
  peek:ADDRESS:COUNT        of any of them, in hex
  poke:ADDRESS:HEX
  enable:INDEX:COUNT        an eventfd for each vector
  irq:VECTOR                waits for that one
  quiet:VECTOR              none came
  until:REGION:OFFSET:COUNT:VALUE   reads until it is that
  send:HEX                  bytes, whatever they are; what comes of it
  message:COMMAND:HEX       a header, and these behind it; what comes of it
  fds:COMMAND:COUNT         the same with descriptors
Numbers are as Python has them. Prints a line for each that has a result; an answer with an error is "error N".
"""
import array
import errno
import json
import mmap
import os
import select
import socket
import struct
import sys
import time

PATIENCE = 30


class Client:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        self.memory = {}
        self.vectors = []
        self.asked = {}
        self.own = {}
        self.unanswered = None
        self.is_wide = False
        self.most = 1 << 20
        self.id = 0

    def receive(self, size):
        data, passed = b"", []
        while len(data) < size:
            piece, ancillary, _, _ = self.socket.recvmsg(size - len(data), socket.CMSG_SPACE(4))
            for _, _, fds in ancillary:
                passed += array.array("i", fds)
            if not piece:
                raise ConnectionResetError
            data += piece
        return data, passed

    def send(self, command, payload=b"", fds=(), flags=0):
        self.id += 1
        data = struct.pack("<HHIII", self.id & 0xFFFF, command, 16 + len(payload), flags, 0) + payload
        socket.send_fds(self.socket, [data], list(fds))

    def answer(self):
        while True:
            head, fds = self.receive(16)
            number, command, size, flags, error = struct.unpack("<HHIII", head)
            payload = self.receive(size - 16)[0] if size > 16 else b""
            if flags & 0xF or command not in (11, 12):
                break
            self.serve(number, command, payload)
        assert number == self.id & 0xFFFF and flags & 0xF == 1
        if flags & 0x20:
            assert size == 16
            raise OSError(error, "")
        return payload, fds

    def ask(self, command, payload=b"", fds=()):
        self.send(command, payload, fds)
        return self.answer()

    def write_own(self, address, data):
        for start, (size, region) in self.own.items():
            if start <= address < start + size:
                self.send(10, struct.pack("<QII", address - start, region, len(data)) + data, (), 0x10)

    def serve(self, number, command, payload):
        if self.unanswered is not None:
            self.unanswered.append((number, command, payload))
            return
        address, count = struct.unpack_from("<QQ" if self.is_wide else "<QI", payload)
        at = 16 if self.is_wide else 12
        reply, error = b"", 0
        try:
            view, start = (b"", 0) if count > self.most else self.place(address)
            if count > self.most:
                error = errno.E2BIG
            elif start + count > len(view):
                error = errno.ENODEV
            elif command == 12:
                assert len(payload) == 16 + count
                view[start : start + count] = payload[at : at + count]
                outer = self.id
                self.write_own(address, payload[at : at + count])
                self.id = outer
            else:
                reply = payload[:at] + view[start : start + count] + bytes(16 - at)
        except ValueError:
            error = errno.ENODEV
        head = struct.pack("<HHIII", number, command, 16 + len(reply), 0x21 if error else 1, error)
        self.socket.sendall(head + reply)

    def version(self):
        capabilities = {"max_msg_fds": 8} | ({"max_data_xfer_size": self.most} if self.most < 1 << 20 else {})
        data = json.dumps({"capabilities": capabilities}).encode() + b"\0"
        payload, _ = self.ask(1, struct.pack("<HH", 0, 1) + data)
        assert struct.unpack_from("<HH", payload) == (0, 0)
        return json.loads(payload[4:-1])["capabilities"]

    def read(self, region, offset, count):
        payload, _ = self.ask(9, struct.pack("<QII", offset, region, count))
        assert len(payload) == 16 + count
        return int.from_bytes(payload[16:], "little")

    def write(self, region, offset, count, value):
        self.ask(10, struct.pack("<QII", offset, region, count) + value.to_bytes(count, "little"))

    def region(self, index):
        payload, fds = self.ask(5, struct.pack("<IIIIQQ", 32, 0, index, 0, 0, 0))
        _, flags, _, _, size, _ = struct.unpack("<IIIIQQ", payload)
        text = f"flags {flags} size {size}"
        if fds:
            with mmap.mmap(fds[0], size) as view:
                text += f" mapped {len(view)}"
        return text

    def dma(self, address, size):
        fd = os.memfd_create("guest")
        os.ftruncate(fd, size)
        self.memory[address] = mmap.mmap(fd, size)
        self.ask(2, struct.pack("<IIQQQ", 32, 3, 0, address, size), [fd])
        os.close(fd)

    def place(self, address):
        for start, view in (self.memory | self.asked).items():
            if start <= address < start + len(view):
                return view, address - start
        raise ValueError(address)

    def enable(self, index, count):
        self.vectors = [os.eventfd(0, os.EFD_NONBLOCK) for _ in range(count)]
        self.ask(8, struct.pack("<IIIII", 20, 0x24, index, 0, count), self.vectors)

    def outcome(self):
        try:
            payload, _ = self.answer()
            return f"answered {payload.hex()}"
        except OSError as why:
            return "hung up" if isinstance(why, (ConnectionError, BrokenPipeError)) else f"error {why.errno}"


def run(client, word):
    name, *rest = word.split(":")
    numbers = [int(n, 0) for n in rest] if name not in ("poke", "send", "message") else []
    if name == "info":
        _, flags, regions, irqs = struct.unpack("<IIII", client.ask(4, struct.pack("<IIII", 16, 0, 0, 0))[0])
        return f"flags {flags} regions {regions} irqs {irqs}"
    if name == "region":
        return client.region(*numbers)
    if name == "irqs":
        payload, _ = client.ask(7, struct.pack("<IIII", 16, 0, numbers[0], 0))
        return f"count {struct.unpack('<IIII', payload)[3]}"
    if name == "r":
        return f"{client.read(*numbers):#x}"
    if name == "w":
        return client.write(*numbers)
    if name == "p":
        region, offset, count, value = numbers
        client.send(10, struct.pack("<QII", offset, region, count) + value.to_bytes(count, "little"), (), 0x10)
        return None
    if name == "own":
        address, size, region = numbers
        client.asked[address] = bytearray(size)
        client.own[address] = size, region
        return None
    if name == "mute":
        client.unanswered = []
        return None
    if name == "late":
        unanswered, client.unanswered = client.unanswered, None
        for question in unanswered:
            client.serve(*question)
        return None
    if name == "wide":
        client.is_wide = True
        return None
    if name == "device":
        client.asked[numbers[0]] = bytearray(numbers[1])
        return None
    if name == "unshared":
        client.asked[numbers[0]] = bytearray(numbers[1])
        client.ask(2, struct.pack("<IIQQQ", 32, 3, 0, *numbers))
        return None
    if name == "reset":
        client.ask(13)
        return None
    if name == "dma":
        return client.dma(*numbers)
    if name == "undma":
        client.ask(3, struct.pack("<IIQQ", 24, 0, *numbers))
        return None
    if name == "peek":
        view, at = client.place(numbers[0])
        return view[at : at + numbers[1]].hex()
    if name == "poke":
        view, at = client.place(int(rest[0], 0))
        data = bytes.fromhex(rest[1])
        view[at : at + len(data)] = data
        return None
    if name == "enable":
        return client.enable(*numbers)
    if name == "irq":
        if not select.select([client.vectors[numbers[0]]], [], [], PATIENCE)[0]:
            return "no interrupt"
        return f"interrupt {os.eventfd_read(client.vectors[numbers[0]])}"
    if name == "quiet":
        # what was asked before has been answered, so what it raised is here
        return "interrupt" if select.select([client.vectors[numbers[0]]], [], [], 0)[0] else "none"
    if name == "until":
        end = time.monotonic() + PATIENCE
        while client.read(*numbers[:3]) != numbers[3]:
            if time.monotonic() > end:
                return "never"
        return None
    if name == "send":
        client.socket.sendall(bytes.fromhex(rest[0]))
        return client.outcome()
    if name == "message":
        client.send(int(rest[0], 0), bytes.fromhex(rest[1]))
        return client.outcome()
    if name == "fds":
        fd = os.open("/dev/null", os.O_RDONLY)
        client.send(numbers[0], b"", [fd] * numbers[1])
        return client.outcome()
    raise ValueError(word)


def main():
    client = Client(sys.argv[1])
    words = sys.argv[2:]
    if words and words[0].startswith("most:"):
        client.most = int(words.pop(0).partition(":")[2])
    if words and words[0] == "raw":
        words = words[1:]
    else:
        client.version()
    for word in words:
        try:
            line = run(client, word)
        except ConnectionError:
            line = "hung up"
        except OSError as why:
            line = f"error {errno.errorcode.get(why.errno, why.errno)}"
        if line is not None:
            print(line)


main()
