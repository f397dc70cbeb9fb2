# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the engines of examples/twins send:  load ../lib/twin  after common.

# counts FILE BYTES: words that count up from 0, and nothing else.
counts() {
	python3 - "$@" <<-'END'
		import struct, sys
		data = open(sys.argv[1], "rb").read()
		size = int(sys.argv[2])
		assert len(data) == size, len(data)
		assert data == b"".join(struct.pack("<I", i) for i in range(size // 4))
	END
}
