// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What may come next on a command line, for the shell: "pcietool --complete WORD... LAST" prints a
 * candidate a line for LAST, made from the same tables that parse the command line; --complete-described has a tab
 * and what it is behind it. Never fails: where something cannot be read there are no candidates.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/complete.h"
#include "cli/options.h"
#include "core/access/access.h"
#include "core/backend/path.h"
#include "core/base/number.h"
#include "core/config/map.h"
#include "core/config/setpci_names.h"
#include "core/pci/power.h"
#include "core/control/reset.h"
#include "core/dma/buffer.h"
#include "core/kernel/sysfs.h"
#include "core/mapfile/set.h"
#include "core/pci/ids.h"

struct completion {
	command_tables tables;
	struct context own; /* with what the words say so far */
	const struct context *ctx;
	const char *last; /* the word to complete, or what stands behind "--OPTION=" in it */
	const char *prefix; /* that "--OPTION=" */
	size_t prefix_length;
	complete_tell tell;
	void *data;
	bool describes; /* what candidates are is asked for */
	struct names *names; /* NULL: not open */
	struct selector selector;
	bool selected;
};

/* WHAT it is, for people; NULL: nothing is known. */
static void described(const struct completion *c, const char *word, const char *what)
{
	char whole[2 * REGISTER_NAME_SIZE];

	if (strncmp(word, c->last, strlen(c->last)) != 0)
		return;
	if (!c->prefix_length) {
		c->tell(c->data, word, what);
		return;
	}
	snprintf(whole, sizeof(whole), "%.*s%s", (int)c->prefix_length, c->prefix, word);
	c->tell(c->data, whole, what);
}

static void candidate(const struct completion *c, const char *word)
{
	described(c, word, NULL);
}

static bool read_ids(const struct completion *c, const char *name, uint64_t *vendor, uint64_t *device)
{
	return sysfs_read_number(c->ctx, vendor, SYSFS_PCI_DEVICES "/%s/vendor", name) == 0 &&
	       sysfs_read_number(c->ctx, device, SYSFS_PCI_DEVICES "/%s/device", name) == 0;
}

static void read_model(const struct completion *c, const char *name, struct fact_text *model)
{
	uint64_t vendor;
	uint64_t device;

	if (read_ids(c, name, &vendor, &device))
		names_device(c->names, (unsigned int)vendor, (unsigned int)device, model);
}

static void tell_address(const struct completion *c, const struct pci_address *address)
{
	struct fact_text model = { .reason = "not asked" };
	char name[PCI_ADDRESS_SIZE];

	pci_address_format(address, name);
	if (c->names)
		read_model(c, name, &model);
	described(c, name, model.reason ? NULL : model.text);
	/* the short form, as lspci shows it */
	if (address->domain == 0)
		described(c, name + 5, model.reason ? NULL : model.text);
}

static void tell_id(const struct completion *c, const struct pci_address *address)
{
	struct fact_text model = { .reason = "not asked" };
	char name[PCI_ADDRESS_SIZE];
	uint64_t vendor;
	uint64_t device;
	char id[16];

	pci_address_format(address, name);
	if (!read_ids(c, name, &vendor, &device))
		return;
	if (c->names)
		names_device(c->names, (unsigned int)vendor, (unsigned int)device, &model);
	snprintf(id, sizeof(id), "%04x:%04x", (unsigned int)vendor, (unsigned int)device);
	described(c, id, model.reason ? NULL : model.text);
}

static void each_function(const struct completion *c,
			  void (*tell)(const struct completion *c, const struct pci_address *address))
{
	struct pci_address *list = NULL;
	struct selector any;
	struct error error;
	size_t count = 0;

	selector_init(&any);
	if (selector_list(c->ctx, &any, &list, &count, &error) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		tell(c, &list[i]);
	free(list);
}

/* The list of names takes its time to load: for whoever shows them. */
static void named_functions(const struct completion *c,
			    void (*tell)(const struct completion *c, const struct pci_address *address))
{
	struct completion named = *c;

	if (c->describes && names_open(c->ctx, &named.names) < 0)
		named.names = NULL;
	each_function(&named, tell);
	names_close(named.names);
}

static void devices(const struct completion *c)
{
	named_functions(c, tell_address);
}

static void ids(const struct completion *c)
{
	named_functions(c, tell_id);
}

static struct device *open_device(const struct completion *c)
{
	struct pci_address address;
	struct device *device;
	struct error error;

	if (!c->selected || selector_one(c->ctx, &c->selector, &address, &error) < 0 ||
	    device_open(c->ctx, &address, &device, &error) < 0)
		return NULL;
	return device;
}

/* Names of DMA buffers, with PREFIX in front ("@" as operands of regs have it). */
static void prefixed_buffers(const struct completion *c, const char *prefix)
{
	struct device *device = open_device(c);
	struct buffer_client *client;
	struct buffer *list;
	struct error error;
	size_t count;

	if (!device)
		return;
	if (buffer_client_open(device, &client, &error) == 0) {
		if (buffer_list(client, &list, &count, &error) == 0) {
			for (size_t i = 0; i < count; i++) {
				char word[BUFFER_NAME_SIZE + 1];
				char size[SIZE_TEXT];

				snprintf(word, sizeof(word), "%s%s", prefix, list[i].name);
				size_format(list[i].length, size);
				if (list[i].name[0])
					described(c, word, size);
			}
			buffer_list_free(list);
		}
		buffer_client_close(client);
	}
	device_close(device);
}

static void buffers(const struct completion *c)
{
	prefixed_buffers(c, "");
}

/* BAR numbers; with SUFFIX ":" as an operand starts. */
static void suffixed_bars(const struct completion *c, const char *suffix)
{
	struct device *device = open_device(c);
	struct bar list[DEVICE_BARS + 1];
	struct error error;

	if (!device)
		return;
	if (device_bars(device, list, &error) == 0) {
		for (unsigned int i = 0; i < DEVICE_BARS; i++) {
			char word[8];
			char size[SIZE_TEXT];

			snprintf(word, sizeof(word), "%u%s", i, suffix);
			size_format(list[i].size, size);
			if (list[i].state == BAR_ASSIGNED)
				described(c, word, size);
		}
	}
	device_close(device);
}

static void bars(const struct completion *c)
{
	suffixed_bars(c, "");
}

static void config_names(const struct completion *c)
{
	const char *name;

	for (size_t i = 0; (name = config_name_at(i)); i++)
		candidate(c, name);
}

/* "CTRL.MODE=": the names of the field's values. */
static void values(const struct completion *c, struct regmap *map, const char *equals)
{
	bool is_written = equals[0] == '=' && equals[1] != '=';
	struct regmap_item item;
	char word[2 * REGISTER_NAME_SIZE];
	size_t n = (size_t)(equals - c->last);

	snprintf(word, sizeof(word), "%.*s", (int)n, c->last);
	if (n >= REGISTER_NAME_SIZE || regmap_find(map, word, &item, NULL) < 0 || !item.field)
		return;
	n += strspn(equals, "=!<>");
	for (uint32_t i = 0; i < item.field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[item.field->first_enum + i];

		if ((is_written ? e->not_for_write : e->not_for_read) ||
		    !regmap_enum_has_value(item.field, e))
			continue;
		snprintf(word, sizeof(word), "%.*s%s", (int)n, c->last, e->name);
		described(c, word, e->description);
	}
}

/* A register by NAME, and its fields once it is typed. */
static void register_words(const struct completion *c, const struct regmap *map,
			   const struct regmap_register *reg, const char *name)
{
	size_t n = strlen(name);

	described(c, name, reg->description);
	if (strncmp(c->last, name, n) != 0 || c->last[n] != '.')
		return;
	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);
		char word[2 * REGISTER_NAME_SIZE];

		snprintf(word, sizeof(word), "%s.%s", name, field->name);
		described(c, word, field->description);
	}
}

/* The names of MAP, or behind one the names of its values. */
static void map_words(const struct completion *c, struct regmap *map)
{
	const char *compare = strpbrk(c->last, "=!<>");

	if (compare)
		values(c, map, compare);
	else if (regmap_complete(map, NULL) < 0)
		return;
	for (size_t i = 0; !compare && i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		register_words(c, map, reg, reg->short_name);
		if (reg->name != reg->short_name)
			register_words(c, map, reg, reg->name);
	}
}

/* The device's map, or the one that was named. */
static void registers(const struct completion *c)
{
	struct device *device = open_device(c);
	struct regmap *map = NULL;
	struct regmap_id id;
	struct error error;
	bool has_id = device && access_map_id(device, &id) == 0;

	device_close(device);
	if (regmap_set_get_part(c->ctx, has_id ? &id : NULL, &map, &error) == 0 && map)
		map_words(c, map);
}

/* The device's capabilities; false: it has none that are known, or sleeps, and a key is no reason to wake it. */
static bool capabilities_of(struct device *device, struct config_map **map)
{
	struct error ignored;

	return device && !power_is_asleep(device) && config_map_make(device, map, &ignored) == 0;
}

/* setpci's names, and those of the table that the device has. */
static void config_registers(const struct completion *c)
{
	struct device *device = open_device(c);
	struct config_map *map = NULL;

	config_names(c);
	if (capabilities_of(device, &map))
		map_words(c, map->regmap);
	config_map_free(map);
	device_close(device);
}

/* What `config show` takes: the device's capabilities, or all that there are; their registers once one is typed. */
static void capabilities(const struct completion *c)
{
	struct device *device = open_device(c);
	struct config_map *map = NULL;
	const struct config_block *block;

	candidate(c, "header");
	if (capabilities_of(device, &map)) {
		for (size_t i = 1; i < map->block_count; i++) {
			char name[48];

			config_map_block_name(&map->blocks[i], name, sizeof(name));
			described(c, name, map->blocks[i].block->title);
		}
		if (strchr(c->last, '.'))
			map_words(c, map->regmap);
	} else {
		for (size_t i = 1; (block = config_block_at(i)); i++)
			described(c, block->name, block->title);
	}
	config_map_free(map);
	device_close(device);
}

/* The bits of both mask registers. */
static void aer_errors(const struct completion *c)
{
	for (const struct config_register *reg = config_aer.registers; reg->name; reg++) {
		if (strcmp(reg->name, "UNCOR_MASK") != 0 && strcmp(reg->name, "COR_MASK") != 0)
			continue;
		for (const struct config_field *field = reg->fields; field->name; field++)
			described(c, field->name, field->title);
	}
}

/* The ways that the device can be reset. */
static void reset_words(const struct completion *c)
{
	struct device *device = open_device(c);
	struct reset_methods methods;
	struct error error;

	if (!device)
		return;
	if (reset_methods_read(device, &methods, &error) == 0) {
		for (size_t i = 0; i < methods.count; i++)
			candidate(c, methods.list[i]);
	}
	device_close(device);
}

static void references(const struct completion *c)
{
	suffixed_bars(c, ":");
	prefixed_buffers(c, "@");
	registers(c);
}

/* Behind a name comes "=" or a comparison, and a value. */
static void tell_open(const struct completion *c)
{
	if (!strpbrk(c->last, "=!<>"))
		c->tell(c->data, COMPLETE_OPEN, NULL);
}

static void assigns(const struct completion *c)
{
	tell_open(c);
	references(c);
}

static void config_assigns(const struct completion *c)
{
	tell_open(c);
	config_registers(c);
}

static void files(const struct completion *c)
{
	c->tell(c->data, COMPLETE_FILES, NULL);
}

static void directories(const struct completion *c)
{
	c->tell(c->data, COMPLETE_DIRECTORIES, NULL);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Fixed words, or who knows them. */
static const struct {
	const char *const *words;
	void (*find)(const struct completion *c);
} kinds[] = {
	[WORD_NONE] = { .words = NULL },
	[WORD_REF] = { .find = references },
	[WORD_ASSIGN] = { .find = assigns },
	[WORD_BUFFER] = { .find = buffers },
	[WORD_CAPABILITY] = { .find = capabilities },
	[WORD_CONFIG] = { .find = config_registers },
	[WORD_CONFIG_ASSIGN] = { .find = config_assigns },
	[WORD_FILE] = { .find = files },
	[WORD_DEVICE] = { .find = devices },
	[WORD_ID] = { .find = ids },
	[WORD_BAR] = { .find = bars },
	[WORD_WIDTH] = { .words = WORDS("8", "16", "32", "64") },
	[WORD_BACKEND] = { .words = backend_names },
	[WORD_COLOR] = { .words = color_names },
	[WORD_DRIVER] = { .words = WORDS("helper", "vfio", "uio") },
	[WORD_IRQ_TYPE] = { .words = WORDS("auto", "intx", "msi", "msix") },
	[WORD_PATTERN] = { .words = WORDS("zero", "ones", "count8", "count32", "walking1", "prbs31",
					  "constant:") },
	[WORD_DIRECTORY] = { .find = directories },
	[WORD_GENERATION] = { .words = WORDS("1", "2", "3", "4", "5", "6", "7") },
	[WORD_POWER] = { .words = WORDS("on", "off") },
	[WORD_LED] = { .words = WORDS("on", "off", "blink") },
	[WORD_ASPM] = { .words = WORDS("show", "off", "l0s", "l1", "l1ss") },
	[WORD_AER_ERROR] = { .find = aer_errors },
	[WORD_RESET_METHOD] = { .find = reset_words },
	[WORD_CAPTURE_FORMAT] = { .words = WORDS("raw", "records", "pcap") },
	[WORD_CAPTURE_ORDER] = { .words = WORDS("submitted", "completed", "strict") },
	[WORD_MAP_FORMAT] = { .words = WORDS("text", "svd", "ipxact", "header", "markdown") },
	[WORD_TRACE_FORMAT] = { .words = WORDS("batch", "c", "map", "lua") },
};

static void words_of_kind(const struct completion *c, enum word_kind kind)
{
	for (const char *const *word = kinds[kind].words; word && *word; word++)
		candidate(c, *word);
	if (kinds[kind].find)
		kinds[kind].find(c);
}

/* "-s", "--slot", "-s01:00.0", "--slot=01:00.0": the row, and where an argument in the same word starts, or NULL. */
static const struct option_row *find_option(const enum option_id *ids, const char *word,
					    const char **argument)
{
	size_t n = strcspn(word, "=");

	for (; ids && *ids; ids++) {
		const struct option_row *row = &option_table[*ids];

		*argument = NULL;
		if (word[0] == '-' && word[1] == '-' && n == strlen(row->name) + 2 &&
		    strncmp(word + 2, row->name, n - 2) == 0) {
			if (word[n])
				*argument = word + n + 1;
			return row;
		}
		if (word[0] == '-' && word[1] && word[1] == row->letter) {
			if (word[2])
				*argument = word + 2;
			return row;
		}
	}
	return NULL;
}

static const struct option_row *option_of(const struct command *command, const char *word,
					  const char **argument)
{
	const struct option_row *o = find_option(common_options, word, argument);

	return o || !command ? o : find_option(command->options, word, argument);
}

static void list_options(const struct completion *c, const enum option_id *ids)
{
	for (; ids && *ids; ids++) {
		char help[OPTION_HELP_SIZE];
		char word[64];

		snprintf(word, sizeof(word), "--%s", option_table[*ids].name);
		described(c, word, option_help(&option_table[*ids], help));
	}
}

/* Behind NOUN: "" when NAME is a word by itself, its verb; NULL: it is another noun's. */
static const char *verb_of(const char *name, const char *noun)
{
	size_t n = strlen(noun);

	if (strncmp(name, noun, n) != 0)
		return NULL;
	return name[n] == ' ' ? name + n + 1 : name[n] ? NULL : "";
}

/* "show, watch, retrain": the verbs of NOUN; of a word that is a command by itself its summary. */
static void describe_noun(const struct completion *c, const char *noun, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (const struct command *const *table = c->tables; *table; table++) {
		for (const struct command *command = *table; command->name && used < size; command++) {
			const char *verb = verb_of(command->name, noun);

			if (verb)
				used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
							 *verb ? verb : command->summary);
		}
	}
}

/* A noun's commands stand together; a table may have several nouns. */
static void nouns(const struct completion *c)
{
	char previous[32] = "";

	for (const struct command *const *table = c->tables; *table; table++) {
		for (const struct command *command = *table; command->name; command++) {
			char noun[32];
			char text[120];

			snprintf(noun, sizeof(noun), "%.*s", (int)strcspn(command->name, " "), command->name);
			if (strcmp(noun, previous) == 0)
				continue;
			describe_noun(c, noun, text, sizeof(text));
			described(c, noun, text);
			snprintf(previous, sizeof(previous), "%s", noun);
		}
	}
}

static void verbs(const struct completion *c, const char *noun)
{
	for (const struct command *const *table = c->tables; *table; table++) {
		for (const struct command *command = *table; command->name; command++) {
			const char *verb = verb_of(command->name, noun);

			if (verb && *verb)
				described(c, verb, command->summary);
		}
	}
}

struct scan {
	const char *words[2]; /* noun, verb */
	int count;
	const struct command *command;
	const struct option_row *pending; /* an option whose argument comes next */
	bool ended; /* by "--": only operands come */
	bool helps; /* behind "help": no operands come */
};

static void take_option_argument(struct completion *c, const struct option_row *o, const char *arg)
{
	struct error error;

	if (o == &option_table[OPTION_SLOT])
		c->selected = selector_set_slot(&c->selector, arg, &error) == 0;
	else if (o == &option_table[OPTION_DEVICE])
		c->selected = selector_set_id(&c->selector, arg, &error) == 0;
	else if (o == &option_table[OPTION_MAP])
		c->own.map_file = arg;
	else if (o == &option_table[OPTION_SYSROOT])
		c->own.sysroot = arg;
}

/* A word that is a command by itself may have verbs too: the next word tells. */
static void scan_command(const struct completion *c, struct scan *s, char *word)
{
	const struct command *command;
	struct error error;
	int used = 0;

	/* what comes behind is a command again */
	if (s->count == 0 && strcmp(word, "help") == 0) {
		s->helps = true;
		return;
	}
	if (s->count == 2)
		return;
	s->words[s->count++] = word;
	command = command_find(c->tables, NULL, (char **)s->words, s->count, &used, &error);
	if (command && used == s->count)
		s->command = command;
}

static void scan_word(struct completion *c, struct scan *s, char *word)
{
	if (s->ended)
		return;
	if (s->pending) {
		take_option_argument(c, s->pending, word);
		s->pending = NULL;
		return;
	}
	s->ended = strcmp(word, "--") == 0;
	if (word[0] == '-') {
		const char *argument;
		const struct option_row *o = option_of(s->command, word, &argument);

		if (o && o->argument && argument)
			take_option_argument(c, o, argument);
		else if (o && o->argument)
			s->pending = o;
		return;
	}
	scan_command(c, s, word);
}

void complete_words(command_tables tables, const struct context *ctx, const struct selector *selector,
		    char **argv, int argc, bool describes, complete_tell tell, void *data)
{
	struct completion c = {
		.tables = tables,
		.own = *ctx,
		.last = argc > 0 ? argv[argc - 1] : "",
		.tell = tell,
		.data = data,
		.describes = describes,
		.selected = selector != NULL,
	};
	struct scan s = { .count = 0 };
	const struct option_row *o;
	const char *argument;

	c.ctx = &c.own;
	if (selector)
		c.selector = *selector;
	else
		selector_init(&c.selector);
	for (int i = 0; i < argc - 1; i++)
		scan_word(&c, &s, argv[i]);
	if (s.pending) {
		words_of_kind(&c, s.pending->word);
	} else if (!s.ended && strncmp(c.last, "--", 2) == 0 &&
		   (o = option_of(s.command, c.last, &argument)) && o->argument && argument) {
		c.prefix = c.last;
		c.prefix_length = (size_t)(argument - c.last);
		c.last = argument;
		words_of_kind(&c, o->word);
	} else if (c.last[0] == '-' && !s.ended) {
		list_options(&c, common_options);
		if (s.command)
			list_options(&c, s.command->options);
	} else if (!s.command) {
		if (s.count)
			verbs(&c, s.words[0]);
		else
			nouns(&c);
		if (s.count == 0 && !s.helps)
			described(&c, "help", "show how a command is used");
	} else {
		if (s.count == 1 && !s.ended)
			verbs(&c, s.words[0]);
		if (!s.helps)
			words_of_kind(&c, s.command->operand_kind);
	}
}

static void print_word(void *data, const char *word, const char *what)
{
	const bool *describes = data;

	fputs(word, stdout);
	/* a map's descriptions may have several lines; what is shown is the first */
	if (*describes && what && *what && word[0] != '\0')
		printf("\t%.*s", (int)strcspn(what, "\t\r\n"), what);
	putchar('\n');
}

int complete(command_tables tables, const struct context *ctx, bool describes, char **argv, int argc)
{
	const char *fallback = getenv("PCIETOOL_DEVICE");
	struct selector selector;
	struct error error;
	bool selected;

	selector_init(&selector);
	selected = fallback && *fallback && selector_set_default(&selector, fallback, &error) == 0;
	complete_words(tables, ctx, selected ? &selector : NULL, argv, argc, describes, print_word,
		       &describes);
	return 0;
}
