// SPDX-License-Identifier: GPL-2.0-or-later
/* map list: which register maps are there, and which one a device gets. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd/map.h"
#include "cli/maps.h"
#include "cli/writer.h"

static bool is_map_name(const char *name)
{
	size_t n = strlen(name);

	for (const char *const *ending = regmap_endings; *ending; ending++) {
		size_t e = strlen(*ending);

		if (n > e && strcmp(name + n - e, *ending) == 0)
			return true;
	}
	return false;
}

static int map_filter(const struct dirent *entry)
{
	return is_map_name(entry->d_name);
}

static void view_file(struct invocation *inv, const char *path, const char *used)
{
	struct writer *w = inv->out;
	struct regmap *map = NULL;
	struct error error = { 0 };
	bool is_used = used && strcmp(path, used) == 0;

	writer_object(w, NULL);
	writer_string(w, "path", is_used ? "* " : "  ", path);
	writer_bool(w, "used", NULL, is_used);
	if (regmap_load_found(path, &map, &error) == 0) {
		writer_string(w, "name", "  ", map->name);
		writer_string(w, "format", ", ", map_format_name(map));
		map_view_id(w, map);
		writer_number(w, "registers", ", registers ", map->register_count);
		writer_number(w, "fields", NULL, map->field_count);
	} else {
		writer_null(w, "name", "  ", error.message);
	}
	writer_line(w);
	writer_end(w);
	regmap_close(map);
}

int map_list(struct invocation *inv)
{
	const char *const *folder = regmap_set_folders(inv->ctx.maps);
	struct regmap_id id;
	bool has_id = map_choice_id(inv, &id);
	char used[PATH_MAX];
	bool has_used = regmap_set_path(&inv->ctx, has_id ? &id : NULL, used, sizeof(used)) == 0;

	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "folders");
	for (; *folder; folder++) {
		struct dirent **names;
		int count = scandir(*folder, &names, map_filter, alphasort);

		writer_object(inv->out, NULL);
		writer_string(inv->out, "folder", "", *folder);
		writer_text(inv->out, "%s", count < 0 ? ": not there" : count == 0 ? ": none" : ":");
		writer_line(inv->out);
		writer_array(inv->out, "maps");
		for (int i = 0; i < count; i++) {
			char path[PATH_MAX];

			if (snprintf(path, sizeof(path), "%s/%s", *folder, names[i]->d_name) <
			    (int)sizeof(path))
				view_file(inv, path, has_used ? used : NULL);
			free(names[i]);
		}
		if (count >= 0)
			free(names);
		writer_end(inv->out);
		writer_end(inv->out);
	}
	writer_end(inv->out);
	if (has_used)
		writer_string(inv->out, "used", NULL, used);
	else
		writer_null(inv->out, "used", NULL,
			    has_id ? "there is none for the device" : "no device is selected");
	return 0;
}
