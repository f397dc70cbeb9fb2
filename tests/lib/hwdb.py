#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a hwdb.bin of udev's, as systemd-hwdb does: a trie of patterns (systemd, src/libsystemd/sd-hwdb/hwdb-internal.h).

Usage: hwdb.py FILE PATTERN KEY VALUE [PATTERN KEY VALUE]...
"""
import struct
import sys

HEADER = struct.Struct("<8s9Q")
NODE = struct.Struct("<QB7xQ")
CHILD = struct.Struct("<B7xQ")
VALUE = struct.Struct("<QQ")


class Node:
    def __init__(self) -> None:
        self.children: dict[int, Node] = {}
        self.values: list[tuple[str, str]] = []
        self.offset = 0

    def all(self) -> list["Node"]:
        return [self] + [n for _, c in sorted(self.children.items()) for n in c.all()]


def main(path: str, rules: list[str]) -> None:
    root = Node()
    for pattern, key, value in zip(rules[::3], rules[1::3], rules[2::3]):
        node = root
        for c in pattern.encode():
            node = node.children.setdefault(c, Node())
        # a blank marks a property
        node.values.append((" " + key, value))
    end = HEADER.size
    for node in root.all():
        node.offset = end
        end += NODE.size + CHILD.size * len(node.children) + VALUE.size * len(node.values)
    strings = bytearray(b"\0")
    nodes = b""

    def string(text: str) -> int:
        strings.extend(text.encode() + b"\0")
        return end + len(strings) - len(text) - 1

    for node in root.all():
        nodes += NODE.pack(end, len(node.children), len(node.values))
        nodes += b"".join(CHILD.pack(c, n.offset) for c, n in sorted(node.children.items()))
        nodes += b"".join(VALUE.pack(string(k), string(v)) for k, v in sorted(node.values))
    with open(path, "wb") as f:
        f.write(HEADER.pack(b"KSLPHHRH", 252, end + len(strings), HEADER.size, NODE.size, CHILD.size, VALUE.size,
                            root.offset, len(nodes), len(strings)))
        f.write(nodes + strings)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
