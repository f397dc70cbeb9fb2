#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# package: qemu-system-x86 1:11.1.3+ds-1 (q35, edu), of Debian unstable
# guess:   a read of an address that no device decodes is all ones to the processor, as on any PC: nobody answers, or with an
#          Unsupported Request, and that is what is made of it. So is a BAR whose Memory Space Enable is 0.
# seen:    it is 0, for a card with memory decoding off as for an address that nothing has. Configuration space of a device
#          that is not there and I/O ports of nobody are all ones.
# matters: "is it ffffffff" is how drivers and tools tell that a card is gone or does not decode, and the test never says so
#          here: the card seems to be there, with all of its registers 0, and the code for its loss is never run. On a
#          machine a loop until a busy bit is 0 hangs; here it ends.
set -euo pipefail

version=1:11.1.3+ds-1
for tool in as ld; do command -v $tool >/dev/null || { echo "there is no $tool" && exit 2; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unavailable() {
	cat log
	exit 2
}

# An apt state of its own for unstable, from the mirror that this machine uses.
# shellcheck disable=SC2016 # apt's own words
site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -m 1 /debian) || unavailable
mkdir -p lists/partial cache/archives/partial
touch status
cat >conf <<END
Dir::Etc::sourcelist "$work/sources";
Dir::Etc::sourceparts "-";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
END
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site sid main" >sources
export APT_CONFIG=$work/conf
apt-get -q -o Acquire::Check-Valid-Until=false update >log 2>&1 || unavailable
mapfile -t needed < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
	--no-replaces --no-enhances qemu-system-x86 | sed -n 's/^\([a-z0-9][a-z0-9.+-]*\)$/\1/p' |
	grep -vx qemu-system-x86)
apt-get -q download "qemu-system-x86=$version" "${needed[@]}" >log 2>&1 || unavailable
for file in ./*.deb; do dpkg -x "$file" root; done
loader=$(find root/usr/lib -name 'ld-linux*.so.[0-9]' | head -n 1)
libraries=$(find root/usr/lib -name libc.so.6 -printf '%h\n' | head -n 1)


# What a PC starts with, instead of a BIOS: the segment in ds gets 4 GiB, then it reads and says it on port 0xe9.
cat >bios.s <<'EOF'
	.code16
start:	cli
	lgdtl %cs:gdtr
	movl %cr0, %eax
	orb $1, %al
	movl %eax, %cr0
	movw $8, %bx
	movw %bx, %ds
	andb $0xfe, %al
	movl %eax, %cr0

	movl $0x80001010, %edi
	movl $0xc0000000, %esi
	call configure
	movl $0x80001004, %edi
	movl $2, %esi
	call configure
	call memory
	movl $0x80001004, %edi
	movl $0, %esi
	call configure
	call memory
	movl $0xd0000000, %ebx
	movl (%ebx), %eax
	call say

	movl $0x80001800, %eax
	movw $0xcf8, %dx
	outl %eax, %dx
	movw $0xcfc, %dx
	inl %dx, %eax
	call say
	movw $0x5678, %dx
	inl %dx, %eax
	call say
	movw $0x501, %dx
	outb %al, %dx
halt:	hlt
	jmp halt

configure:
	movl %edi, %eax
	movw $0xcf8, %dx
	outl %eax, %dx
	movl %esi, %eax
	movw $0xcfc, %dx
	outl %eax, %dx
	ret
memory:	movl $0xc0000000, %ebx
	movl (%ebx), %eax
say:	movw $0xe9, %dx
	movw $4, %cx
1:	outb %al, %dx
	shrl $8, %eax
	loop 1b
	ret

	.balign 8
gdt:	.quad 0
	.quad 0x00cf92000000ffff
gdtr:	.word 15
	.long 0xf0000 + gdt
	.org 0xfff0
	ljmp $0xf000, $start
	.org 0xffff
	.byte 0
EOF
as --32 -o bios.o bios.s
ld -m elf_i386 -e 0 -Ttext 0 --oformat binary -o bios bios.o
QEMU_MODULE_DIR=$libraries/qemu timeout 60 "$loader" --library-path "$libraries" root/usr/bin/qemu-system-x86_64 \
	-L root/usr/share/qemu -machine q35 -accel tcg -nodefaults -display none -bios bios \
	-device edu,addr=2.0 -debugcon file:said -device isa-debug-exit >log 2>&1 || true
mapfile -t words < <(od -A n -t x4 -v -w4 said)
{
	echo "edu's first register, with memory decoding:${words[0]}, without:${words[1]}"
	echo "address 0xd0000000:${words[2]}"
	echo "00:03.0, offset 0:${words[3]}"
	echo "port 0x5678:${words[4]}"
} | tee seen
diff seen - <<'EOF'
edu's first register, with memory decoding: 010000ed, without: 00000000
address 0xd0000000: 00000000
00:03.0, offset 0: ffffffff
port 0x5678: ffffffff
EOF
