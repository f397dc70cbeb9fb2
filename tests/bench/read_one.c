// SPDX-License-Identifier: GPL-2.0-or-later
/* The smallest program that prints one register: what 'regs read 0x0' is measured against. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	const volatile uint32_t *map;
	int fd;

	if (argc != 2)
		return 2;
	fd = open(argv[1], O_RDONLY | O_SYNC);
	if (fd < 0)
		return 1;
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return 1;
	printf("0x%08x\n", map[0]);
	return 0;
}
