#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares what 'pcietool config show' decodes with what lspci does, field by field, on one dump.
#
#   lspci_compare.py [--lspci PROGRAM]... [--random N [--seed S]] PCIETOOL DUMP COMPARE [DUMP COMPARE]...
#
# DUMP is what 'lspci -xxxx' prints. A line of COMPARE has three columns with tabs between them:
#   PATH      of a field (EXP.DEVCTL.MRRS) or of a register without fields (VENDOR_ID); "@ADDRESS PATH": of that
#             device of the dump, else of each
#   PATTERN   a regular expression whose group finds the value in lspci's text of the device, in which white space
#             is one space each; that of 'lspci -vvv' comes first, that of 'lspci -nvvv' (numbers) behind it.
#             It must match; a group that takes no part in the match stands for 0, or for no name.
#   RELATION  flag          + and - are 1 and 0
#             dec, hex      the number is the value; dec/4, dec*1000, hex*16, dec-1: divided by 4, times 1000, less one;
#                           hex*16+15: more, added to that
#             name          the text is the name of the value
#             unsaid        lspci does not say it, where PATTERN (without a group) matches
#             =VALUE        not from lspci, PATTERN is empty: the value is that hex number
#             Behind dec, hex, name and a colon: A=B,C=D, lspci's text A is B; B|C: either; nothing: no name.
#             (A comma with a space behind it belongs to the text.)
# A line whose first column is "|" is the line before in the words of another version of lspci: of these lines the
# first counts whose pattern matches.
# '#' starts a comment. "!keep PATH" is for --random.
#
# With --lspci, once or more often, these programs are asked instead of the machine's lspci.
#
# With --random the bits of the fields get random values, but not those with =VALUE and not those that !keep names,
# on which it depends what lspci shows; N variants of the dump are compared.
#
# Prints what differs, of several dumps behind the dump's name (one process for many: to start it takes ten times what
# a comparison does); the last line is "N fields compared, M differ". Exit status: 0 none differs, 1 some do,
# 2 COMPARE is not well-formed.
import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from typing import Optional

ADDRESS = re.compile(r"(?:([0-9a-f]{4,5}):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-7])(?: |$)", re.I)
BYTES = re.compile(r"([0-9a-f]{2,8}): ((?:[0-9a-f]{2} ?)+)$", re.I)
UNSAID = "unsaid"
RELATION = re.compile(r"(flag|hex|name|dec)(?:(?<=dec|hex)([/*-])(\d+)(?:\+(\d+))?)?(?::(.*))?$")


@dataclass
class Device:
    domain: int
    slot: str  # "01:00.0"
    title: str
    data: bytearray

    @property
    def address(self) -> str:
        return f"{self.domain:04x}:{self.slot}"

    def text(self) -> str:
        rows = (self.data[i:i + 16] for i in range(0, len(self.data), 16))
        lines = (f"{16 * i:02x}: {row.hex(' ')}" for i, row in enumerate(rows))
        return "\n".join([f"{self.address} {self.title}", *lines, ""])


@dataclass(frozen=True)
class Words:
    pattern: re.Pattern
    relation: str


@dataclass(frozen=True)
class Row:
    line: int
    address: Optional[str]
    path: str
    expected: Optional[int]  # then lspci is not asked
    words: tuple[Words, ...]  # a version of lspci each


@dataclass(frozen=True)
class Value:
    raw: Optional[int]  # None: it could not be read
    name: str  # "": it has none
    lsb: int  # counted from the first bit of config space
    bits: int


class Malformed(Exception):
    pass


def full_address(text: str) -> str:
    match = ADDRESS.match(text.lower())
    if not match:
        raise Malformed(f"'{text}' is not an address")
    return f"{int(match[1] or '0', 16):04x}:{match[2]}"


def read_dump(path: str) -> list[Device]:
    devices: list[Device] = []
    for line in open(path, encoding="ascii"):
        line = line.rstrip()
        if match := ADDRESS.match(line):
            title = line[match.end():]
            devices.append(Device(int(match[1] or "0", 16), match[2].lower(), title, bytearray()))
        elif match := BYTES.match(line):
            data, at = devices[-1].data, int(match[1], 16)
            data[at:] = bytes.fromhex(match[2])
    return devices


def read_words(pattern: str, relation: str) -> Words:
    if relation != UNSAID and not RELATION.match(relation):
        raise Malformed(f"'{relation}' is not a relation")
    compiled = re.compile(pattern)
    if compiled.groups != (0 if relation == UNSAID else 1):
        raise Malformed(f"'{pattern}' must have {'no' if relation == UNSAID else 'one'} group")
    return Words(compiled, relation)


def read_row(number: int, line: str, rows: list[Row]) -> None:
    """Adds what LINE says to ROWS."""
    columns = line.split("\t")
    if len(columns) != 3:
        raise Malformed("a line has three columns with tabs between them")
    path, pattern, relation = columns
    if path == "|":
        if not rows or not rows[-1].words:
            raise Malformed("there is no line before whose words these could be")
        rows[-1] = replace(rows[-1], words=(*rows[-1].words, read_words(pattern, relation)))
        return
    address = None
    if path.startswith("@"):
        address, _, path = path[1:].partition(" ")
        address = full_address(address)
    if relation.startswith("="):
        if pattern:
            raise Malformed("=VALUE goes without a pattern")
        rows.append(Row(number, address, path, int(relation[1:], 16), ()))
    else:
        rows.append(Row(number, address, path, None, (read_words(pattern, relation),)))


def read_compare(path: str) -> tuple[list[Row], set[str]]:
    rows: list[Row] = []
    keep: set[str] = set()
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line.startswith("!keep "):
            keep.add(line.split()[1])
        elif line.strip() and not line.startswith("#"):
            try:
                read_row(number, line, rows)
            except (Malformed, ValueError, re.error) as error:
                raise Malformed(f"{path}:{number}: {error}") from error
    return rows, keep


def lspci_texts(lspci: str, dump: str) -> dict[str, str]:
    """What lspci says of each device, in one line."""
    texts: dict[str, str] = {}
    for option in "-vvv", "-nvvv":
        output = subprocess.run([lspci, "-D", option, "-F", dump], check=True, text=True, errors="replace",
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        for block in re.split(r"\n(?=\S)", output):
            if block.strip():
                address = full_address(block)
                texts[address] = texts.get(address, "") + " ".join(block.split()) + " "
    return texts


def decode(tool: str, dump: str, address: str) -> dict[str, Value]:
    """What pcietool says of a device: its fields, and registers without them, by their paths."""
    command = [tool, "--from-dump", dump, "-s", address, "config", "show", "-j"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    values: dict[str, Value] = {}

    def add(path: str, value: Optional[str], name: Optional[str], lsb: int, bits: int) -> None:
        if path in values:
            raise Malformed(f"{address}: there are two of {path}")
        values[path] = Value(None if value is None else int(value, 16), name or "", lsb, bits)

    for block in json.loads(output)["blocks"]:
        for register in block["registers"] or []:
            lsb = 8 * int(register["offset"], 16)
            fields = register.get("fields") or []
            for field in fields:
                add(f"{register['name']}.{field['name']}", field["value"], field.get("enum"), lsb + field["lsb"],
                    field["bits"])
            if not fields:
                add(register["name"], register["value"], register.get("enum"), lsb, register["width"])
    return values


def number_in(text: str, kind: str, operator: Optional[str], operand: Optional[str],
              added: Optional[str]) -> Optional[float]:
    """The number that lspci's TEXT stands for, None if it is none."""
    try:
        number = int(text or "0", 16) if kind == "hex" else float(text or "0")
    except ValueError:
        return None
    if operator == "*":
        return round(number * int(operand)) + int(added or 0)
    if operator == "/":
        return number / int(operand)
    return number - int(operand) if operator and text else number


def is_said(relation: str, text: str, value: Value) -> bool:
    """Does lspci's TEXT say that it is VALUE?"""
    kind, operator, operand, added, names = RELATION.match(relation).groups()
    meanings = dict(pair.rsplit("=", 1) for pair in re.split(r",(?! )", names or "") if pair)
    for meant in meanings.get(text, text).split("|"):
        if kind == "name":
            said = meant == value.name
        elif kind == "flag":
            said = meant in ("+", "-", "") and (meant == "+") == (value.raw == 1)
        else:
            said = number_in(meant, kind, operator, operand, added) == value.raw
        if said:
            return True
    return False


def difference(row: Row, text: str, values: dict[str, Value]) -> Optional[str]:
    """How lspci's text and our value differ, None if they do not."""
    value = values.get(row.path)
    if value is None:
        return "pcietool does not show it"
    if value.raw is None:
        return "pcietool could not read it"
    ours = f"pcietool has {value.raw:#x}" + (f" ({value.name})" if value.name else "")
    if row.expected is not None:
        return None if value.raw == row.expected else f"expected {row.expected:x}, {ours}"
    for words in row.words:
        if match := words.pattern.search(text):
            if words.relation == UNSAID or is_said(words.relation, match[1] or "", value):
                return None
            return f"lspci has '{match[1] or ''}' ({words.relation}), {ours}"
    said = "' or '".join(words.pattern.pattern for words in row.words)
    return f"lspci does not say '{said}', {ours}"


def compare(tool: str, lspcis: list[str], dump: str, rows: list[Row]) -> tuple[int, int]:
    """Prints what differs; returns how many fields were compared and how many differ."""
    compared = differ = 0
    all_texts = {lspci: lspci_texts(lspci, dump) for lspci in lspcis}
    for device in read_dump(dump):
        values = decode(tool, dump, device.address)
        for lspci, texts in all_texts.items():
            for row in rows:
                if row.address in (None, device.address):
                    compared += 1
                    if problem := difference(row, texts.get(device.address, ""), values):
                        differ += 1
                        print(f"{lspci}: {device.address} {row.path} (line {row.line}): {problem}")
    return compared, differ


def bits_to_change(address: str, rows: list[Row], keep: set[str], values: dict[str, Value]) -> int:
    """The bits of config space, as one number, of the fields that are to have random values."""
    changed = kept = 0
    for row in rows:
        value = values.get(row.path)
        if value is None or row.address not in (None, address):
            continue
        mask = (1 << value.bits) - 1 << value.lsb
        if row.expected is not None:
            kept |= mask
        else:
            changed |= mask
    for path in keep & values.keys():
        kept |= (1 << values[path].bits) - 1 << values[path].lsb
    return changed & ~kept


def variants(device: Device, mask: int, count: int, chance: random.Random) -> list[Device]:
    """COUNT copies of DEVICE in domains of their own, with random bits where MASK has them."""
    copies = []
    size = len(device.data)
    for i in range(count):
        bits = int.from_bytes(device.data, "little") & ~mask | chance.getrandbits(8 * size) & mask
        copies.append(Device(device.domain + i, device.slot, device.title, bytearray(bits.to_bytes(size, "little"))))
    return copies


def with_random_values(tool: str, dump: str, rows: list[Row], keep: set[str], count: int,
                       seed: int) -> tuple[str, list[Row]]:
    """A dump of COUNT variants of each device in DUMP, and the rows for it."""
    chance = random.Random(seed)
    devices = read_dump(dump)
    if any(device.domain for device in devices):
        raise Malformed(f"{dump}: the domains are for the variants")
    text = ""
    addressed: list[Row] = []
    for device in devices:
        mask = bits_to_change(device.address, rows, keep, decode(tool, dump, device.address))
        for copy in variants(device, mask, count, chance):
            text += copy.text() + "\n"
            addressed += [replace(row, address=copy.address)
                          for row in rows if row.address in (None, device.address)]
    return text, addressed


def compare_dump(args: argparse.Namespace, dump: str, comparison: str) -> tuple[int, int]:
    rows, keep = read_compare(comparison)
    lspcis = args.lspci or ["lspci"]
    if not args.random:
        return compare(args.tool, lspcis, dump, rows)
    text, rows = with_random_values(args.tool, dump, rows, keep, args.random, args.seed)
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".hex") as file:
        file.write(text)
        file.flush()
        return compare(args.tool, lspcis, file.name, rows)


def main() -> int:
    parser = argparse.ArgumentParser(description="compares pcietool's decoding of config space with lspci's")
    parser.add_argument("--random", type=int, metavar="N", default=0, help="compare N variants of the dump")
    parser.add_argument("--seed", type=int, metavar="S", default=0)
    parser.add_argument("--lspci", action="append", metavar="PROGRAM", help="instead of the machine's own")
    parser.add_argument("tool", metavar="PCIETOOL")
    parser.add_argument("files", nargs="+", metavar="DUMP COMPARE")
    args = parser.parse_args()
    if len(args.files) % 2:
        parser.error("each DUMP has a COMPARE")
    compared = differ = 0
    try:
        for dump, comparison in zip(args.files[::2], args.files[1::2]):
            if len(args.files) > 2:
                print(f"{dump}:")
            fields, wrong = compare_dump(args, dump, comparison)
            if not fields:
                raise Malformed(f"{comparison}: nothing is compared")
            compared += fields
            differ += wrong
    except Malformed as error:
        print(f"lspci_compare.py: {error}", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"lspci_compare.py: {error}", file=sys.stderr)
        return 1
    print(f"{compared} fields compared, {differ} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
