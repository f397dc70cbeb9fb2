# SPDX-License-Identifier: GPL-2.0-or-later
# What cffi makes of include/pcietool.h.
from typing import Any

ffi: Any
lib: Any
