# SPDX-License-Identifier: GPL-2.0-or-later
# What a program needs of the library, deb-symbols(5), from the list of its versions: awk -f debian/symbols.awk lib/pcietool.map
BEGIN { print "libpcietool.so.0 libpcietool0 #MINVER#"; print "* Build-Depends-Package: libpcietool-dev" }
/^PCIETOOL_/ { of = $1; version = $1; sub(/.*_/, "", version); printf " %s@%s %s.0\n", of, of, version }
/^\tpcietool_/ { name = $1; sub(/;/, "", name); printf " %s@%s %s.0\n", name, of, version }
