#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# libpcietool on a fake tree: its header in three languages, what it shows, accesses, errors. With a device:
# tests/vm/library.bats.

load ../lib/common
load ../lib/fake_device

setup() {
	fake_edu
	cd "$BATS_TEST_TMPDIR" || return
	compile=("${CC:-cc}" -Wall -Wextra -Wpedantic -Werror -I "$TOP/include")
	link=(-L "$BUILD" -lpcietool "-Wl,-rpath,$(realpath "$BUILD")")
	# what the library is built with, its programs are
	! nm -D "$BUILD/libpcietool.so" | grep -q ' __asan_init' || link+=(-fsanitize=address -fsanitize=undefined)
}

@test "the header is C11, C17 and C++17, alone and without a warning" {
	local standard
	echo '#include <pcietool.h>' >empty.c
	for standard in c11 c17; do
		"${compile[@]}" -std=$standard -c -o empty.o empty.c
	done
	command -v c++ >/dev/null || skip 'no compiler for C++'
	printf '%s\n' '#include <pcietool.h>' '#include <cstdio>' \
		'int main() { std::puts(pcietool_version()); return pcietool_version()[0] == 0; }' >main.cc
	c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -I "$TOP/include" -o main main.cc "${link[@]}"
	run ./main
	assert_output "$(pcietool --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)"
}

@test "it shows what its header has, under the version that brought it, and nothing else" {
	nm -D --defined-only --with-symbol-versions "$BUILD/libpcietool.so" | awk '$2 != "A" {print $3}' | sort >shown
	grep -oE '\bpcietool_[a-z_]+\(' "$TOP/include/pcietool.h" | sort -u | sed 's/($/@@PCIETOOL_0.1/' >declared
	# in a comment too, with its brackets
	diff -u <(sort declared) shown
	run readelf -d "$BUILD/libpcietool.so"
	assert_output --partial 'Library soname: [libpcietool.so.0]'
	# what is loaded when it is needed is no dependency
	refute_line --regexp 'NEEDED.*lib(pci|fuse|expat|json|lua|z|uring)'
}

@test "the tour, as far as a tree of files goes" {
	"${compile[@]}" -std=c17 -o tour "$TOP/examples/library/tour.c" "${link[@]}"
	run --separate-stderr ./tour 1234:11e8 "$TOP/examples/edu.map" sysroot "$SYSROOT"
	# shellcheck disable=SC2154 # bats' own
	[ "$status" -eq 1 ]
	assert_output "$dev: version 1
0x12345678"
	assert_err 'not bound to'
	assert_equal "$(od -An -tx4 -j 4 -N 4 "$file")" ' 12345678'
	"${compile[@]}" -std=c17 -o capture "$TOP/examples/library/capture.c" "${link[@]}"
	run ./capture 1234:11e8
	[ "$status" -eq 1 ]
	assert_output --partial usage
}

@test "errors say what they are of: kind, word, message; nothing is printed, nothing exits" {
	cat >errors.c <<-'END'
		#include <pcietool.h>
		#include <stdio.h>
		#include <string.h>
		static struct pcietool_error *e;
		static void say(int rc) { printf("%d %d %s\n", rc < 0, (int)pcietool_error_kind(e), pcietool_error_code(e)); }
		static int count(void *data, const char *address) { (void)address; ++*(int *)data; return 0; }
		static void tell(void *data, enum pcietool_log_level level, const char *m) { (void)data; if (level != PCIETOOL_INFO) printf("log %s\n", m); }
		int main(int argc, char **argv) {
			struct pcietool_context *c = pcietool_context_new();
			struct pcietool_device *d;
			struct pcietool_register *r;
			const struct pcietool_map *m = NULL;
			uint64_t v = 7;
			uint16_t vendor = 0;
			char bytes[8];
			int n = 0;
			(void)argc;
			e = pcietool_error_new();
			pcietool_context_set_log(c, tell, NULL);
			say(pcietool_context_set(c, "nonsense", "1", e));
			say(pcietool_context_set(c, "force", "yes", e));
			say(pcietool_context_set(c, "via", "air", NULL));
			pcietool_context_set(c, "sysroot", argv[1], e);
			pcietool_context_set(c, "map", argv[2], e);
			if (pcietool_find(c, NULL, count, &n, e) < 0 || pcietool_find(c, "1234:", count, &n, e) < 0) return 1;
			printf("%d devices\n", n);
			say(pcietool_device_open(c, "07:00.0", &d, e));
			if (pcietool_device_open(c, "01:00.0", &d, e) < 0) return 1;
			if (pcietool_device_ids(d, &vendor, NULL, NULL, e) < 0) return 1;
			printf("%s %04x\n", pcietool_device_address(d), vendor);
			say(pcietool_regs_read(d, "NOPE", &v, e));
			say(pcietool_regs_read(d, "0x2000", &v, e));
			say(pcietool_regs_write(d, "IRQ_ACK=0x1ffffffff", e));
			v = 77;
			say(pcietool_regs_wait(d, "NOPE==1", 0, 0, &v, e));
			printf("%llu\n", (unsigned long long)v);
			say(pcietool_regs_wait(d, "LIVENESS==1", 0, 0, &v, e));
			printf("%llu %s\n", (unsigned long long)v, pcietool_error_message(e));
			say(pcietool_register_open(d, "IRQ_ACK", &r, e) < 0 ? 0 : pcietool_register_read(r, &v, e));
			printf("%u\n", pcietool_register_bits(r));
			if (pcietool_register_write(r, 5, e) < 0) return 1;
			pcietool_register_close(r);
			say(pcietool_bar_read(d, 0, 1, 32, bytes, 4, e));
			say(pcietool_bar_read(d, 0, 0, 32, bytes, 6, e));
			say(pcietool_bar_read(d, 0, 0, 24, bytes, 3, e));
			say(pcietool_bar_read(d, 9, 0, 32, bytes, 4, e));
			say(pcietool_context_set(c, "map", "x", e));
			printf("%zu\n", pcietool_map_registers(m));
			if (pcietool_bar_read(d, 0, 0, 16, bytes, 4, e) < 0) return 1;
			printf("%02x%02x\n", (unsigned char)bytes[0], (unsigned char)bytes[3]);
			if (pcietool_config_read(d, "COMMAND.MASTER", &v, e) < 0) return 1;
			printf("%llu\n", (unsigned long long)v);
			if (pcietool_config_write(d, "COMMAND.MASTER=1", e) < 0 || pcietool_config_read(d, "COMMAND", &v, e) < 0) return 1;
			printf("%llu\n", (unsigned long long)v);
			say(pcietool_irq_enable(d, "msi", 0, NULL, e));
			say(pcietool_irq_enable(d, "smoke", 0, NULL, e));
			if (pcietool_device_map(d, &m, e) < 0 || !m) return 1;
			for (size_t i = 0; i < pcietool_map_registers(m); i++)
				if (pcietool_map_fields(m, i) > 2)
					printf("%s %u %d%d %s\n", pcietool_map_register_name(m, i), pcietool_map_register_bits(m, i),
					       pcietool_map_register_is_readable(m, i), pcietool_map_register_is_writable(m, i),
					       pcietool_map_field_name(m, i, 1));
			pcietool_device_close(d);
			pcietool_context_free(c);
			pcietool_error_free(e);
			return 0;
		}
	END
	"${compile[@]}" -std=c11 -o errors errors.c "${link[@]}"
	run ./errors "$SYSROOT" "$TOP/examples/edu.map"
	assert_success
	assert_output "1 2 bad-option
1 2 bad-option
1 2 bad-option
2 devices
1 3 no-device
$dev 1234
1 2 unknown-name
1 2 out-of-range
1 2 value-too-wide
1 2 unknown-name
77
1 7 timeout
0 $dev: timed out waiting for LIVENESS==1, the last value was 0x00000000
1 2 write-only
32
1 2 misaligned
1 2 bad-operand
1 2 bad-width
1 2 bad-bar
1 2 in-use
0
ed01
0
7
1 6 not-bound
1 2 bad-option
ID 32 10 MINOR
DMA_CMD 64 11 DIRECTION"
	assert_equal "$(od -An -tx4 -j 100 -N 4 "$file")" ' 00000005'
}

@test "a selector, and an option of a capture, that are wrong: said without the program's words for them" {
	cat >words.c <<-'END'
		#include <pcietool.h>
		#include <stdio.h>
		static int none(void *data, const char *address) { (void)data; (void)address; return 0; }
		static void tell(void *data, enum pcietool_log_level level, const char *m) { (void)data; if (level == PCIETOOL_WARNING) printf("warning %s\n", m); }
		int main(int argc, char **argv) {
			struct pcietool_context *c = pcietool_context_new();
			struct pcietool_error *e = pcietool_error_new();
			struct pcietool_capture *capture;
			struct pcietool_device *d;
			(void)argc;
			pcietool_context_set_log(c, tell, NULL);
			pcietool_context_set(c, "sysroot", argv[1], e);
			if (pcietool_find(c, "1234", none, NULL, e) == 0) return 1;
			printf("%d %s\n", (int)pcietool_error_kind(e), pcietool_error_message(e));
			if (pcietool_device_open(c, "1:2:3:4.5", &d, e) == 0) return 2;
			printf("%d %s\n", (int)pcietool_error_kind(e), pcietool_error_message(e));
			if (pcietool_device_open(c, "01:00.0", &d, e) < 0 || pcietool_capture_new(d, false, &capture, e) < 0) return 3;
			printf("%d", pcietool_capture_set(capture, "index", "x", e) < 0);
			printf(" %d\n", (int)pcietool_error_kind(e));
			if (pcietool_capture_recipe(capture, "r", e) < 0) return 4;
			pcietool_capture_free(capture);
			pcietool_device_close(d);
			pcietool_context_free(c);
			pcietool_error_free(e);
			return 0;
		}
	END
	printf '%s\n' '--block 4k' '--index x' >r
	"${compile[@]}" -std=c11 -o words words.c "${link[@]}"
	run ./words "$SYSROOT"
	assert_success
	refute_output --partial PCIETOOL_DEVICE
	assert_line --index 0 --partial "2 '1234' is no device id"
	assert_line --index 1 --partial '2 '
	assert_line --index 2 '1 2'
	assert_line --index 3 --partial 'warning the recipe'
}

@test "a program's own SIGBUS handler is called for what is not the library's" {
	cat >fault.c <<-'END'
		#define _GNU_SOURCE
		#include <pcietool.h>
		#include <signal.h>
		#include <stdio.h>
		#include <unistd.h>
		static volatile sig_atomic_t mine;
		static void on_sigbus(int signal) { (void)signal; mine++; }
		int main(int argc, char **argv) {
			struct pcietool_context *c = pcietool_context_new();
			struct pcietool_error *e = pcietool_error_new();
			struct pcietool_device *d;
			uint64_t v;
			(void)argc;
			signal(SIGBUS, on_sigbus);
			pcietool_context_set(c, "sysroot", argv[1], e);
			if (pcietool_device_open(c, "01:00.0", &d, e) < 0 || pcietool_regs_read(d, "0x0", &v, e) < 0) return 1;
			raise(SIGBUS);
			/* the device's file ends: the library's own fault is an error */
			if (truncate(argv[2], 0) < 0) return 2;
			int rc = pcietool_regs_read(d, "0x0", &v, e);
			printf("%d %d\n", rc < 0, (int)pcietool_error_kind(e));
			raise(SIGBUS);
			printf("%d\n", (int)mine);
			pcietool_device_close(d);
			pcietool_context_free(c);
			pcietool_error_free(e);
			return 0;
		}
	END
	"${compile[@]}" -std=c11 -o fault fault.c "${link[@]}"
	run ./fault "$SYSROOT" "$file"
	assert_success
	assert_output $'1 5\n2'
}
