// SPDX-License-Identifier: GPL-2.0-or-later
/* A plain loop of 32-bit loads and write(2), of a BAR of whole 64 KiB: what 'regs dump -o FILE' is measured against. */
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const volatile uint32_t *map;
	static uint32_t data[16384]; /* of the whole BAR's size its page faults would be measured */
	struct stat st;
	size_t n;
	int out;
	int fd;

	if (argc != 3)
		return 2;
	fd = open(argv[1], O_RDONLY | O_SYNC);
	out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0 || out < 0 || fstat(fd, &st) < 0)
		return 1;
	n = (size_t)st.st_size;
	map = mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return 1;
	for (size_t i = 0; i < n / sizeof(data); i++) {
		for (size_t k = 0; k < sizeof(data) / 4; k++)
			data[k] = map[i * sizeof(data) / 4 + k];
		if (write(out, data, sizeof(data)) != (ssize_t)sizeof(data))
			return 1;
	}
	return close(out) < 0;
}
