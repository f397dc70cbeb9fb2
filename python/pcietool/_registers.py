# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers by name, config space, BARs."""
from __future__ import annotations

import errno
import operator
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Union

from ._errors import Uncopied, UsageError, encoded, new_error, raise_error, text
from ._native import ffi, lib

if TYPE_CHECKING:
    from ._device import Device

Value = Union[int, str]

_read = lib.pcietool_python_read
_ONES = 2**64 - 1


def _written(value: Value) -> str:
    return str(value) if isinstance(value, str) else hex(value)


class Register(Uncopied):
    """A register or field. Nothing is accessed before value, read() or write()."""

    __slots__ = ("_device", "_name", "_handle", "_reader", "__weakref__")
    _device: Device
    _name: str
    _handle: Any
    _reader: Any

    def __init__(self, device: Device, name: str) -> None:
        handle = ffi.new("struct pcietool_register **")
        opened = device._make(handle, lib.pcietool_register_close, lib.pcietool_register_open, encoded(name))
        set_ = object.__setattr__
        set_(self, "_device", device)
        set_(self, "_name", name)
        set_(self, "_handle", opened)
        set_(self, "_reader", ffi.new("struct pcietool_python_reader *", (device._turns.native, self._handle)))

    @property
    def name(self) -> str:
        return self._name

    @property
    def bits(self) -> int:
        return lib.pcietool_register_bits(self._handle)

    def read(self) -> int:
        """One access."""
        # this is called often: all of it is in C, and nothing but the value is looked at
        value = _read(self._reader)
        return value if value != _ONES else self._read_on()

    def _read_on(self) -> int:
        """All ones were read, or nothing."""
        failure = ffi.new("struct pcietool_error **")
        rc = lib.pcietool_python_last(self._reader, failure)
        if rc == 0:
            return _ONES
        if rc != -errno.EAGAIN:
            if failure[0] == ffi.NULL:
                raise MemoryError
            raise_error(ffi.gc(failure[0], lib.pcietool_error_free))
        # others have their turn, or it is closed
        out = ffi.new("uint64_t *")
        self._device._call_on(self._handle, lib.pcietool_register_read, out)
        return out[0]

    def write(self, value: Value) -> None:
        """One access; of a field, or where VALUE is "VALUE:MASK", a read and a write. A str may be a value's name.
        Whether the device listens, as with memory decoding off, is not looked at: see check()."""
        device = self._device
        if isinstance(value, str):
            device._write(f"{self._name}={value}")
            return
        device._call_on(self._handle, lib.pcietool_register_write, value)

    value = property(read, write)

    def wait(self, value: Value, timeout: float = 1.0, interval: float = 0.001, mask: int | None = None) -> int:
        """Reads until it is VALUE (under MASK); the last value. TimedOutError says what may be the reason."""
        condition = f"{self._name}=={_written(value)}" + (f":{mask:#x}" if mask is not None else "")
        return self._device.wait(condition, timeout, interval)

    @property
    def fields(self) -> dict[str, int]:
        """All fields of the register but write-only ones, decoded from one access."""
        value = self.read()
        return {name: value >> lsb & (1 << bits) - 1 for name, lsb, bits in self._device._fields(self._name)}

    def __int__(self) -> int:
        return self.read()

    __index__ = __int__

    # a register is not its value: these would be wrong in silence, or access it where nobody sees it

    def __bool__(self) -> bool:
        raise TypeError(f"{self._name} is a register: its value is .value")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (int, str)):
            raise TypeError(f"{self._name} is a register: its value is .value")
        return self is other

    __hash__ = object.__hash__
    __iter__ = None

    def __format__(self, form: str) -> str:
        return format(self.read(), form) if form else repr(self)

    def __repr__(self) -> str:
        return f"<pcietool.Register {self._name} of {self._device.address}>"

    # fields, as attributes and by []

    def __getattr__(self, name: str) -> Register:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._device.regs[f"{self._name}.{name}"]

    def __getitem__(self, name: str) -> Register:
        return self._device.regs[f"{self._name}.{name}"]

    def __setattr__(self, name: str, value: Value) -> None:
        if name == "value":
            self.write(value)
        else:
            self._device.regs[f"{self._name}.{name}"].write(value)

    def __setitem__(self, name: str, value: Value) -> None:
        """Of a field, also of one that is called value."""
        self._device.regs[f"{self._name}.{name}"].write(value)

    def __dir__(self) -> list[str]:
        """Without value and fields, which access it: who looks at all that an object has, as inspect.getmembers() and notebooks
        do, is not to read a register by that. Its fields' names are there."""
        names = [name for name, _, _ in self._device._fields(self._name)]
        return sorted({*object.__dir__(self), *names} - {"value", "fields"})


class _Block(Uncopied):
    """The beginning of names that have a dot: DMA, of DMA.CONTROL."""

    __slots__ = ("_registers", "_name")
    _registers: Registers
    _name: str

    def __init__(self, registers: Registers, name: str) -> None:
        object.__setattr__(self, "_registers", registers)
        object.__setattr__(self, "_name", name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._registers._look_up(f"{self._name}.{name}")

    def __setattr__(self, name: str, value: Value) -> None:
        self._registers[f"{self._name}.{name}"].write(value)

    def __dir__(self) -> list[str]:
        return self._registers._below(self._name)


class Registers(Uncopied, Mapping[str, Register]):
    """regs.NAME, regs["NAME"], regs["2:0x10/32"]; regs.NAME = VALUE writes. Iterates over the map's names."""

    _device: Device
    _known: dict[str, Register]

    def __init__(self, device: Device) -> None:
        object.__setattr__(self, "_device", device)
        object.__setattr__(self, "_known", {})

    def __getitem__(self, name: str) -> Register:
        reg = self._known.get(name)
        if reg is None:
            reg = Register(self._device, name)
            # a buffer of that name may be another one tomorrow
            if "@" not in name:
                self._known[name] = reg
        return reg

    def __setitem__(self, name: str, value: Value) -> None:
        self[name].write(value)

    def _look_up(self, name: str) -> Any:
        known = self._known.get(name)
        if known is not None:
            return known
        names = self._device._names()
        if name not in names and any(n.startswith(name + ".") for n in names):
            return _Block(self, name)
        reg = self[name]
        # found without __getattr__() from now on
        if name.isidentifier():
            self.__dict__[name] = reg
        return reg

    def _forget(self) -> None:
        for name in self._known:
            self.__dict__.pop(name, None)
        self._known.clear()

    def _below(self, name: str) -> list[str]:
        start = name + "." if name else ""
        return sorted({n[len(start) :].split(".")[0] for n in self._device._names() if n.startswith(start)})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._look_up(name)

    def __setattr__(self, name: str, value: Value) -> None:
        self[name].write(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._device._names())

    def __len__(self) -> int:
        return len(self._device._names())

    def __contains__(self, name: object) -> bool:
        return name in self._device._names()

    def __dir__(self) -> list[str]:
        return self._below("")


class Config(Uncopied):
    """Config space: config["EXP.LNKSTA.SPEED"], config["COMMAND"] = "0x4:0x4", config["0x10/32"]."""

    __slots__ = ("_device",)

    def __init__(self, device: Device) -> None:
        self._device = device

    def __getitem__(self, ref: str) -> int:
        value = ffi.new("uint64_t *")
        self._device._call(lib.pcietool_config_read, encoded(ref), value)
        return value[0]

    def __setitem__(self, ref: str, value: Value) -> None:
        self._device._call(lib.pcietool_config_write, encoded(ref) + encoded(f"={_written(value)}"))


class Bar(Uncopied):
    """A BAR by offsets, and in blocks of accesses of one width."""

    __slots__ = ("_device", "_number")

    def __init__(self, device: Device, number: int) -> None:
        self._device = device
        self._number = number

    def read(self, offset: int, width: int = 32) -> int:
        return int.from_bytes(self.read_block(offset, width // 8, width), "little")

    def write(self, offset: int, value: int, width: int = 32) -> None:
        value = operator.index(value)
        if value < 0 or value >> width:
            raise UsageError(f"{value:#x} does not fit in {width} bits", "value-too-wide")
        self.write_block(offset, value.to_bytes(width // 8, "little"), width)

    def read_block(self, offset: int, length: int, width: int = 32) -> bytes:
        """LENGTH bytes, as accesses of WIDTH bits in rising order."""
        data = ffi.new("char[]", length)
        self._device._call(lib.pcietool_bar_read, self._number, offset, width, data, length)
        return bytes(ffi.buffer(data, length))

    def write_block(self, offset: int, data: Any, width: int = 32) -> None:
        """DATA is bytes, an array, all that has a buffer."""
        view = memoryview(data).cast("B")
        self._device._call(lib.pcietool_bar_write, self._number, offset, width, ffi.from_buffer(view), view.nbytes)


def map_names(native: Any) -> tuple[Any, dict[str, int]]:
    """The device's map (NULL: none), and the number of each of its registers."""
    found = ffi.new("const struct pcietool_map **")
    error = new_error()
    if lib.pcietool_device_map(native, found, error) < 0:
        raise_error(error)
    count = lib.pcietool_map_registers(found[0]) if found[0] != ffi.NULL else 0
    return found[0], {text(lib.pcietool_map_register_name(found[0], i)): i for i in range(count)}
