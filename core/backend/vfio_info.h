/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VFIO's answers of growing size: they begin with argsz and flags, and may be followed by a chain of capabilities
 * (linux/vfio.h, struct vfio_info_cap_header).
 */
#ifndef PCIETOOL_VFIO_INFO_H
#define PCIETOOL_VFIO_INFO_H

#include <stdint.h>

/*
 * Asks REQUEST, an ioctl number, of FD. ASKED, of SIZE bytes, holds what the answer is asked by (an index); its argsz
 * need not be set. *INFO, argsz bytes of it, is the caller's to free. 0 or -errno.
 */
int vfio_info_read(int fd, unsigned long request, const void *asked, uint32_t size, void **info);

/*
 * The capability ID of INFO, whose first is at FIRST bytes from its start (0: it has none) behind the SIZE bytes that it
 * has without them. NULL: not there. It lives as long as INFO.
 */
const void *vfio_info_capability(const void *info, uint32_t size, uint32_t first, uint32_t id);

#endif
