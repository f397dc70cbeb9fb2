// SPDX-License-Identifier: GPL-2.0-or-later
/* Interrupts. */
#include "core/dma/interrupt.h"

#include "core/dma/event_count.h"

#include "lib/internal.h"

int pcietool_irq_enable(struct pcietool_device *d, const char *type, unsigned int vectors,
			unsigned int *enabled, struct pcietool_error *error)
{
	struct buffer_client *client;
	enum interrupt_type wanted;
	enum interrupt_type got;
	unsigned int count = 0;
	int rc = interrupt_type_parse(type, &wanted, RECORD(error));

	if (rc == 0)
		rc = device_client(d, &client, RECORD(error));
	if (rc == 0)
		rc = interrupt_enable(client, wanted, vectors, &got, &count, RECORD(error));
	if (rc == 0 && enabled)
		*enabled = count;
	return rc;
}

int pcietool_irq_disable(struct pcietool_device *d, struct pcietool_error *error)
{
	struct buffer_client *client;
	int rc = device_client(d, &client, RECORD(error));

	return rc < 0 ? rc : interrupt_disable(client, RECORD(error));
}

int pcietool_irq_count(struct pcietool_device *d, unsigned int vector, uint64_t *count,
		       struct pcietool_error *error)
{
	struct buffer_client *client;
	int rc = device_client(d, &client, RECORD(error));

	return rc < 0 ? rc : interrupt_count(client, vector, count, NULL, RECORD(error));
}

int pcietool_irq_wait(struct pcietool_device *d, unsigned int vector, uint64_t since, uint64_t timeout,
		      uint64_t *count, struct pcietool_error *error)
{
	struct buffer_client *client;
	int rc = device_client(d, &client, RECORD(error));

	return rc < 0 ? rc : interrupt_wait(client, vector, since, timeout, count, RECORD(error));
}

int pcietool_irq_fd(struct pcietool_device *d, unsigned int vector, int *fd, struct pcietool_error *error)
{
	struct buffer_client *client;
	int rc = device_client(d, &client, RECORD(error));

	return rc < 0 ? rc : interrupt_fd(client, vector, fd, RECORD(error));
}

int pcietool_irq_fd_clear(int fd)
{
	return event_watch_clear(fd);
}
