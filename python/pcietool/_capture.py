# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures: to a file, or block by block to whoever iterates."""
from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from typing import TYPE_CHECKING, Any, Callable, Iterator, NamedTuple, Optional

from ._errors import Uncopied, UsageError, encoded, new_error, raise_error, text
from ._interrupts import NS
from ._native import ffi, lib

if TYPE_CHECKING:
    from ._device import Device

# s; how long a capture that nobody takes blocks from may go on after the program's main thread
_SLICE = 0.2

_new_uncleared = ffi.new_allocator(should_clear_after_alloc=False)


class Capture(NamedTuple):
    """How it ended; lost is None where that cannot be known, for a reason."""

    bytes: int
    blocks: int
    lost: Optional[int]
    lost_reason: Optional[str]


class Block(Uncopied):
    """That was saved: number as the device counted it, offset and length in the file, seconds since the start.

    Its bytes are in DMA memory, and are copied when they are asked for: before the next block is, or on_block returns, as
    the device gets that memory back then.
    """

    __slots__ = ("number", "offset", "length", "time", "_device", "_native", "_data")

    def __init__(self, device: Device, native: Any) -> None:
        self.number: int = lib.pcietool_block_number(native)
        self.offset: int = lib.pcietool_block_offset(native)
        self.length: int = lib.pcietool_block_length(native)
        self.time: float = lib.pcietool_block_time(native) / NS
        self._device = device
        self._native = native
        self._data: Optional[bytes] = None

    @property
    def data(self) -> bytes:
        """A copy, made when it is asked for the first time."""
        if self._data is None:
            memory = _new_uncleared("char[]", self.length)
            self._copy(memory)
            self._data = ffi.buffer(memory, self.length)[:]
        return self._data

    def read_into(self, buffer: Any) -> int:
        """Into all that has a writable buffer, such as an array of numpy's; how many bytes."""
        view = memoryview(buffer).cast("B")
        if view.nbytes < self.length:
            raise UsageError(f"a block of {self.length} bytes does not fit in {view.nbytes}", "too-small")
        self._copy(ffi.from_buffer(view, require_writable=True))
        return self.length

    def _copy(self, to: Any) -> None:
        self._device._turns.run(self._copy_now, to)

    def _copy_now(self, to: Any) -> None:
        error = new_error()
        if self._native is None:
            raise UsageError(f"block {self.number} was given back to the device: its data was to be copied in its turn", "given-back")
        if lib.pcietool_block_copy(self._native, to, error) < 0:
            raise_error(error)

    def __repr__(self) -> str:
        return f"<pcietool.Block {self.number}, {self.length} bytes>"


class Run:
    """A capture as C runs it. TELL is called with each block; True ends it."""

    def __init__(self, device: Device, recipe: Optional[str], play: bool, options: dict[str, Any]) -> None:
        self._device = device
        self._error = new_error()
        self.tell: Callable[[Block], Optional[bool]] = lambda block: None
        self.exception: Optional[BaseException] = None
        made = ffi.new("struct pcietool_capture **")
        self._check(lib.pcietool_capture_new(device._open_handle(), play, made, self._error))
        self._native = device._keep(made[0], lib.pcietool_capture_free)
        if recipe is not None:
            self._check(lib.pcietool_capture_recipe(self._native, encoded(os.fspath(recipe)), self._error))
        for name, value in options.items():
            for one in value if isinstance(value, (list, tuple)) else [value]:
                shown = ffi.NULL if one is True else encoded(str(one))
                self._check(lib.pcietool_capture_set(self._native, encoded(name.replace("_", "-")), shown, self._error))

    def _check(self, rc: int) -> None:
        if rc < 0:
            raise_error(self._error)

    def run(self, wants_blocks: bool) -> None:
        """To its end, with the device's lock."""
        handle = ffi.new_handle(self)
        saved = lib.pcietool_python_saved if wants_blocks else ffi.NULL
        rc = lib.pcietool_capture_run(self._native, saved, handle, self._error)
        if self.exception is not None:
            raise self.exception
        self._device._calls.end()
        self._check(rc)

    def result(self) -> Capture:
        lost = ffi.new("uint64_t *")
        reason = lib.pcietool_capture_lost(self._native, lost)
        return Capture(
            lib.pcietool_capture_bytes(self._native),
            lib.pcietool_capture_blocks(self._native),
            lost[0] if reason == ffi.NULL else None,
            None if reason == ffi.NULL else text(reason),
        )

    def told(self, native: Any) -> bool:
        block = Block(self._device, native)
        try:
            return bool(self.tell(block))
        finally:
            block._native = None


@ffi.def_extern()
def pcietool_python_saved(data: Any, block: Any) -> int:
    run = ffi.from_handle(data)
    try:
        return int(run.told(block))
    except BaseException as exception:  # pylint: disable=broad-except # it is raised again where it can be
        run.exception = exception
        return 1


class Stream:
    """A capture on a thread of its own that has a turn with whoever takes its blocks: one of the two runs at a time.

    What the two share is C's queues and locks, which an exception of a signal's handler leaves whole.
    """

    def __init__(self, device: Device, recipe: Optional[str], options: dict[str, Any]) -> None:
        self._device = device
        self._arguments = recipe, options
        # to the one that takes them, None after the last; and what it has done with
        self._blocks: queue.SimpleQueue[Optional[Block]] = queue.SimpleQueue()
        self._back: queue.SimpleQueue[Optional[Block]] = queue.SimpleQueue()
        # of whoever waits for a block, and the block that was taken last
        self._taking = threading.Lock()
        self._taken: Optional[Block] = None
        self.is_tried = False
        self._is_begun = False
        self.is_ended = False
        self.result: Optional[Capture] = None
        self.exception: Optional[BaseException] = None
        self.thread = threading.Thread(target=self._serve, name="pcietool capture")

    def begin(self) -> None:
        """With the device's lock, which the thread waits for."""
        handled = sys.exc_info()[1]
        try:
            self.thread.start()
        except RuntimeError as error:
            # what a signal's handler raised in start()'s own wait, which then releases a lock that it has not (CPython 3.11)
            if error.__context__ is None or error.__context__ is handled:
                raise
            raise error.__context__ from None
        # where a signal's handler raises in start(), nobody knows whether there is a thread: it does nothing then
        self._is_begun = True

    def forget(self) -> None:
        """In a child of fork(), which has no such thread."""
        self._is_begun = False

    def _serve(self) -> None:
        try:
            self._device._turns.run(self._capture)
        except BaseException as exception:  # pylint: disable=broad-except # the other thread raises it
            self.exception = exception
        finally:
            self._blocks.put(None)

    def _capture(self) -> None:
        device = self._device
        # the one that began it had the lock until now
        if not self._is_begun:
            return
        device._open_handle()
        try:
            run = Run(device, self._arguments[0], False, self._arguments[1])
            run.tell = self._tell
            try:
                run.run(True)
            finally:
                self.result = run.result()
        finally:
            device._calls.end()

    def is_wanted(self) -> bool:
        """Does anybody take blocks any more? A program that ends does not wait for a thread that waits for it."""
        return not self.is_ended and threading.main_thread().is_alive()

    def is_over_here(self) -> bool:
        """For C, which asks it of whatever waits."""
        return threading.get_ident() == self.thread.ident and not self.is_wanted()

    def _tell(self, block: Block) -> bool:
        # the other one may use the device meanwhile
        self._device._turns.pause(lambda: self._wait_for(block))
        return not self.is_wanted()

    def _wait_for(self, block: Block) -> None:
        self._blocks.put(block)
        while self.is_wanted():
            with contextlib.suppress(queue.Empty):
                if self._back.get(timeout=_SLICE) is block:
                    return

    def next(self) -> Optional[Block]:
        """None: there is none any more. Of several threads each has other blocks, and gives the last one's back."""
        with self._taking:
            if self._taken is not None:
                self._back.put(self._taken)
            block = self._taken = self._blocks.get()
            if block is None:
                # for the others
                self._blocks.put(None)
            return block

    def end(self) -> None:
        """The device is stopped then."""
        self.is_ended = True
        self._back.put(None)
        # one that the thread waits for cannot wait for it: it ends behind this one's back
        if self._is_begun and threading.current_thread() is not self.thread and not self._device._turns.is_mine():
            self.thread.join()


class Blocks(Uncopied, Iterator[Block]):
    """The blocks of a capture, which begins with the first that is asked for.

    What ends the loop ends the capture, and stops the device: its last block, break, an exception, Ctrl-C. Whoever keeps
    the iterator says so: with dev.blocks(...) as blocks, or blocks.close(). While a block is looked at, the ring is what
    the device has: whoever looks too long loses blocks. While one is waited for, the capture has the device: other threads'
    accesses to it wait until the block comes, or the capture ends, however long that is.
    """

    def __init__(self, device: Device, recipe: Optional[str], options: dict[str, Any]) -> None:
        self._device = device
        self._stream = Stream(device, recipe, options)
        self._is_over = False
        self._is_ended = False

    @property
    def result(self) -> Optional[Capture]:
        """How it ended; None: it has not."""
        return self._stream.result

    def __next__(self) -> Block:
        if self._is_over:
            raise StopIteration
        stream = self._stream
        try:
            if self._device._turns.is_mine():
                raise UsageError("a callback that C waits for cannot wait for blocks", "busy")
            self._device._open_handle()
            if not stream.is_tried:
                stream.is_tried = True
                self._device._begin_stream(stream)
            block = stream.next()
        except BaseException:
            # also Ctrl-C: a traceback that somebody keeps, as a notebook does, keeps this one
            self._end()
            raise
        if block is not None:
            return block
        self._end()
        if stream.exception is not None:
            raise stream.exception
        raise StopIteration

    def _end(self) -> None:
        if self._is_ended:
            return
        self._is_over = True
        self._stream.end()
        self._device._end_stream(self._stream)
        # one that a signal's handler interrupted is done again
        self._is_ended = True

    def close(self) -> None:
        """Ends it; raises what went wrong with it, such as blocks that were lost."""
        was_over = self._is_over
        self._end()
        if not was_over and self._stream.exception is not None:
            raise self._stream.exception

    def __enter__(self) -> Blocks:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], *exception: object) -> None:
        # what went wrong before is what is to be told
        if kind is None:
            self.close()
        else:
            self._end()

    def __del__(self) -> None:
        if hasattr(self, "_is_ended"):
            self._end()
