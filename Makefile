# SPDX-License-Identifier: GPL-2.0-or-later
#
#   make                  build/pcietool
#   make kmod             the kernel helper, for KDIR (default: the running kernel)
#   make demo             the tour, in a virtual machine
#   make try              a shell in that machine; KERNEL=6.1|6.12|newest, DEVICES="edu nvme e1000e"
#   make check            all tests, on the host and in virtual machines
#   make check-all        the same, with the static checks and the host's tests under sanitizers: what CI runs
#   make check-nightly    everything: each scenario in each kernel, the debug kernel and the headers of unstable too
#   make install          DESTDIR, PREFIX; make install-kmod: the helper's source for dkms
#   make install-systemd  a timer that writes metrics for node_exporter; TEXTFILE_DIR, TEXTFILE_GROUP
#   make uninstall        what make install and the others of it put there, with the same variables
#   make python           the package for Python, in build/python; make install-python
#   make deb              Debian packages, in build/deb
#   make lint bench       static checks; timings as ratios
#
#   V=1 shows the commands; SANITIZE=address,undefined builds with sanitizers; BUILD=DIR builds there.

VERSION := 0.1.0

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/pcietool
LIBEXECDIR ?= $(PREFIX)/libexec/pcietool
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR ?= $(PREFIX)/share/zsh/site-functions
FISHCOMPDIR ?= $(PREFIX)/share/fish/vendor_completions.d
UNITDIR ?= $(PREFIX)/lib/systemd/system
# where node_exporter's textfile collector looks, and the group that the folder is given to
TEXTFILE_DIR ?= /var/lib/prometheus/node-exporter
TEXTFILE_GROUP ?= prometheus
# where dkms looks, whatever the prefix
SRCDIR ?= /usr/src/pcietool-$(VERSION)
DESTDIR ?=

BUILD ?= build
# for another architecture: make CROSS_COMPILE=aarch64-linux-gnu-
CROSS_COMPILE ?=
ifneq ($(CROSS_COMPILE),)
CC := $(CROSS_COMPILE)gcc
AR := $(CROSS_COMPILE)ar
PKG_CONFIG ?= $(CROSS_COMPILE)pkg-config
endif
CC ?= cc
FUZZ_CC ?= clang
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef
SANITIZE ?=
ifneq ($(SANITIZE),)
SANITIZE_FLAGS := -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=undefined
endif
WERROR ?=

ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. $(WARNINGS) $(WERROR) \
	$(SANITIZE_FLAGS) -MMD -MP $(CFLAGS) $(CPPFLAGS)
# with the compiler's flags: -m32 is the linker's too
ALL_LDFLAGS = $(SANITIZE_FLAGS) $(CFLAGS) -Wl,--build-id $(LDFLAGS)

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
endif

CORE_SRC := $(wildcard core/*/*.c)
CLI_SRC := $(wildcard cli/*.c cli/cmd/*.c)
CORE_OBJ := $(CORE_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(BUILD)/%.o)
CORE_LIB := $(BUILD)/core.a
LIB_SRC := $(wildcard lib/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
# the first number changes with the ABI: lib/pcietool.map
SONAME := libpcietool.so.0
SHARED := $(BUILD)/$(SONAME).$(VERSION:0.%=%)
UNIT_SRC := $(wildcard tests/unit/*.c)
UNIT_BIN := $(UNIT_SRC:%.c=$(BUILD)/%)
VM_SRC := $(wildcard tests/vm/*.c)
VM_BIN := $(VM_SRC:%.c=$(BUILD)/%)
LIB_BIN := $(BUILD)/tests/lib/fail_call
PRELOADED := $(patsubst %,$(BUILD)/tests/lib/%.so,fail_malloc busy_device)
FUZZ_SRC := $(wildcard tests/fuzz/*.c)
FUZZ_BIN := $(FUZZ_SRC:%.c=$(BUILD)/%)
BENCH_SRC := $(wildcard tests/bench/*.c)
BENCH_BIN := $(BENCH_SRC:%.c=$(BUILD)/%)

.DELETE_ON_ERROR:
.PHONY: all clean python kmod demo try check check-all check-nightly check-host bench lint install install-bin install-lib install-python install-machine \
	install-man install-completions install-examples install-schemas install-systemd install-monitoring install-policy install-kmod \
	uninstall \
	deb test-programs fuzz-programs fuzz-binaries \
	packages

# the program says what is in its appendix: one for another architecture cannot here
all: $(BUILD)/pcietool $(SHARED) $(if $(CROSS_COMPILE),,$(BUILD)/man/pcietool-config.5)

$(BUILD)/pcietool: $(CLI_OBJ) $(CORE_LIB)
	$(say) LD $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(CLI_OBJ) $(CORE_LIB) $(LDLIBS)

$(SHARED): $(LIB_OBJ) $(CORE_LIB) lib/pcietool.map
	$(say) LD $@
	$(Q)$(CC) $(ALL_LDFLAGS) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=lib/pcietool.map -Wl,--no-undefined -Wl,-z,nodelete \
		-o $@ $(LIB_OBJ) $(CORE_LIB) $(LDLIBS)
	$(Q)ln -sf $(@F) $(BUILD)/$(SONAME)
	$(Q)ln -sf $(SONAME) $(BUILD)/libpcietool.so

# one set of objects for the program and the library; what the library shows is in its header
$(CORE_OBJ) $(LIB_OBJ): ALL_CFLAGS += -fPIC -fvisibility=hidden
$(BUILD)/lib/context.o: ALL_CFLAGS += -DPCIETOOL_VERSION='"$(VERSION)"'

# --- Python, where there are its headers and cffi --------------------------------------------------------------

PYTHON ?= /usr/bin/python3
PYTHON_SRC := $(wildcard python/pcietool/*)
PYTHON_OUT := $(BUILD)/python/pcietool
# found beside where it was built; an installed one by the loader
PYTHON_LDFLAGS ?= -Wl,-rpath,'$$ORIGIN/../..'

python: $(PYTHON_OUT)/_native.abi3.so

$(BUILD)/python/native.c: python/bindings python/turn.c include/pcietool.h
	@mkdir -p $(@D)
	$(say) PYTHON $@
	$(Q)$(PYTHON) python/bindings $@

# what cffi writes is not held to our warnings
$(PYTHON_OUT)/_native.abi3.so: $(BUILD)/python/native.c $(SHARED) $(PYTHON_SRC)
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) $(SANITIZE_FLAGS) $(CFLAGS) -w -shared -fPIC -Iinclude \
		-I"$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("include"))')" \
		-o $@ $< -L$(BUILD) -lpcietool $(PYTHON_LDFLAGS) $(LDFLAGS)
	$(Q)cp $(PYTHON_SRC) $(PYTHON_OUT)/

# the manual's appendix is what the program says of its own table
$(BUILD)/man/pcietool-config.5: $(BUILD)/pcietool man/config-appendix
	@mkdir -p $(@D)
	$(say) MAN $@
	$(Q)man/config-appendix $(BUILD)/pcietool >$@

$(CORE_LIB): $(CORE_OBJ)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/cli/command.o: ALL_CFLAGS += -DPCIETOOL_VERSION='"$(VERSION)"'
$(BUILD)/core/mapfile/set.o: ALL_CFLAGS += -DPCIETOOL_DATADIR='"$(DATADIR)"'
$(BUILD)/cli/cmd/twin_run.o: ALL_CFLAGS += -DPCIETOOL_LIBEXECDIR='"$(LIBEXECDIR)"'
# headers for the one file that loads each library when it is needed
$(BUILD)/core/pci/ids.o: ALL_CFLAGS += $(shell $(PKG_CONFIG) --cflags libpci)
$(BUILD)/core/base/json.o: ALL_CFLAGS += $(shell $(PKG_CONFIG) --cflags json-c)
$(BUILD)/core/file/archive.o: ALL_CFLAGS += $(shell $(PKG_CONFIG) --cflags zlib)
$(BUILD)/core/capture/direct_writer.o: ALL_CFLAGS += $(shell $(PKG_CONFIG) --cflags liburing)

# What the compiler said of a file stays beside it, for tests/lint.
hear = 2>$@.said; status=$$?; cat $@.said >&2; exit $$status

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $< $(hear)

$(BUILD)/tests/%: tests/%.c $(CORE_LIB)
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) -MF $@.d $(ALL_LDFLAGS) -o $@ $< $(filter %.o,$^) $(CORE_LIB) $(LDLIBS) $(hear)

# what it tests is the program's
$(BUILD)/tests/unit/test_signals: $(BUILD)/cli/signals.o
$(BUILD)/tests/unit/test_screen: $(BUILD)/cli/screen.o
$(BUILD)/tests/unit/test_capture_index: $(filter-out $(BUILD)/cli/main.o,$(CLI_OBJ))

# where there is what it takes: nothing else needs it
.PHONY: test-python
test-python: $(SHARED)
	$(Q)! $(PYTHON) -c 'import cffi, os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null || \
		$(MAKE) --no-print-directory python

test-programs: $(UNIT_BIN) $(VM_BIN) $(LIB_BIN) $(PRELOADED) \
	$(BUILD)/tests/vm/helper_abi32 $(if $(CROSS_COMPILE)$(SANITIZE),,test-python)

# come before what sanitizers put in, and so have nothing of them
$(PRELOADED): $(BUILD)/%.so: %.c Makefile
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 $(WARNINGS) -O1 -g -shared -fPIC -o $@ $< -ldl $(hear)

# With libFuzzer, which is clang's, in a folder of their own: all that they try is built to be watched.
fuzz-programs:
	$(Q)$(MAKE) --no-print-directory BUILD='$(abspath $(BUILD))/fuzz' CC='$(FUZZ_CC)' SANITIZE=address,undefined \
		CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' fuzz-binaries

fuzz-binaries: $(FUZZ_BIN)

# what parses command lines too
$(FUZZ_BIN): $(BUILD)/%: %.c $(filter-out $(BUILD)/cli/main.o,$(CLI_OBJ)) $(CORE_LIB)
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) -MF $@.d $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $< $(filter %.o,$^) $(CORE_LIB) \
		$(LDLIBS) $(hear)

# for the proof that a 32-bit program talks to a 64-bit kernel; where the compiler can
$(BUILD)/tests/vm/helper_abi32: tests/vm/helper_abi.c kmod/pcietool_uapi.h
	@mkdir -p $(@D)
	$(say) CC "$< (32 bits)"
	$(Q)$(CC) -m32 -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. $(WARNINGS) -o $@ $< || \
		echo "no 32-bit compiler: that test is skipped"

# the program itself for 32 bits, for tests/vm/compat32.bats
.PHONY: m32
m32:
	$(Q)echo 'int main(void) { return 0; }' | $(CC) -m32 -x c -o /dev/null - 2>/dev/null || \
		{ echo "no 32-bit compiler"; exit 0; }; \
	$(MAKE) --no-print-directory BUILD='$(BUILD)/m32' WERROR=-Werror \
		CFLAGS='$(CFLAGS) -m32 -idirafter /usr/include/$(shell $(CC) -print-multiarch)' \
		'$(BUILD)/m32/pcietool' '$(BUILD)/m32/tests/unit/test_mmio' '$(BUILD)/m32/tests/unit/test_dma_copy'
	$(Q)[ ! -x '$(BUILD)/m32/tests/unit/test_mmio' ] || '$(BUILD)/m32/tests/unit/test_mmio'
	$(Q)[ ! -x '$(BUILD)/m32/tests/unit/test_dma_copy' ] || '$(BUILD)/m32/tests/unit/test_dma_copy'

# --- the kernel helper ---------------------------------------------------------------------------

KDIR ?= /lib/modules/$(shell uname -r)/build
KMOD_OUT ?= $(BUILD)/kmod

kmod:
	$(Q)$(MAKE) --no-print-directory -C kmod KDIR='$(abspath $(KDIR))' KMOD_OUT='$(abspath $(KMOD_OUT))'

# --- tests ---------------------------------------------------------------------------------------

# Everything a fresh machine lacks is installed before make looks for compilers and libraries.
demo:
	$(Q)MAKE='$(MAKE)' KERNEL='$(KERNEL)' tests/demo

try: packages
	$(Q)tests/setup build demo
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) all
	$(Q)KERNEL='$(KERNEL)' DEVICES='$(or $(DEVICES),edu)' tests/try

# one process for each CPU, unless make was told how many
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

check: packages
	$(Q)tests/setup build check
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) all test-programs
	$(Q)tests/run

check-all: packages
	$(Q)tests/setup build check lint
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) all test-programs
	$(Q)tests/run lint sanitize host vm

check-nightly: packages
	$(Q)tests/setup build check lint deb
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) all test-programs
	$(Q)tests/run nightly

check-host:
	$(Q)tests/setup build check
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) all test-programs
	$(Q)tests/run host

bench:
	$(Q)tests/setup build check bench
	$(Q)$(MAKE) --no-print-directory all $(BENCH_BIN)
	$(Q)tests/bench/run

lint:
	$(Q)tests/setup build lint
	$(Q)tests/lint

packages:
	$(Q)tests/setup build

# --- install -------------------------------------------------------------------------------------

install: install-bin install-lib install-machine install-man install-completions install-examples install-schemas install-policy

install-bin: all
	install -D -m 755 $(BUILD)/pcietool $(DESTDIR)$(BINDIR)/pcietool

LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
PYTHONDIR ?= $(PREFIX)/lib/python3/dist-packages

install-lib: all
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)
	install -m 644 $(SHARED) $(DESTDIR)$(LIBDIR)/
	ln -sf $(notdir $(SHARED)) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libpcietool.so
	install -m 644 include/pcietool.h $(DESTDIR)$(INCLUDEDIR)/
	sed -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' -e 's|@VERSION@|$(VERSION)|' lib/libpcietool.pc.in \
		>$(DESTDIR)$(LIBDIR)/pkgconfig/libpcietool.pc

# by hand; it needs python3-cffi and python3-dev
install-python: python
	install -d $(DESTDIR)$(PYTHONDIR)/pcietool
	install -m 644 $(PYTHON_SRC) $(PYTHON_OUT)/_native.abi3.so $(DESTDIR)$(PYTHONDIR)/pcietool/

# what twin run boots with
install-machine:
	install -d $(DESTDIR)$(LIBEXECDIR)/machine
	install -m 755 machine/run machine/boot machine/initramfs machine/modules machine/init $(DESTDIR)$(LIBEXECDIR)/machine/

install-man: $(BUILD)/man/pcietool-config.5
	install -d $(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(MANDIR)/man8
	install -m 644 man/*.5 $(BUILD)/man/pcietool-config.5 $(DESTDIR)$(MANDIR)/man5/
	install -m 644 man/*.8 $(DESTDIR)$(MANDIR)/man8/

install-completions:
	install -D -m 644 completions/pcietool.bash $(DESTDIR)$(BASHCOMPDIR)/pcietool
	install -D -m 644 completions/_pcietool $(DESTDIR)$(ZSHCOMPDIR)/_pcietool
	install -D -m 644 completions/pcietool.fish $(DESTDIR)$(FISHCOMPDIR)/pcietool.fish

install-examples:
	install -d $(DESTDIR)$(PREFIX)/share/doc/pcietool/examples
	install -d $(DESTDIR)$(PREFIX)/share/doc/pcietool/examples/twins
	install -m 644 $(wildcard examples/*.*) $(DESTDIR)$(PREFIX)/share/doc/pcietool/examples/
	install -m 644 examples/twins/* $(DESTDIR)$(PREFIX)/share/doc/pcietool/examples/twins/
	install -d $(DESTDIR)$(PREFIX)/share/doc/pcietool/examples/library $(DESTDIR)$(PREFIX)/share/doc/pcietool/examples/python
	install -m 644 examples/library/* $(DESTDIR)$(PREFIX)/share/doc/pcietool/examples/library/
	install -m 644 examples/python/* $(DESTDIR)$(PREFIX)/share/doc/pcietool/examples/python/
	install -d $(DESTDIR)$(DATADIR)/maps/parts
	install -m 644 maps/*.map $(DESTDIR)$(DATADIR)/maps/
	install -m 644 maps/parts/*.map $(DESTDIR)$(DATADIR)/maps/parts/

# of the JSON documents
install-schemas:
	install -d $(DESTDIR)$(DATADIR)/schemas
	install -m 644 schemas/*.json $(DESTDIR)$(DATADIR)/schemas/

install-systemd:
	install -d $(DESTDIR)$(UNITDIR)
	sed -e 's|/usr/local/sbin/|$(BINDIR)/|' -e 's|/var/lib/prometheus/node-exporter|$(TEXTFILE_DIR)|' \
		-e '/^ExecStartPre=/s|-g prometheus|-g $(TEXTFILE_GROUP)|' \
		-e 's|^SupplementaryGroups=.*|SupplementaryGroups=$(TEXTFILE_GROUP)|' \
		systemd/pcietool-metrics.service >$(DESTDIR)$(UNITDIR)/pcietool-metrics.service
	install -m 644 systemd/pcietool-metrics.timer $(DESTDIR)$(UNITDIR)/

install-monitoring:
	install -d $(DESTDIR)$(DATADIR)/monitoring $(DESTDIR)$(PREFIX)/lib/pcietool
	cp -r monitoring/prometheus monitoring/grafana monitoring/nagios $(DESTDIR)$(DATADIR)/monitoring/
	install -d $(DESTDIR)$(DATADIR)/monitoring/node-problem-detector
	sed -e 's|/usr/local/lib/|$(PREFIX)/lib/|' monitoring/node-problem-detector/pcie.json \
		>$(DESTDIR)$(DATADIR)/monitoring/node-problem-detector/pcie.json
	install -m 755 monitoring/node-problem-detector/check-pcie $(DESTDIR)$(PREFIX)/lib/pcietool/

# who may use VFIO, for an administrator to copy into /etc: nothing reads it here
install-policy:
	install -d $(DESTDIR)$(DATADIR)/policy
	install -m 644 policy/* $(DESTDIR)$(DATADIR)/policy/

install-kmod:
	install -d $(DESTDIR)$(SRCDIR)
	install -m 644 kmod/*.[ch] kmod/Kbuild kmod/Makefile kmod/dkms.conf $(DESTDIR)$(SRCDIR)/

# Not the helper's source, which dkms may have in use: 'dkms remove pcietool/$(VERSION) --all'. Maps that somebody added stay.
uninstall:
	rm -f $(DESTDIR)$(LIBDIR)/libpcietool.so* $(DESTDIR)$(LIBDIR)/pkgconfig/libpcietool.pc $(DESTDIR)$(INCLUDEDIR)/pcietool.h
	rm -f $(DESTDIR)$(BINDIR)/pcietool $(DESTDIR)$(MANDIR)/man5/pcietool-*.5 $(DESTDIR)$(MANDIR)/man8/pcietool.8 \
		$(DESTDIR)$(MANDIR)/man8/pcietool-*.8 $(DESTDIR)$(BASHCOMPDIR)/pcietool $(DESTDIR)$(ZSHCOMPDIR)/_pcietool \
		$(DESTDIR)$(FISHCOMPDIR)/pcietool.fish $(DESTDIR)$(UNITDIR)/pcietool-metrics.service \
		$(DESTDIR)$(UNITDIR)/pcietool-metrics.timer $(DESTDIR)$(PREFIX)/lib/pcietool/check-pcie \
		$(patsubst %,$(DESTDIR)$(DATADIR)/%,$(wildcard maps/*.map maps/parts/*.map policy/* schemas/*.json))
	rm -rf $(DESTDIR)$(PYTHONDIR)/pcietool $(DESTDIR)$(PREFIX)/share/doc/pcietool/examples $(DESTDIR)$(DATADIR)/monitoring $(DESTDIR)$(LIBEXECDIR)/machine
	for dir in $(PREFIX)/share/doc/pcietool $(DATADIR)/maps/parts $(DATADIR)/maps $(DATADIR)/policy $(DATADIR)/schemas $(DATADIR) $(LIBEXECDIR) $(PREFIX)/lib/pcietool $(LIBDIR)/pkgconfig; do \
		[ ! -d $(DESTDIR)$$dir ] || rmdir --ignore-fail-on-non-empty $(DESTDIR)$$dir; \
	done

# A copy is built: what was built here is for here.
DEB := $(BUILD)/deb
deb:
	$(Q)command -v dh >/dev/null && command -v dh_dkms >/dev/null || \
		{ echo "make deb needs the packages debhelper, dh-dkms and dpkg-dev (Debian 12 or newer)" >&2; exit 1; }
	$(Q)rm -rf $(DEB) && mkdir -p $(DEB)/pcietool-$(VERSION)
	$(Q)find . \( -path ./build -o -path ./.git -o -path ./$(BUILD) \) -prune -o -type f -print0 | \
		tar -c --null -T - | tar -x -C $(DEB)/pcietool-$(VERSION)
	$(Q)mkdir $(DEB)/pcietool-$(VERSION)/debian/source && \
		echo '3.0 (native)' >$(DEB)/pcietool-$(VERSION)/debian/source/format
	$(Q)sed -e '/^#/d' -e 's/@VERSION@/$(VERSION)/' -e "s/@DATE@/$$(LC_ALL=C date -uR -r CHANGELOG.md)/" debian/changelog.in \
		>$(DEB)/pcietool-$(VERSION)/debian/changelog
	$(Q)cd $(DEB)/pcietool-$(VERSION) && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL dpkg-buildpackage -b -uc -us
	$(Q)ls $(DEB)/*.deb

clean:
	rm -rf $(BUILD)/cli $(BUILD)/core $(BUILD)/man $(BUILD)/tests $(BUILD)/pcietool $(CORE_LIB) $(BUILD)/kmod* \
		$(BUILD)/m32 $(BUILD)/arm64 $(BUILD)/sanitize $(BUILD)/fuzz $(BUILD)/lint-* $(BUILD)/deb

-include $(CORE_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(LIB_OBJ:.o=.d) $(UNIT_BIN:=.d) $(VM_BIN:=.d) $(LIB_BIN:=.d) $(BENCH_BIN:=.d) $(FUZZ_BIN:=.d)
