// SPDX-License-Identifier: GPL-2.0-or-later
/* Where an access goes to. */
#include "core/twin/device.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/access/snapshot.h"
#include "core/base/number.h"

/* --- what it is made of ------------------------------------------------------------------------------ */

/* A BAR that nothing is known of is memory, which the client maps. */
static int make_memory(struct twin_device *d, unsigned int index, struct error *error)
{
	uint64_t size = d->config.bars[index].size;
	char text[SIZE_TEXT];
	void *at;
	int fd;

	size_format(size, text);
	fd = memfd_create("pcietool-bar", MFD_CLOEXEC);
	if (fd < 0)
		return error_errno(error, error_last(), "memory for BAR %u", index);
	if (ftruncate(fd, (off_t)size) < 0) {
		int rc = error_errno(error, error_last(), "%s of memory for BAR %u", text, index);

		close(fd);
		return rc;
	}
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (at == MAP_FAILED) {
		int rc = error_errno(error, error_last(), "%s of memory for BAR %u", text, index);

		close(fd);
		return rc;
	}
	d->fds[index] = fd;
	d->bytes[index] = at;
	return 0;
}

static int no_room(const struct twin_device *d, unsigned int bar, uint64_t extent, struct error *error)
{
	const struct regmap_register *last = register_file_last(&d->registers, bar);
	char size[SIZE_TEXT];

	size_format(d->config.bars[bar].size, size);
	return error_set(error, ERROR_USAGE, "map-too-large",
			 "%s: %s does not fit into BAR %u: it ends at 0x%" PRIx64 ", the BAR has %s",
			 d->registers.map->path, last ? last->name : "a register", bar, extent, size);
}

/* As it was asked for, or as large as its registers need. A page at least, which is what a kernel gives. */
static int add_bar(struct twin_device *d, unsigned int index, const struct twin_bar *wanted,
		   struct error *error)
{
	struct twin_bar bar = *wanted;
	uint64_t extent;
	size_t count = register_file_in_bar(&d->registers, index, &extent);
	uint64_t recorded = replay_extent(d->replay, index);
	uint64_t least = recorded > extent ? recorded : extent;
	int rc;

	if (!bar.size && !count && !recorded)
		return 0;
	if (!bar.size) {
		for (bar.size = 4096; bar.size < least && bar.size < UINT64_C(1) << 62;)
			bar.size *= 2;
	}
	rc = config_image_add_bar(&d->config, index, &bar, error);
	if (rc == 0 && extent > bar.size)
		rc = no_room(d, index, extent, error);
	return rc == 0 ? replay_fits(d->replay, index, bar.size, error) : rc;
}

static int add_bars(struct twin_device *d, const struct twin_options *options, struct error *error)
{
	uint64_t extent;
	int rc = 0;

	if (d->registers.map && register_file_in_bar(&d->registers, DEVICE_BARS, &extent))
		return error_set(error, ERROR_USAGE, "no-bar", "%s: a register lies in no BAR",
				 d->registers.map->path);
	for (unsigned int i = 0; rc == 0 && i < DEVICE_BARS; i++)
		rc = add_bar(d, i, &options->bars[i], error);
	if (rc == 0 && options->rom)
		rc = option_rom_open(options->rom, &d->rom, error);
	if (rc == 0 && d->rom.size)
		config_image_add_rom(&d->config, d->rom.size);
	if (rc == 0)
		rc = config_image_ready(&d->config, d->name, error);
	for (unsigned int i = 0; rc == 0 && i < DEVICE_BARS; i++) {
		if (d->config.bars[i].state == BAR_ASSIGNED &&
		    !register_file_in_bar(&d->registers, i, &extent) && !replay_extent(d->replay, i))
			rc = make_memory(d, i, error);
	}
	return rc;
}

/* One value of a snapshot: a register's after a reset, or what lies in memory. False: there is no such place. */
static bool preset(struct twin_device *d, const struct snapshot_entry *e)
{
	if (e->bar >= DEVICE_BARS)
		return false;
	if (!d->bytes[e->bar])
		return register_file_preset(&d->registers, e->bar, e->offset, e->value);
	if (e->words != 1 || e->offset > d->config.bars[e->bar].size - e->width / 8)
		return false;
	for (unsigned int i = 0; i < e->width / 8; i++)
		d->bytes[e->bar][e->offset + i] = (uint8_t)(e->value >> 8 * i);
	return true;
}

static int take_snapshot(struct twin_device *d, const char *path, struct error *error)
{
	struct snapshot snapshot = { 0 };
	unsigned int left = 0;
	int rc = snapshot_read(path, &snapshot, error);

	if (rc == 0 && snapshot.has_id &&
	    (snapshot.vendor != config_image_get16(&d->config, PCI_VENDOR_ID) ||
	     snapshot.device != config_image_get16(&d->config, PCI_DEVICE_ID)))
		rc = error_set(error, ERROR_USAGE, "other-device", "%s is of another device, %04x:%04x", path,
			       snapshot.vendor, snapshot.device);
	for (size_t i = 0; rc == 0 && i < snapshot.count; i++) {
		if (snapshot.entries[i].has_value && !preset(d, &snapshot.entries[i]))
			left++;
	}
	if (left)
		context_log(d->ctx, LOG_WARN, "%s: %u values are of registers that the twin has not", path,
			    left);
	snapshot_free(&snapshot);
	register_file_reset(&d->registers);
	return rc;
}

static int open_model(struct twin_device *d, const char *path, struct error *error)
{
	const struct model_parts parts = { .ctx = d->ctx,
					   .config = &d->config,
					   .registers = &d->registers,
					   .memory = &d->memory,
					   .vectors = &d->vectors,
					   .log = d->log };

	return model_open(&parts, path, &d->model, error);
}

static int open_vectors(struct twin_device *d, struct error *error)
{
	unsigned int counts[3];
	int rc;

	config_image_vectors(&d->config, counts);
	rc = vectors_open(&d->vectors, counts);
	return rc < 0 ? error_errno(error, rc, "interrupts") : 0;
}

/* MSI-X' table and pending bits, which QEMU has for itself (PCIe 6.0 sections 7.7.2.3 and 7.7.2.4). */
static void find_holes(const struct twin_device *d, struct replay_hole holes[2])
{
	unsigned int counts[3];

	config_image_vectors(&d->config, counts);
	for (unsigned int i = 0; counts[2] && i < 2; i++) {
		unsigned int offset = i ? PCI_MSIX_PBA : PCI_MSIX_TABLE;
		unsigned int where = d->config.msix + offset;
		uint32_t at;

		if (!config_image_has(&d->config, d->config.msix, offset, 4))
			continue;
		at = config_image_get16(&d->config, where) |
		     (uint32_t)config_image_get16(&d->config, where + 2) << 16;

		holes[i].bar = at & PCI_MSIX_TABLE_BIR;
		holes[i].offset = at & PCI_MSIX_TABLE_OFFSET;
		holes[i].size =
			i ? ((uint64_t)counts[2] + 63) / 64 * 8 : (uint64_t)counts[2] * PCI_MSIX_ENTRY_SIZE;
	}
}

static int open_replay(struct twin_device *d, const struct twin_options *options, struct error *error)
{
	struct replay_options replay = { .path = options->replay,
					 .address = options->address,
					 .log = d->log };

	find_holes(d, replay.holes);
	return replay_open(d->ctx, &replay, &d->replay, error);
}

/* The map that was named, or that of the config space's ids, if there is one. */
static int open_map(struct twin_device *d, const struct twin_options *options, struct error *error)
{
	struct regmap *map = NULL;
	struct regmap_id id;
	int rc = 0;

	if (options->config)
		rc = config_image_open(&d->config, d->ctx, options, NULL, error);
	id = (struct regmap_id){ .vendor = config_image_get16(&d->config, PCI_VENDOR_ID),
				 .device = config_image_get16(&d->config, PCI_DEVICE_ID) };
	if (rc == 0)
		rc = regmap_set_get(d->ctx, options->config ? &id : NULL, &map, error);
	if (rc == 0)
		rc = register_file_open(&d->registers, d->ctx, map, error);
	if (rc < 0 || options->config)
		return rc;
	if (map)
		id = (struct regmap_id){ .vendor = map->vendor, .device = map->device };
	return config_image_open(&d->config, d->ctx, options, map && map->has_id ? &id : NULL, error);
}

int twin_device_open(struct twin_device *d, const struct context *ctx, const struct twin_options *options,
		     struct twin_log *log, struct error *error)
{
	int rc;

	*d = (struct twin_device){ .ctx = ctx,
				   .log = log,
				   .name = options->config ? options->config : "the twin" };
	for (unsigned int i = 0; i < DEVICE_BARS; i++)
		d->fds[i] = -1;
	rc = open_map(d, options, error);
	if (rc == 0 && options->replay)
		rc = open_replay(d, options, error);
	if (rc == 0)
		rc = add_bars(d, options, error);
	if (rc == 0)
		rc = open_vectors(d, error);
	if (rc == 0 && options->snapshot)
		rc = take_snapshot(d, options->snapshot, error);
	if (rc == 0 && options->model)
		rc = open_model(d, options->model, error);
	if (rc < 0)
		twin_device_close(d);
	return rc;
}

void twin_device_close(struct twin_device *d)
{
	model_close(d->model);
	d->model = NULL;
	replay_close(d->replay);
	d->replay = NULL;
	option_rom_close(&d->rom);
	register_file_close(&d->registers);
	guest_memory_unmap_all(&d->memory);
	vectors_close(&d->vectors);
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		if (d->bytes[i])
			munmap(d->bytes[i], d->config.bars[i].size);
		if (d->fds[i] >= 0)
			close(d->fds[i]);
		d->bytes[i] = NULL;
		d->fds[i] = -1;
	}
	config_image_close(&d->config);
}

/* --- accesses ---------------------------------------------------------------------------------------- */

uint64_t twin_device_size(const struct twin_device *d, unsigned int region)
{
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		return d->config.size;
	if (region == VFIO_PCI_ROM_REGION_INDEX)
		return d->rom.size;
	return region < DEVICE_BARS ? d->config.bars[region].size : 0;
}

static bool lies_in(const struct twin_device *d, unsigned int region, uint64_t offset, size_t count)
{
	uint64_t size = twin_device_size(d, region);

	return count > 0 && count <= size && offset <= size - count;
}

/* A line: R or W, where, width in bytes, value as the bus has it. What is longer than a register has its length alone. */
static void log_access(const struct twin_device *d, char direction, unsigned int region, uint64_t offset,
		       const uint8_t *bytes, size_t count, const struct register_state *state)
{
	char place[32];
	uint64_t value = 0;

	if (!d->log)
		return;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX)
		snprintf(place, sizeof(place), "config 0x%03" PRIx64, offset);
	else if (region == VFIO_PCI_ROM_REGION_INDEX)
		snprintf(place, sizeof(place), "ROM 0x%" PRIx64, offset);
	else
		snprintf(place, sizeof(place), "%u:0x%" PRIx64, region, offset);
	if (count > sizeof(value)) {
		twin_log_line(d->log, "%c %s %zu bytes", direction, place, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	twin_log_line(d->log, "%c %s/%zu 0x%0*" PRIx64 "%s%s", direction, place, 8 * count, (int)(2 * count),
		      value, state ? " " : "", state ? state->reg->name : "");
}

static void reset(struct twin_device *d, enum config_reset kind)
{
	config_image_reset(&d->config, kind);
	d->vectors.intx_asserted = false;
	d->replays_line = false;
	register_file_reset(&d->registers);
	model_reset(d->model, kind);
}

/* An access of a register is 8 bytes at most; what is longer is several, as a bus would have it. */
static size_t piece(size_t left)
{
	return left > sizeof(uint64_t) ? sizeof(uint64_t) : left;
}

/* False: nobody enabled it. */
static bool replay_interrupt_of(struct twin_device *d, const struct replay_event *e)
{
	unsigned int index = vectors_enabled(&d->vectors, VFIO_PCI_MSIX_IRQ_INDEX) ? VFIO_PCI_MSIX_IRQ_INDEX
										   : VFIO_PCI_MSI_IRQ_INDEX;

	if (vectors_enabled(&d->vectors, index))
		return e->vector < VECTORS_MAX && vectors_trigger(&d->vectors, index, e->vector) == 0;
	if (!e->is_intx)
		return false;
	d->replays_line = true;
	/* where it is off for now, it is one when it is on */
	line_set(&d->config, &d->vectors, true, false);
	return true;
}

/* Those that the recording has at this point. */
static void replay_interrupts(struct twin_device *d)
{
	struct replay_event event;

	while (replay_interrupt(d->replay, &event)) {
		if (!replay_interrupt_of(d, &event))
			twin_log_line(d->log, "# interrupt %u of the recording: nobody enabled it",
				      event.vector);
	}
}

/*
 * A recording does not tell when INTx' line went down: the wait that had the interrupt had ended before whatever comes next, so
 * that it may be down then. One that stayed up would be interrupts that the recording has not.
 */
static void release_line(struct twin_device *d)
{
	if (!d->replays_line)
		return;
	d->replays_line = false;
	line_set(&d->config, &d->vectors, false, false);
}

/* What the recording has there takes the place of what the register holds. */
static void replay_one_read(struct twin_device *d, unsigned int bar, uint64_t offset, uint8_t *bytes,
			    size_t count)
{
	uint64_t value;

	if (!replay_extent(d->replay, bar))
		return;
	release_line(d);
	if (replay_read(d->replay, bar, offset, (unsigned int)(8 * count), &value)) {
		for (size_t i = 0; i < count; i++)
			bytes[i] = (uint8_t)(value >> 8 * i);
	}
	replay_interrupts(d);
}

static void replay_one_write(struct twin_device *d, unsigned int bar, uint64_t offset, const uint8_t *bytes,
			     size_t count)
{
	uint64_t value = 0;

	if (!replay_extent(d->replay, bar))
		return;
	release_line(d);
	for (size_t i = 0; i < count; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	replay_write(d->replay, bar, offset, (unsigned int)(8 * count), value);
	replay_interrupts(d);
}

static void read_registers(struct twin_device *d, unsigned int bar, uint64_t offset, uint8_t *bytes,
			   size_t count)
{
	const struct register_hooks hooks = model_hooks(d->model);

	for (size_t done = 0, n; done < count; done += n) {
		const struct register_state *state;

		n = piece(count - done);
		state = register_file_read(&d->registers, bar, offset + done, bytes + done, n, &hooks);
		replay_one_read(d, bar, offset + done, bytes + done, n);
		log_access(d, 'R', bar, offset + done, bytes + done, n, state);
	}
}

static void write_registers(struct twin_device *d, unsigned int bar, uint64_t offset, const uint8_t *bytes,
			    size_t count)
{
	const struct register_hooks hooks = model_hooks(d->model);

	for (size_t done = 0, n; done < count; done += n) {
		const struct register_state *state;
		uint64_t refused;

		n = piece(count - done);
		state = register_file_write(&d->registers, bar, offset + done, bytes + done, n, &hooks,
					    &refused);
		log_access(d, 'W', bar, offset + done, bytes + done, n, state);
		replay_one_write(d, bar, offset + done, bytes + done, n);
		if (refused)
			context_log(d->ctx, LOG_INFO, "%s: a value that its constraint forbids",
				    state->reg->name);
	}
}

static bool answers_ones(const struct twin_device *d, unsigned int region)
{
	return model_is_dead(d->model) || model_answers_ones(d->model) ||
	       (region != VFIO_PCI_CONFIG_REGION_INDEX && config_image_power_state(&d->config) != 0);
}

int twin_device_read(struct twin_device *d, unsigned int region, uint64_t offset, uint8_t *bytes,
		     size_t count)
{
	if (!lies_in(d, region, offset, count))
		return -EINVAL;
	if (answers_ones(d, region)) {
		memset(bytes, 0xff, count);
	} else if (region == VFIO_PCI_CONFIG_REGION_INDEX) {
		config_image_read(&d->config, (unsigned int)offset, bytes, count);
	} else if (region == VFIO_PCI_ROM_REGION_INDEX) {
		memcpy(bytes, d->rom.bytes + offset, count);
	} else if (!d->bytes[region]) {
		read_registers(d, region, offset, bytes, count);
		/* in the middle of it */
		if (model_is_dead(d->model))
			memset(bytes, 0xff, count);
		return 0;
	} else {
		memcpy(bytes, d->bytes[region] + offset, count);
	}
	log_access(d, 'R', region, offset, bytes, count, NULL);
	return 0;
}

static void log_power_state(const struct twin_device *d, unsigned int before)
{
	static const char *const texts[] = { "# D0", "# D1: only config space answers",
					     "# D2: only config space answers",
					     "# D3hot: only config space answers" };
	unsigned int now = config_image_power_state(&d->config);

	if (now != before)
		twin_log_line(d->log, "%s", texts[now]);
}

static void write_config(struct twin_device *d, unsigned int offset, const uint8_t *bytes, size_t count)
{
	bool was_disabled = line_is_disabled(&d->config);
	unsigned int before = config_image_power_state(&d->config);
	uint8_t old[PCI_CFG_SPACE_EXP_SIZE];
	enum config_reset kind;

	log_access(d, 'W', VFIO_PCI_CONFIG_REGION_INDEX, offset, bytes, count, NULL);
	memcpy(old, d->config.bytes + offset, count);
	config_image_write(&d->config, offset, bytes, count, &kind);
	log_power_state(d, before);
	if (kind != CONFIG_RESET_NONE) {
		reset(d, kind);
		return;
	}
	if (was_disabled)
		twin_device_unmasked(d);
	model_config_written(d->model, offset, bytes, old, count);
}

int twin_device_write(struct twin_device *d, unsigned int region, uint64_t offset, const uint8_t *bytes,
		      size_t count)
{
	if (!lies_in(d, region, offset, count))
		return -EINVAL;
	if (model_is_dead(d->model))
		return 0;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX) {
		write_config(d, (unsigned int)offset, bytes, count);
	} else if (region == VFIO_PCI_ROM_REGION_INDEX || answers_ones(d, region)) {
		/* dropped: the ROM is read-only, and who sleeps takes nothing */
		log_access(d, 'W', region, offset, bytes, count, NULL);
	} else if (!d->bytes[region]) {
		write_registers(d, region, offset, bytes, count);
	} else {
		log_access(d, 'W', region, offset, bytes, count, NULL);
		memcpy(d->bytes[region] + offset, bytes, count);
	}
	return 0;
}

void twin_device_reset(struct twin_device *d)
{
	if (model_is_dead(d->model))
		return;
	twin_log_line(d->log, "# reset");
	reset(d, CONFIG_RESET_DEVICE);
}

void twin_device_unmasked(struct twin_device *d)
{
	line_unmasked(&d->config, &d->vectors);
}

void twin_device_disconnect(struct twin_device *d)
{
	guest_memory_unmap_all(&d->memory);
	vectors_release(&d->vectors);
}
