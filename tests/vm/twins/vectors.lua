-- SPDX-License-Identifier: GPL-2.0-or-later
on_write("FIRE", function(vector) irq(vector) end)
