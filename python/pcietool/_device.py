# SPDX-License-Identifier: GPL-2.0-or-later
"""A device, its DMA memory, its interrupts, captures; and what all devices are asked."""
from __future__ import annotations

import contextlib
import os
import weakref
from typing import Any, Callable, Iterator, NamedTuple, Optional

from ._capture import Block, Blocks, Capture, Run, Stream
from ._errors import Error, Uncopied, UsageError, encoded, new_error, raise_error, text
from ._interrupts import Interrupts, nanoseconds
from ._native import ffi, lib
from ._registers import Bar, Config, Registers, map_names
from ._turns import Turns

# those that are open, for a child of fork()
_DEVICES: weakref.WeakSet[Device] = weakref.WeakSet()


def _forked() -> None:
    for device in _DEVICES:
        device._is_usable = False
        device._turns.end()
        device._turns.renew()
        stream = device._calls.stream
        if stream is not None:
            stream.forget()


os.register_at_fork(after_in_child=_forked)


def version() -> str:
    """Of the library that runs."""
    return text(lib.pcietool_version())


class _Context:
    """How devices are reached. The C object lives as long as one of those that were made with it."""

    calls: Any = None

    def __init__(self, options: dict[str, Any]) -> None:
        self.error = new_error()
        native = lib.pcietool_context_new()
        if native == ffi.NULL:
            raise MemoryError
        self.native = ffi.gc(native, lib.pcietool_context_free)
        for name, value in options.items():
            if value is None:
                continue
            shown = str(int(value)) if isinstance(value, bool) else hex(value) if isinstance(value, int) else os.fsdecode(value)
            if "\0" in shown:
                raise UsageError(f"{name}: {shown!r} has a NUL character", "bad-operand")
            if lib.pcietool_context_set(self.native, name.encode(), os.fsencode(shown), self.error) < 0:
                raise_error(self.error)


@ffi.def_extern()
def pcietool_python_found(data: Any, address: Any) -> int:
    ffi.from_handle(data).append(text(address))
    return 0


def _collect(function: Any, callback: Any, selector: Optional[str], sysroot: Optional[str]) -> list[Any]:
    """What FUNCTION tells CALLBACK, which appends it to its data."""
    context = _Context({"sysroot": sysroot})
    found: list[Any] = []
    handle = ffi.new_handle(found)
    text_of = ffi.NULL if selector is None else encoded(selector)
    if function(context.native, text_of, callback, handle, context.error) < 0:
        raise_error(context.error)
    return found


def find(selector: Optional[str] = None, *, sysroot: Optional[str] = None) -> list[str]:
    """The addresses of all devices that SELECTOR means, "1234:", "01:00.0", "nvme0"; None: of all."""
    return _collect(lib.pcietool_find, lib.pcietool_python_found, selector, sysroot)


class Finding(NamedTuple):
    severity: str
    address: str
    rule: str
    message: str


@ffi.def_extern()
def pcietool_python_finding(data: Any, finding: Any) -> int:
    ffi.from_handle(data).append(
        Finding(
            text(lib.pcietool_finding_severity(finding)),
            text(lib.pcietool_finding_address(finding)),
            text(lib.pcietool_finding_rule(finding)),
            text(lib.pcietool_finding_message(finding)),
        )
    )
    return 0


class _Calls:
    """What C calls while it works for a device. An exception there ends that, and is raised when C has returned."""

    def __init__(self, log: Optional[Callable[[int, str], None]]) -> None:
        self.log = log
        self.exception: Optional[BaseException] = None
        self.stream: Optional[Stream] = None

    def keep(self, exception: BaseException) -> None:
        """The first of them; that of a handler of signals, which Python runs in the midst of one."""
        if self.exception is None:
            self.exception = exception

    def end(self) -> None:
        exception, self.exception = self.exception, None
        if exception is not None:
            raise exception


def _keep_exception(exception: Any, value: Any, traceback: Any) -> bool:
    # the frame's own "data" is the handle that C gave
    ffi.from_handle(traceback.tb_frame.f_locals["data"]).keep(value)
    return True


@ffi.def_extern(error=True, onerror=_keep_exception)
def pcietool_python_stopped(data: Any) -> bool:
    calls = ffi.from_handle(data)
    stream = calls.stream
    return calls.exception is not None or (stream is not None and stream.is_over_here())


@ffi.def_extern(onerror=_keep_exception)
def pcietool_python_log(data: Any, level: int, message: Any) -> None:
    ffi.from_handle(data).log(level, text(message))


def check(selector: Optional[str] = None, *, sysroot: Optional[str] = None) -> list[Finding]:
    """What is wrong with the devices that SELECTOR means, as 'pcietool check' finds it."""
    return _collect(lib.pcietool_check, lib.pcietool_python_finding, selector, sysroot)


class Link(NamedTuple):
    """GT/s a lane, and lanes: now, and what both ends can (0: not known). With a reason nothing is known."""

    speed: float
    width: int
    expected_speed: float
    expected_width: int
    reason: Optional[str]


class Buffer(Uncopied):
    """DMA memory. What looks at it, a memoryview or an array, keeps it mapped beyond close() and free().

    As a context it is freed at the end where dma() made it, and closed where open_dma() found it."""

    def __init__(self, device: Device, native: Any, is_made: bool) -> None:
        self._device = device
        self._is_made = is_made
        self._native = native
        self.size: int = lib.pcietool_buffer_size(native)
        self.address: int = lib.pcietool_buffer_address(native)
        # the views keep the pointer, which keeps the buffer
        pointer = ffi.gc(ffi.cast("char *", lib.pcietool_buffer_map(native)), lambda _, native=native: None)
        self._view: Optional[memoryview] = memoryview(ffi.buffer(pointer, self.size)).cast("B")

    @property
    def memory(self) -> memoryview:
        """For numpy.frombuffer(): no copy."""
        if self._view is None:
            raise UsageError("the buffer is closed", "closed")
        return self._view

    def __buffer__(self, flags: int) -> memoryview:
        return self.memory

    def __len__(self) -> int:
        return self.size

    def sync_for_cpu(self, offset: int = 0, length: Optional[int] = None) -> None:
        """Before what the device wrote is read."""
        self._sync(lib.pcietool_buffer_sync_for_cpu, offset, length)

    def sync_for_device(self, offset: int = 0, length: Optional[int] = None) -> None:
        """Before the device reads what was written."""
        self._sync(lib.pcietool_buffer_sync_for_device, offset, length)

    def _sync(self, sync: Any, offset: int, length: Optional[int]) -> None:
        device = self._device
        if self._view is None:
            raise UsageError("the buffer is closed", "closed")
        device._call_on(self._native, sync, offset, self.size - offset if length is None else length)

    def free(self) -> None:
        """Gives the memory back, and closes; fails while the device is bus master."""
        device = self._device
        if self._view is None:
            raise UsageError("the buffer is closed", "closed")
        device._call_on(self._native, lib.pcietool_buffer_free)
        self.close()

    def close(self) -> None:
        """Memory with a name stays the device's."""
        self._view = None
        self._native = None

    def __enter__(self) -> Buffer:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], *exception: object) -> None:
        if self._view is None:
            return
        try:
            if self._is_made:
                self.free()
        except Error:
            # what went wrong before is what is to be told
            if kind is None:
                raise
        finally:
            self.close()


def _is_capturing(device: Device) -> UsageError:
    return UsageError(f"{device.address} captures already, for a loop over its blocks", "busy")


class Device(Uncopied):
    """The only device that SELECTOR means: "01:00.0", "1234:11e8", "nvme0". Opening it changes nothing in it.

    Options are those of pcietool(8): map, base, via, session, sysroot, force, unsafe, wide; open_vfio lets this process
    open VFIO, which resets the device. Calls from several threads take turns. A child after fork() opens its own.

    What log(level, message) raises is raised by the call that it was told of, when that has returned from C: what it did is
    done, what it made is closed. Of what is closed as nobody has it any more, it is raised by the next call.
    """

    def __init__(
        self,
        selector: str,
        *,
        map: Optional[str] = None,  # pylint: disable=redefined-builtin
        base: Optional[int] = None,
        via: Optional[str] = None,
        session: Optional[str] = None,
        sysroot: Optional[str] = None,
        force: bool = False,
        unsafe: bool = False,
        wide: bool = False,
        open_vfio: bool = False,
        log: Optional[Callable[[int, str], None]] = None,
    ) -> None:
        self._handle: Any = None
        self._is_usable = False
        self.address: str = selector
        self.regs = Registers(self)
        self.irq = Interrupts(self)
        self._turns = Turns()
        self._calls = _Calls(log)
        if session is None:
            session = os.environ.get("PCIETOOL_SESSION") or None
        self._context = _Context(
            {
                "sysroot": sysroot,
                "session": session,
                "map": map,
                "base": base,
                "via": via,
                "force": force,
                "unsafe": unsafe,
                "wide": wide,
                "open-vfio": open_vfio,
            }
        )
        self._error = self._context.error
        self._errors: list[Any] = []
        # the context has it as long as the device
        self._context.calls = calls = ffi.new_handle(self._calls)
        if log is not None:
            lib.pcietool_context_set_log(self._context.native, lib.pcietool_python_log, calls)
        lib.pcietool_context_set_stopped(self._context.native, lib.pcietool_python_stopped, calls)
        opened = ffi.new("struct pcietool_device **")
        self._check(lib.pcietool_device_open(self._context.native, encoded(selector), opened, self._error))
        self._handle = self._turns.owned(opened[0], lib.pcietool_device_close, self._context)
        self._calls.end()
        self._is_usable = True
        _DEVICES.add(self)
        self.address = text(lib.pcietool_device_address(self._handle))
        self._map: Any = None
        self._numbers: Optional[dict[str, int]] = None
        # of session()
        self._made: Optional[list[Buffer]] = None
        self.config = Config(self)

    # --- what the rest of the package needs

    def _call(self, function: Any, *arguments: Any) -> None:
        """FUNCTION of C's with the device, ARGUMENTS, and an error."""
        self._turns.run(self._call_now, None, function, arguments)

    def _call_on(self, native: Any, function: Any, *arguments: Any) -> None:
        """The same with something of the device's."""
        self._turns.run(self._call_now, native, function, arguments)

    def _call_now(self, native: Any, function: Any, arguments: tuple[Any, ...]) -> None:
        handle = self._open_handle()
        # not that of a call which this one's, in a handler of signals or a callback, is in the midst of
        try:
            error = self._errors.pop()
        except IndexError:
            error = new_error()
        try:
            rc = function(handle if native is None else native, *arguments, error)
        finally:
            self._calls.end()
        if rc < 0:
            raise_error(error)
        self._errors.append(error)

    def _make(self, made: Any, close: Callable[[Any], None], function: Any, *arguments: Any) -> Any:
        """What FUNCTION puts into MADE, to be closed by CLOSE: at once where a log function raises although it was made."""
        try:
            self._call(function, *arguments, made)
        except BaseException:
            if made[0] != ffi.NULL:
                self._keep(made[0], close)
            raise
        return self._keep(made[0], close)

    def _open_handle(self) -> Any:
        if self._handle is None:
            raise UsageError(f"{self.address} is closed", "closed")
        if not self._is_usable:
            raise UsageError(f"{self.address} was opened by the parent process", "forked")
        return self._handle

    def _check(self, rc: int) -> None:
        if rc < 0:
            raise_error(self._error)

    def _keep(self, native: Any, close: Callable[[Any], None]) -> Any:
        return self._turns.owned(native, close, self._handle)

    def _names(self) -> dict[str, int]:
        if self._numbers is None:
            self._map, self._numbers = self._turns.run(self._map_names)
        return self._numbers

    def _map_names(self) -> tuple[Any, dict[str, int]]:
        try:
            return map_names(self._open_handle())
        finally:
            self._calls.end()

    def _fields(self, name: str) -> list[tuple[str, int, int]]:
        number = self._names().get(name)
        if number is None:
            return []
        m = self._map
        return [
            (
                text(lib.pcietool_map_field_name(m, number, i)),
                lib.pcietool_map_field_lsb(m, number, i),
                lib.pcietool_map_field_bits(m, number, i),
            )
            for i in range(lib.pcietool_map_fields(m, number))
            if lib.pcietool_map_field_is_readable(m, number, i)
        ]

    def _write(self, assign: str) -> None:
        self._call(lib.pcietool_regs_write, encoded(assign))

    # --- a device

    @property
    def ids(self) -> tuple[int, int, int]:
        """Vendor, device, and class code of 24 bits."""
        vendor = ffi.new("uint16_t *")
        device = ffi.new("uint16_t *")
        code = ffi.new("uint32_t *")
        self._call(lib.pcietool_device_ids, vendor, device, code)
        return vendor[0], device[0], code[0]

    def check(self) -> None:
        """GoneError where it does not answer."""
        self._call(lib.pcietool_device_check)

    @property
    def link(self) -> Link:
        found = ffi.new("struct pcietool_link **")
        self._call(lib.pcietool_link_read, found)
        link = ffi.gc(found[0], lib.pcietool_link_free)
        reason = lib.pcietool_link_reason(link)
        return Link(
            lib.pcietool_link_speed(link),
            lib.pcietool_link_width(link),
            lib.pcietool_link_expected_speed(link),
            lib.pcietool_link_expected_width(link),
            None if reason == ffi.NULL else text(reason),
        )

    def bar(self, number: int) -> Bar:
        if number not in range(6):
            raise UsageError(f"there is no BAR {number}: BARs are 0 to 5", "bad-bar")
        return Bar(self, number)

    def wait(self, condition: str, timeout: Optional[float] = 1.0, interval: float = 0.001) -> int:
        """Reads until CONDITION, "STATUS.BUSY==0", holds; the last value."""
        value = ffi.new("uint64_t *")
        self._call(lib.pcietool_regs_wait, encoded(condition), nanoseconds(timeout), nanoseconds(interval), value)
        return value[0]

    def dma(self, name: Optional[str], size: int) -> Buffer:
        """SIZE bytes for the device; NAME None: as long as it is open."""
        made = ffi.new("struct pcietool_buffer **")
        word = ffi.NULL if name is None else encoded(name)
        native = self._make(made, lib.pcietool_buffer_close, lib.pcietool_buffer_alloc, word, size)
        buffer = Buffer(self, native, True)
        if self._made is not None:
            self._made.append(buffer)
        return buffer

    def open_dma(self, name: str) -> Buffer:
        """One that is there. It stays: free() gives it back."""
        found = ffi.new("struct pcietool_buffer **")
        native = self._make(found, lib.pcietool_buffer_close, lib.pcietool_buffer_open, encoded(name))
        return Buffer(self, native, False)

    @contextlib.contextmanager
    def session(self) -> Iterator[Device]:
        """For memory and interrupts: VFIO is opened where the device is bound to that, which resets it.

        At the end bus mastering and interrupts are off, and the memory that was made meanwhile is freed.
        """
        if self._made is not None:
            raise UsageError(f"{self.address} is in a session", "busy")
        self._call_on(self._context.native, lib.pcietool_context_set, b"open-vfio", b"1")
        self._made = []
        try:
            yield self
        except BaseException:
            # what went wrong is what is to be told
            with contextlib.suppress(Error):
                self._end_session()
            raise
        else:
            self._end_session()

    def _end_session(self) -> None:
        made, self._made = self._made or [], None
        # one that was closed meanwhile has nothing left
        if self._handle is None:
            return
        self.config["COMMAND"] = "0:0x4"
        try:
            self.irq.disable()
        except Error as error:
            if error.code not in ("irq-not-enabled", "no-interrupt"):
                raise
        for buffer in made:
            if buffer._view is not None:
                buffer.free()

    def capture(
        self,
        recipe: Optional[str] = None,
        *,
        on_block: Optional[Callable[[Block], Optional[bool]]] = None,
        play: bool = False,
        **options: Any,
    ) -> Capture:
        """A capture to its end: capture("rtl8139.recipe", output="frames.bin", size="1M").

        OPTIONS are those of pcietool-dma(8), with '_' for '-', a list for what is repeated, True for what has no value.
        ON_BLOCK is called with each block when it is in the file; True, or an exception, ends the capture.
        """
        return self._turns.run(self._capture, recipe, on_block, play, options)

    def _capture(
        self,
        recipe: Optional[str],
        on_block: Optional[Callable[[Block], Optional[bool]]],
        play: bool,
        options: dict[str, Any],
    ) -> Capture:
        self._open_handle()
        if self._calls.stream is not None:
            raise _is_capturing(self)
        try:
            run = Run(self, recipe, play, options)
            if on_block is not None:
                run.tell = on_block
            run.run(on_block is not None)
        finally:
            self._calls.end()
        return run.result()

    def blocks(self, recipe: Optional[str] = None, **options: Any) -> Blocks:
        """The same, for a loop over its blocks, which needs no output: for block in dev.blocks("x.recipe", size="1M")."""
        return Blocks(self, recipe, options)

    def _begin_stream(self, stream: Stream) -> None:
        self._turns.run(self._begin_stream_now, stream)

    def _begin_stream_now(self, stream: Stream) -> None:
        self._open_handle()
        if self._calls.stream is not None:
            raise _is_capturing(self)
        self._calls.stream = stream
        stream.begin()

    def _end_stream(self, stream: Stream) -> None:
        if self._calls.stream is stream:
            self._calls.stream = None

    def close(self) -> None:
        """What looks at its DMA memory keeps it open until that is gone, too."""
        stream = self._calls.stream
        if stream is not None:
            stream.end()
            self._end_stream(stream)
        self._turns.run(self._close)
        self.irq._wake()

    def _close(self) -> None:
        self.regs._forget()
        self._handle = None
        self._is_usable = False
        self._turns.end()

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<pcietool.Device {self.address}>"
