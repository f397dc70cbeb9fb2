// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads a register COUNT times and prints each: what a batch of 'regs read 0x0' is measured against. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	const volatile uint32_t *map;
	int fd;

	if (argc != 3)
		return 2;
	fd = open(argv[1], O_RDONLY | O_SYNC);
	if (fd < 0)
		return 1;
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return 1;
	for (long i = atol(argv[2]); i > 0; i--)
		printf("0x%08x\n", map[0]);
	return 0;
}
