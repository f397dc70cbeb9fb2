#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A second look with lspci at a device of this machine.

Usage: lspci_live.py PCIETOOL ADDRESS COMPARE

Takes a dump of the device with lspci and has lspci_compare.py compare what both make of it.
"""
import pathlib
import subprocess
import sys
import tempfile


def main(tool: str, address: str, compare: str) -> int:
    text = subprocess.run(["lspci", "-s", address, "-xxxx"], check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        dump = pathlib.Path(folder) / "dump"
        dump.write_text(text, encoding="utf-8")
        script = pathlib.Path(__file__).with_name("lspci_compare.py")
        return subprocess.run([sys.executable, str(script), tool, str(dump), compare], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
