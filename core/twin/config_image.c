// SPDX-License-Identifier: GPL-2.0-or-later
/* Which bits of a config space a write changes. Sections are those of the PCIe 6.0 specification unless another is named. */
#include "core/twin/config_image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"
#include "core/config/saved.h"
#include "core/pci/config_space.h"
#include "core/twin/power_on.h"

uint16_t config_image_get16(const struct config_image *c, unsigned int offset)
{
	return (uint16_t)(c->bytes[offset] | c->bytes[offset + 1] << 8);
}

static void put(uint8_t *at, unsigned int width, uint32_t value)
{
	for (unsigned int i = 0; i < width / 8; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void config_image_put16(struct config_image *c, unsigned int offset, uint16_t value)
{
	put(c->bytes + offset, 16, value);
}

bool config_image_has(const struct config_image *c, unsigned int capability, unsigned int offset,
		      unsigned int bytes)
{
	const struct capability_place place = { capability, capability_list_end(&c->standard, capability) };

	return capability_holds(&place, offset, 8 * bytes);
}

void config_image_reset(struct config_image *c, enum config_reset reset)
{
	bool is_whole = reset == CONFIG_RESET_DEVICE;

	for (unsigned int i = 0; i < c->size; i++) {
		uint8_t keep = is_whole ? 0 : c->sticky[i];

		c->bytes[i] = (uint8_t)((c->bytes[i] & keep) | (c->initial[i] & ~keep));
	}
}

/* --- made of a dump, or of nothing ----------------------------------------------------------------- */

/* PM, MSI and an Express endpoint: what a board without a config space of its own is given. */
static void make_endpoint(struct config_image *c, const struct regmap_id *id)
{
	uint8_t *b = c->initial;

	put(b + PCI_VENDOR_ID, 16, id->vendor);
	put(b + PCI_DEVICE_ID, 16, id->device);
	put(b + PCI_STATUS, 16, PCI_STATUS_CAP_LIST);
	b[PCI_CLASS_DEVICE + 1] = 0xff; /* section 7.5.1.1.6: fits no class */
	b[PCI_CAPABILITY_LIST] = 0x40;
	b[PCI_INTERRUPT_PIN] = 1;
	put(b + 0x40, 16, PCI_CAP_ID_PM | 0x48 << 8);
	put(b + 0x42, 16, 3); /* section 7.5.2.1: version 3 */
	put(b + 0x44, 16, PCI_PM_CTRL_NO_SOFT_RESET);
	put(b + 0x48, 16, PCI_CAP_ID_MSI | 0x60 << 8);
	put(b + 0x4a, 16, PCI_MSI_FLAGS_64BIT | 3 << 1); /* eight vectors */
	put(b + 0x60, 16, PCI_CAP_ID_EXP);
	put(b + 0x62, 16, 2); /* version 2, an endpoint */
	put(b + 0x64, 32, PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_FLR);
	put(b + 0x68, 16, 0x2810); /* section 7.5.3.4: what it has after a reset */
	put(b + 0x6c, 32, 3 | 4 << 4 | 3 << 10); /* 8 GT/s x4, L0s and L1 */
	put(b + 0x72, 16, 3 | 4 << 4);
	put(b + 0x8c, 32, 0xe); /* section 7.5.3.18: up to 8 GT/s */
	put(b + 0x90, 16, 3);
}

static int read_image(struct config_image *c, struct device *device, struct error *error)
{
	struct config_space space;
	int rc = config_space_read(device, &space, error);

	if (rc < 0)
		return rc;
	if (space.size < PCI_STD_HEADER_SIZEOF)
		return error_set(error, ERROR_USAGE, "bad-config",
				 "%u bytes are no config space: 64 at least", space.size);
	c->size = space.size > PCI_CFG_SPACE_SIZE ? PCI_CFG_SPACE_EXP_SIZE : PCI_CFG_SPACE_SIZE;
	memcpy(c->initial, space.bytes, space.size < c->size ? space.size : c->size);
	/* capabilities that are not in the file: QEMU would follow the pointer into zeroes */
	if (space.size < PCI_CFG_SPACE_SIZE)
		c->initial[PCI_CAPABILITY_LIST] = 0;
	return 0;
}

/* The table's word for bits of a register into the masks. */
static void take_bits(struct config_image *c, const struct regmap_register *reg, uint64_t mask,
		      unsigned int access)
{
	for (unsigned int i = 0; i < reg->width / 8; i++) {
		unsigned int at = (unsigned int)reg->address + i;
		uint8_t bits = (uint8_t)(mask >> 8 * i);

		if (access == RW || access == RWS)
			c->writable[at] |= bits;
		if (access == RW1C || access == RW1CS)
			c->clears[at] |= bits;
		if (access == ROS || access == RWS || access == RW1CS)
			c->sticky[at] |= bits;
	}
}

static void take_register(struct config_image *c, const struct config_map *map, size_t i)
{
	const struct regmap_register *reg = &map->regmap->registers[i];
	const struct config_register *row = map->rows[i];

	if (reg->address + reg->width / 8 > c->size)
		return;
	if (!row->fields)
		take_bits(c, reg, width_max(reg->width), row->access);
	for (const struct config_field *f = row->fields; f && f->name; f++) {
		if (!f->ports || f->ports & map->port)
			take_bits(c, reg, width_max(f->bits) << f->lsb, f->access);
	}
}

/* What a driver had set when the file was written, and what had happened: a device that was just switched on has neither. */
static void forget_register(struct config_image *c, const struct config_map *map,
			    const struct config_map_block *block, size_t i)
{
	const struct regmap_register *reg = &map->regmap->registers[i];
	const struct power_on p = power_on(map, block, i);

	if (reg->address + reg->width / 8 > c->size)
		return;
	for (unsigned int n = 0; n < reg->width / 8; n++) {
		unsigned int at = (unsigned int)reg->address + n;

		c->initial[at] &= (uint8_t) ~(p.forgets >> 8 * n);
		c->initial[at] |= (uint8_t)(p.value >> 8 * n);
		c->sticky[at] |= (uint8_t)(p.flr_leaves >> 8 * n);
	}
}

static void forget_block(struct config_image *c, const struct config_map *map,
			 const struct config_map_block *block)
{
	for (size_t i = 0; i < block->count; i++)
		forget_register(c, map, block, block->first + i);
}

/* Section 9.3.3.14: the upper halves are addresses alone. */
static void forget_virtual_bars(struct config_image *c, const struct config_map *map)
{
	unsigned int at = capability_list_find(&map->extended, PCI_EXT_CAP_ID_SRIOV) + PCI_SRIOV_BAR;

	if (at == PCI_SRIOV_BAR || at + 4 * PCI_SRIOV_NUM_BARS > c->size)
		return;
	for (unsigned int i = 0; i + 1 < PCI_SRIOV_NUM_BARS; i++) {
		uint8_t *bar = c->initial + at + (size_t)4 * i;

		if ((*bar & PCI_BASE_ADDRESS_MEM_TYPE_MASK) != PCI_BASE_ADDRESS_MEM_TYPE_64)
			continue;
		put(bar + 4, 32, 0);
		i++;
	}
}

/* Section 7.5.3.19: the highest speed that there is; a device of 2.5 GT/s may have none. */
static void forget_speed(struct config_image *c)
{
	uint8_t *target = c->initial + c->express + PCI_EXP_LNKCTL2;
	uint8_t highest = c->initial[c->express + PCI_EXP_LNKCAP] & PCI_EXP_LNKCAP_SLS;

	if (config_image_has(c, c->express, PCI_EXP_LNKCTL2, 2) && *target & PCI_EXP_LNKCTL2_TLS && highest)
		*target = (uint8_t)((*target & ~PCI_EXP_LNKCTL2_TLS) | highest);
}

static void find_capabilities(struct config_image *c, const struct config_map *map)
{
	c->standard = map->standard;
	c->express = map->express;
	c->power = capability_list_find(&map->standard, PCI_CAP_ID_PM);
	c->msi = capability_list_find(&map->standard, PCI_CAP_ID_MSI);
	c->msix = capability_list_find(&map->standard, PCI_CAP_ID_MSIX);
	c->vpd = capability_list_find(&map->standard, PCI_CAP_ID_VPD);
	c->advanced = capability_list_find(&map->standard, PCI_CAP_ID_AF);
	/* asked for what it has at an address, which a restore of config space has no business with */
	if (c->vpd)
		put(c->writable + c->vpd + PCI_VPD_ADDR, 16, 0xffff);
}

/* Errors of capabilities whose defaults are the device's own; the ROM, which has no image behind it. */
static void forget_past(struct config_image *c)
{
	for (unsigned int i = 0; i < c->size; i++)
		c->initial[i] &= (uint8_t)~c->clears[i];
	c->initial[PCI_STATUS] &= (uint8_t)~PCI_STATUS_INTERRUPT;
	put(c->initial + PCI_ROM_ADDRESS, 32, 0);
	put(c->writable + PCI_ROM_ADDRESS, 32, 0);
}

/* QEMU 11.1 follows a loop for ever, and refuses capabilities that overlap. */
static void warn_of_list(const struct context *ctx, const char *what, const struct capability_list *list)
{
	if (list->problem)
		context_log(ctx, LOG_WARN, "its %s: %s: QEMU may not start with it", what, list->problem);
}

static int take_table(struct config_image *c, const struct context *ctx, struct error *error)
{
	const struct pci_address none = { 0 };
	struct config_saved *saved = NULL;
	struct config_map *map = NULL;
	int rc = config_saved_from(ctx, &none, c->initial, c->size, &saved, error);

	if (rc == 0)
		rc = config_map_make(saved->device, &map, error);
	if (rc == 0 && map->header_type != PCI_HEADER_TYPE_NORMAL)
		rc = error_set(error, ERROR_UNSUPPORTED, "not-an-endpoint",
			       "it is a bridge's config space: a twin is an endpoint");
	if (rc == 0) {
		warn_of_list(ctx, "capabilities", &map->standard);
		warn_of_list(ctx, "extended capabilities", &map->extended);
		for (size_t i = 0; i < map->regmap->register_count; i++)
			take_register(c, map, i);
		find_capabilities(c, map);
		forget_past(c);
		for (size_t i = 0; i < map->block_count; i++)
			forget_block(c, map, &map->blocks[i]);
		forget_virtual_bars(c, map);
		forget_speed(c);
		/* section 7.5.1.1.3: the others are hardwired to 0 where there is no PCI bus */
		if (c->express)
			c->writable[PCI_COMMAND] &=
				PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY;
		if (c->express)
			c->writable[PCI_COMMAND + 1] &= (PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE) >> 8;
		memset(c->writable + PCI_BASE_ADDRESS_0, 0, (size_t)4 * DEVICE_BARS);
	}
	config_map_free(map);
	config_saved_close(saved);
	return rc;
}

int config_image_open(struct config_image *c, const struct context *ctx, const struct twin_options *options,
		      const struct regmap_id *id, struct error *error)
{
	struct config_saved *saved = NULL;
	int rc = 0;

	*c = (struct config_image){ .size = PCI_CFG_SPACE_EXP_SIZE };
	if (options->config) {
		rc = config_saved_open(ctx, options->config, options->address, &saved, error);
		if (rc == 0)
			rc = read_image(c, saved->device, error);
	} else if (id) {
		make_endpoint(c, id);
	} else {
		rc = error_set(error, ERROR_USAGE, "no-config",
			       "which device? There is no --config, and no register map with a device's ids");
		error_hint(error, "'pcietool -s DEVICE config save -o FILE' writes a file for --config");
	}
	if (rc == 0)
		rc = take_table(c, ctx, error);
	config_image_reset(c, CONFIG_RESET_DEVICE);
	config_saved_close(saved);
	return rc;
}

void config_image_close(struct config_image *c)
{
	free(c->vpd_data);
	c->vpd_data = NULL;
}

/* --- BARs ------------------------------------------------------------------------------------------ */

/* Where a BAR's register is. */
static size_t bar_at(unsigned int index)
{
	return PCI_BASE_ADDRESS_0 + (size_t)4 * index;
}

static bool is_io(const struct config_image *c, unsigned int index)
{
	return c->initial[bar_at(index)] & PCI_BASE_ADDRESS_SPACE_IO;
}

static bool is_64bit(const struct config_image *c, unsigned int index)
{
	return !is_io(c, index) &&
	       (c->initial[bar_at(index)] & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64;
}

/* The smallest that there are: section 7.5.1.2.1, 128 bytes of memory; I/O 4, and 256 at most. */
static int check_bar(unsigned int index, uint64_t size, bool io, bool wide, struct error *error)
{
	char text[SIZE_TEXT];
	uint64_t most = io ? 256 : wide ? UINT64_C(1) << 40 : UINT64_C(1) << 31;

	size_format(size, text);
	if (size & (size - 1))
		return error_set(error, ERROR_USAGE, "bad-bar", "BAR %u: %s: a BAR's size is a power of two",
				 index, text);
	if (size < (io ? 4 : 128) || size > most)
		return error_set(error, ERROR_USAGE, "bad-bar", "BAR %u: %s is too %s for one%s", index, text,
				 size > most ? "large" : "small", io ? " of I/O ports" : "");
	return 0;
}

int config_image_add_bar(struct config_image *c, unsigned int index, const struct twin_bar *bar,
			 struct error *error)
{
	uint8_t *at = c->initial + bar_at(index);
	bool io = is_io(c, index);
	bool wide = is_64bit(c, index) || bar->is_64bit;
	int rc = check_bar(index, bar->size, io, wide, error);

	if (rc < 0)
		return rc;
	if (index > 0 && c->bars[index - 1].state == BAR_ASSIGNED && c->bars[index - 1].is_64bit)
		return error_set(error, ERROR_USAGE, "bad-bar", "BAR %u is the upper half of BAR %u", index,
				 index - 1);
	if (wide && (io || index + 1 >= DEVICE_BARS || c->bars[index + 1].state == BAR_ASSIGNED))
		return error_set(error, ERROR_USAGE, "bad-bar", "BAR %u cannot have 64 bits", index);
	if (wide)
		at[0] |= PCI_BASE_ADDRESS_MEM_TYPE_64;
	if (bar->is_prefetchable && !io)
		at[0] |= PCI_BASE_ADDRESS_MEM_PREFETCH;
	c->bars[index] = (struct bar){ .index = index,
				       .state = BAR_ASSIGNED,
				       .size = bar->size,
				       .io = io,
				       .is_64bit = wide,
				       .prefetchable = at[0] & PCI_BASE_ADDRESS_MEM_PREFETCH };
	return 0;
}

void config_image_add_rom(struct config_image *c, uint32_t size)
{
	/* section 7.5.1.2.4 */
	put(c->writable + PCI_ROM_ADDRESS, 32, (~(size - 1) & PCI_ROM_ADDRESS_MASK) | PCI_ROM_ADDRESS_ENABLE);
}

int config_image_ready(struct config_image *c, const char *name, struct error *error)
{
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		uint8_t *at = c->initial + bar_at(i);
		const struct bar *bar = &c->bars[i];
		uint64_t mask = ~(bar->size - 1);
		uint32_t type = bar->io ? 3 : 0xf;

		if (bar->state != BAR_ASSIGNED) {
			int rc;

			if (get32(at) == 0)
				continue;
			rc = error_set(error, ERROR_USAGE, "no-size",
				       "%s: BAR %u is there, and nothing says how large it is", name, i);
			error_hint(error, "--bar %u=64k, for example, or a register map with that BAR", i);
			return rc;
		}
		/* section 7.5.1.2.1: what is below the size reads 0, so that writing ones tells it; the type stays */
		put(at, 32, get32(at) & type);
		put(c->writable + bar_at(i), 32, (uint32_t)mask & ~type);
		if (!bar->is_64bit)
			continue;
		put(at + 4, 32, 0);
		put(c->writable + bar_at(i) + 4, 32, (uint32_t)(mask >> 32));
		i++;
	}
	config_image_reset(c, CONFIG_RESET_DEVICE);
	return 0;
}

/* --- reads, writes, resets -------------------------------------------------------------------------- */

void config_image_read(const struct config_image *c, unsigned int offset, uint8_t *bytes, size_t count)
{
	memcpy(bytes, c->bytes + offset, count);
}

/* Does the write of COUNT bytes at OFFSET have that bit of the register of 16 bits at AT? */
static bool sets(unsigned int offset, const uint8_t *bytes, size_t count, unsigned int at, uint16_t bit)
{
	unsigned int byte = at + (bit > 0xff);

	return byte >= offset && byte - offset < count &&
	       bytes[byte - offset] & (bit > 0xff ? bit >> 8 : bit);
}

/*
 * PCI Local Bus 3.0 appendix I: an address with F = 0 is answered with four bytes and F = 1; one with F = 1, a write, with
 * F = 0, and what is read-only stays as it is. Without a VPD there is no answer.
 */
static void answer_vpd(struct config_image *c)
{
	uint16_t address = config_image_get16(c, c->vpd + PCI_VPD_ADDR);
	uint8_t *data = c->bytes + c->vpd + PCI_VPD_DATA;

	if (!c->vpd_data)
		return;
	if (address & PCI_VPD_ADDR_F) {
		config_image_put16(c, c->vpd + PCI_VPD_ADDR, address & PCI_VPD_ADDR_MASK);
		return;
	}
	for (unsigned int i = 0; i < 4; i++)
		data[i] = address + i < c->vpd_size ? c->vpd_data[address + i] : 0;
	config_image_put16(c, c->vpd + PCI_VPD_ADDR, address | PCI_VPD_ADDR_F);
}

/* Sections 7.5.3.3 and 7.5.3.4, Initiate Function Level Reset; PCI's ECN Advanced Capabilities. */
static bool starts_flr(const struct config_image *c, unsigned int offset, const uint8_t *bytes, size_t count)
{
	return (config_image_has(c, c->express, PCI_EXP_DEVCAP, PCI_EXP_DEVCTL + 2 - PCI_EXP_DEVCAP) &&
		get32(c->bytes + c->express + PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_FLR &&
		sets(offset, bytes, count, c->express + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_BCR_FLR)) ||
	       (config_image_has(c, c->advanced, PCI_AF_CAP, PCI_AF_CTRL + 1 - PCI_AF_CAP) &&
		c->bytes[c->advanced + PCI_AF_CAP] & PCI_AF_CAP_FLR &&
		sets(offset, bytes, count, c->advanced + PCI_AF_CTRL, PCI_AF_CTRL_FLR));
}

/* PMCSR; 0 where there is none. */
static uint16_t power_control(const struct config_image *c)
{
	return config_image_has(c, c->power, PCI_PM_CTRL, 2) ? config_image_get16(c, c->power + PCI_PM_CTRL)
							     : 0;
}

unsigned int config_image_power_state(const struct config_image *c)
{
	return power_control(c) & PCI_PM_CTRL_STATE_MASK;
}

/* Sections 7.5.2.1, D1_Support and D2_Support, and 7.5.2.2: a state that it does not have is not taken. */
static void take_power_state(struct config_image *c, unsigned int before)
{
	static const uint16_t needs[] = { 0, PCI_PM_CAP_D1, PCI_PM_CAP_D2, 0 };
	uint16_t need = needs[config_image_power_state(c)];
	uint16_t control = power_control(c);

	if (need && !(config_image_get16(c, c->power + PCI_PM_PMC) & need))
		config_image_put16(c, c->power + PCI_PM_CTRL,
				   (uint16_t)((control & ~PCI_PM_CTRL_STATE_MASK) | before));
}

void config_image_write(struct config_image *c, unsigned int offset, const uint8_t *bytes, size_t count,
			enum config_reset *reset)
{
	unsigned int before = config_image_power_state(c);

	for (size_t i = 0; i < count; i++) {
		uint8_t *at = &c->bytes[offset + i];
		uint8_t writable = c->writable[offset + i];

		*at = (uint8_t)((*at & ~writable) | (bytes[i] & writable));
		*at &= (uint8_t) ~(bytes[i] & c->clears[offset + i]);
	}
	take_power_state(c, before);
	*reset = CONFIG_RESET_NONE;
	/* sections 5.3.1.4 and 7.5.2.2, PowerState: from 3, D3hot, to 0, D0 */
	if (before == 3 && !(power_control(c) & (PCI_PM_CTRL_STATE_MASK | PCI_PM_CTRL_NO_SOFT_RESET)))
		*reset = CONFIG_RESET_PM;
	if (starts_flr(c, offset, bytes, count))
		*reset = CONFIG_RESET_FLR;
	if (config_image_has(c, c->vpd, PCI_VPD_ADDR, PCI_VPD_DATA + 4 - PCI_VPD_ADDR) &&
	    offset < c->vpd + PCI_VPD_DATA && offset + count > c->vpd + PCI_VPD_ADDR + 1)
		answer_vpd(c);
}

void config_image_vectors(const struct config_image *c, unsigned int counts[3])
{
	counts[0] = c->initial[PCI_INTERRUPT_PIN] ? 1 : 0;
	/* section 7.7.1.2, Multiple Message Capable; section 7.7.2.2, Table Size */
	counts[1] = c->msi ? 1u << ((c->initial[c->msi + PCI_MSI_FLAGS] & PCI_MSI_FLAGS_QMASK) >> 1) : 0;
	counts[2] = c->msix ? ((c->initial[c->msix + PCI_MSIX_FLAGS] |
				(unsigned int)c->initial[c->msix + PCI_MSIX_FLAGS + 1] << 8) &
			       PCI_MSIX_FLAGS_QSIZE) +
				      1
			    : 0;
}

int config_image_set_vpd(struct config_image *c, const void *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, bytes, size);
	free(c->vpd_data);
	c->vpd_data = copy;
	c->vpd_size = size;
	return 0;
}
