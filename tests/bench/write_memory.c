// SPDX-License-Identifier: GPL-2.0-or-later
/* Ordinary memory to a file in blocks: what a capture is measured against. FILE BYTES BLOCK */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	size_t block;
	long long left;
	char *data;
	int fd;

	if (argc != 4)
		return 2;
	left = atoll(argv[2]);
	block = (size_t)atoll(argv[3]);
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666);
	data = aligned_alloc(4096, block);
	if (fd < 0 || !data)
		return 1;
	memset(data, 0x5a, block);
	for (; left > 0; left -= (long long)block) {
		if (write(fd, data, block) != (ssize_t)block)
			return 1;
	}
	return close(fd) < 0;
}
