// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BARs that are open, of which all registers of a device share one descriptor and mapping. Each is opened all the same, as that checks
 * that it can be accessed and where it is now; what is the same as one that is there is closed again.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/file/same_file.h"
#include "lib/internal.h"

struct shared_bar {
	struct region *region;
	unsigned int users; /* registers, and the device's slot */
};

void bar_put(struct shared_bar *bar)
{
	if (!bar || --bar->users > 0)
		return;
	region_close(bar->region);
	free(bar);
}

/* A BAR that moved, or a device that went and came back, has another file, or another place in it. */
static bool is_same_place(const struct region *a, const struct region *b)
{
	struct stat of_a;
	struct stat of_b;

	return a->ops == b->ops && a->size == b->size && a->file_base == b->file_base && a->fd >= 0 &&
	       b->fd >= 0 && fstat(a->fd, &of_a) == 0 && fstat(b->fd, &of_b) == 0 &&
	       same_inode(&of_a, &of_b) && of_a.st_rdev == of_b.st_rdev;
}

int bar_share(struct pcietool_device *d, unsigned int bar, bool write, struct region *region,
	      struct shared_bar **shared, struct error *error)
{
	struct shared_bar **slot = &d->bars[bar][write];
	struct shared_bar **other = &d->bars[bar][!write];
	struct shared_bar *s = *slot;

	/* its next use would not notice */
	if (*other && !is_same_place((*other)->region, region)) {
		bar_put(*other);
		*other = NULL;
	}
	if (s && s->region->prot == region->prot && is_same_place(s->region, region)) {
		region_close(region);
	} else {
		s = malloc(sizeof(*s));
		if (!s) {
			region_close(region);
			return error_errno(error, -ENOMEM, "%s", d->device->name);
		}
		/* those that have the old one keep it until they are closed */
		bar_put(*slot);
		*s = (struct shared_bar){ .region = region, .users = 1 };
		*slot = s;
	}
	s->users++;
	*shared = s;
	return 0;
}

struct region *bar_region(const struct shared_bar *bar)
{
	return bar->region;
}

struct shared_bar *bar_get(struct pcietool_device *d, unsigned int bar, bool write)
{
	struct shared_bar *s = d->bars[bar][write];
	struct stat st;

	/* of a mapping of sysfs' the kernel takes the pages away when the BAR goes; others may show something else then */
	if (!s || !s->region->map || s->region->fd < 0 || fstat(s->region->fd, &st) < 0 ||
	    !S_ISREG(st.st_mode))
		return NULL;
	s->users++;
	return s;
}

int bar_open(struct pcietool_device *d, unsigned int bar, bool write, struct shared_bar **shared,
	     struct error *error)
{
	struct region *region;
	int rc = region_open_bar(d->device, bar, write, &region, error);

	return rc < 0 ? rc : bar_share(d, bar, write, region, shared, error);
}

void bars_close(struct pcietool_device *d)
{
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		bar_put(d->bars[i][false]);
		bar_put(d->bars[i][true]);
	}
}
