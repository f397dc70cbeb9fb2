/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output and standard error, as stdio has them. */
#ifndef PCIETOOL_STREAMS_H
#define PCIETOOL_STREAMS_H

/*
 * From now on stdout and stderr wait for room where somebody else has made their descriptors non-blocking, now or later. To be
 * called once, before anything is written. Without memory they stay as they are.
 */
void streams_wait(void);

#endif
