# SPDX-License-Identifier: GPL-2.0-or-later
"""The kinds of errors, which are pcietool(8)'s exit statuses, as exceptions."""
from __future__ import annotations

from typing import Any, NoReturn

from ._native import ffi, lib


class Error(Exception):
    """What was tried and why it failed; hint is what helps, or empty."""

    def __init__(self, message: str, code: str = "failed", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\nhint: {self.hint}" if self.hint else self.message


class UsageError(Error, ValueError):
    """What was asked for is malformed, out of range or unknown."""


class UnknownNameError(UsageError, AttributeError, KeyError):
    """The map has no such register or field."""


class SelectError(Error, LookupError):
    """No device, or several."""


class DeniedError(Error, PermissionError):
    """Not with these rights, not while a driver has it, not under lockdown."""


class GoneError(Error, OSError):
    """The device does not answer."""


class UnsupportedError(Error, NotImplementedError):
    """Not with this device, kernel or way."""


class TimedOutError(Error, TimeoutError):
    """It did not come in time."""


class DiffersError(Error):
    """Compared, and not the same."""


_KINDS: dict[int, type[Error]] = {
    lib.PCIETOOL_USAGE: UsageError,
    lib.PCIETOOL_SELECT: SelectError,
    lib.PCIETOOL_DENIED: DeniedError,
    lib.PCIETOOL_GONE: GoneError,
    lib.PCIETOOL_UNSUPPORTED: UnsupportedError,
    lib.PCIETOOL_TIMEOUT: TimedOutError,
    lib.PCIETOOL_DIFFERS: DiffersError,
}


class Uncopied:
    """What stands for a device, or for a part of one, of which there is no second."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} of pcietool is a device's, and is neither copied nor pickled")


def text(pointer: Any) -> str:
    """A string of C's; names in a map may be anything."""
    return ffi.string(pointer).decode("utf-8", "replace")


def encoded(name: str) -> bytes:
    """A string for C, which would end at a NUL: the beginning of a name may be another one's."""
    if not isinstance(name, str):
        raise TypeError(f"{name!r}: a str is needed, not {type(name).__name__}")
    if "\0" in name:
        raise UsageError(f"{name!r}: a NUL character is in no name", "bad-operand")
    return name.encode()


def new_error() -> Any:
    error = lib.pcietool_error_new()
    if error == ffi.NULL:
        raise MemoryError
    return ffi.gc(error, lib.pcietool_error_free)


def raise_error(error: Any) -> NoReturn:
    code = text(lib.pcietool_error_code(error))
    kind = _KINDS.get(lib.pcietool_error_kind(error), Error)
    if code == "unknown-name":
        kind = UnknownNameError
    raise kind(
        text(lib.pcietool_error_message(error)),
        code,
        text(lib.pcietool_error_hint(error)),
    )
