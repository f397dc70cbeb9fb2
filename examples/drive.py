#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers from Python, without a process for each access: python3 drive.py -d 1234:11e8"""
import json
import subprocess
import sys

tool = subprocess.Popen(["pcietool", *sys.argv[1:], "batch", "--json", "--keep-going", "-"],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def run(line):
    print(line, file=tool.stdin, flush=True)
    answer = json.loads(tool.stdout.readline())
    if "error" in answer:
        raise RuntimeError(answer["error"]["message"])
    return answer.get("result")


run("regs write 0x4=0x12345678")
print(run("regs read 0x0 0x4")["values"])
