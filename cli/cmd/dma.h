/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the dma commands share. */
#ifndef PCIETOOL_DMA_H
#define PCIETOOL_DMA_H

#include "cli/command.h"
#include "core/dma/buffer.h"

/* cli/cmd/dma_content.c */
int dma_open(struct invocation *inv, struct device **device, struct buffer_client **client);
void dma_close(struct device *device, struct buffer_client *client);
int dma_read(struct invocation *inv);
int dma_write(struct invocation *inv);
int dma_fill(struct invocation *inv);
int dma_verify(struct invocation *inv);

#endif
