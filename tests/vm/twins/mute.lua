-- SPDX-License-Identifier: GPL-2.0-or-later
intx{status = false}
on_write("HONEST", function(value) intx{status = value == 1} end)
on_write("LINE", function(value) irq(0, value == 1) end)
