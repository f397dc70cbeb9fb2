# SPDX-License-Identifier: GPL-2.0-or-later
"""What a program sees of dma/NAME that it maps, of an edu that is mounted at the folder MOUNT.

Usage: map_buffer.py MOUNT          the device's DMA by mappings alone, both ways; beside reads and writes; freed while mapped.
                                    Then it waits for a line on standard input, and looks once more.
       map_buffer.py MOUNT NAME     maps that, stores, and says what it reads; then as above
"""

import mmap
import os
import sys
import time

MOUNT = sys.argv[1]
SIZE = 8192
OFFSET = 0x1000
COUNT = 2048


def put(path: str, text: str) -> None:
    with open(f"{MOUNT}/{path}", "w", encoding="ascii") as file:
        file.write(text)


def get(path: str) -> int:
    with open(f"{MOUNT}/{path}", encoding="ascii") as file:
        return int(file.read(), 0)


def make(name: str) -> None:
    fd = os.open(f"{MOUNT}/dma/{name}", os.O_RDWR | os.O_CREAT)
    os.ftruncate(fd, SIZE)
    os.close(fd)


def transfer(source: str, destination: str, command: int) -> None:
    put("regs/DMA_SRC", source)
    put("regs/DMA_DST", destination)
    put("regs/DMA_COUNT", str(COUNT))
    put("regs/DMA_CMD", str(command))
    while get("regs/DMA_CMD") & 1:
        time.sleep(0.01)


def wait() -> None:
    print("waiting", flush=True)
    sys.stdin.readline()


def both_ways() -> mmap.mmap:
    make("tx")
    make("rx")
    fds = [os.open(f"{MOUNT}/dma/{name}", os.O_RDWR) for name in ("tx", "rx")]
    tx, rx = (mmap.mmap(fd, SIZE) for fd in fds)
    put("config/COMMAND.d/MASTER", "1")
    data = bytes(range(256)) * (COUNT // 256)
    tx[:COUNT] = data
    transfer("@tx", "0x40000", 1)
    print("before", rx[OFFSET : OFFSET + 4])
    transfer("0x40000", "@rx+0x1000", 3)
    print("the device's bytes", rx[OFFSET : OFFSET + COUNT] == data, os.pread(fds[1], COUNT, OFFSET) == data)
    os.pwrite(fds[1], b"written", 16)
    rx[100:106] = b"stored"
    print(rx[16:23], os.pread(fds[1], 6, 100))
    print("the second page", mmap.mmap(fds[1], 4096, offset=OFFSET)[:4])
    os.close(fds[1])
    put("config/COMMAND.d/MASTER", "0")
    return rx


def rights() -> None:
    fd = os.open(f"{MOUNT}/dma/rx", os.O_RDONLY)
    try:
        mmap.mmap(fd, SIZE)
    except PermissionError:
        print("not to be written")
    print(mmap.mmap(fd, SIZE, prot=mmap.PROT_READ)[16:23])
    os.close(fd)


def freed(rx: mmap.mmap) -> None:
    os.remove(f"{MOUNT}/dma/rx")
    rx[0:4] = b"mine"
    make("rx")
    fd = os.open(f"{MOUNT}/dma/rx", os.O_RDWR)
    print("freed", rx[0:4], rx[16:23], "a new one", mmap.mmap(fd, SIZE)[0:4])
    os.close(fd)


def main() -> None:
    if len(sys.argv) > 2:
        fd = os.open(f"{MOUNT}/dma/{sys.argv[2]}", os.O_RDWR)
        kept = mmap.mmap(fd, 4096)
        kept[16:23] = b"written"
        print(os.pread(fd, 7, 16))
        os.close(fd)
    else:
        kept = both_ways()
        rights()
        freed(kept)
    wait()
    print("still", kept[16:23])


if __name__ == "__main__":
    main()
