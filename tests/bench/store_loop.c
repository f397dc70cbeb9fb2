// SPDX-License-Identifier: GPL-2.0-or-later
/* A plain loop of read(2) and 32-bit stores: what 'regs load' is measured against. */
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static uint32_t data[16384];
	volatile uint32_t *map;
	struct stat st;
	size_t at = 0;
	ssize_t n;
	int in;
	int fd;

	if (argc != 3)
		return 2;
	fd = open(argv[1], O_RDWR | O_SYNC);
	in = open(argv[2], O_RDONLY);
	if (fd < 0 || in < 0 || fstat(fd, &st) < 0)
		return 1;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return 1;
	while ((n = read(in, data, sizeof(data))) > 0 && at + (size_t)n / 4 <= (size_t)st.st_size / 4) {
		for (size_t i = 0; i < (size_t)n / 4; i++)
			map[at++] = data[i];
	}
	return n != 0;
}
