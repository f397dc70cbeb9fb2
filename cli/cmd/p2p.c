// SPDX-License-Identifier: GPL-2.0-or-later
/* p2p: do two devices reach each other's memory without the root complex? */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/fields.h"
#include "core/fabric/acs.h"
#include "core/pci/iommu_group.h"

/* As the operand names it, in the topology. */
static int find_node(struct invocation *inv, const struct topology *topology, const char *operand,
		     const struct topology_node **node)
{
	struct pci_address address;
	struct selector selector;
	int rc;

	selector_init(&selector);
	rc = selector_set_slot(&selector, operand, &inv->error);
	if (rc == 0)
		rc = selector_one(&inv->ctx, &selector, &address, &inv->error);
	if (rc < 0)
		return rc;
	*node = topology_find(topology, &address);
	if (!*node)
		return error_set(&inv->error, ERROR_SELECT, "no-device", "%s: no such device", operand);
	return 0;
}

static const char *explain(const struct peer_path *path)
{
	switch (path->verdict) {
	case PEER_SAME:
		return "they are one function";
	case PEER_ABOVE:
		return "one is a bridge above the other: what they exchange goes nowhere else";
	case PEER_DEVICE:
		return "functions of one device: inside of it, if it does that";
	case PEER_BUS:
		return "directly, on the conventional PCI bus that both are on";
	case PEER_DIRECT:
		return "directly, in the switch where their ways meet; an IOMMU sees nothing of it";
	case PEER_REDIRECTED:
		return path->translated_direct ? "redirected to the root complex by ACS, but for addresses "
						 "that ATS has translated"
					       : "redirected to the root complex by ACS";
	case PEER_BLOCKED:
		return "blocked by ACS egress control";
	case PEER_ROOT_COMPLEX:
		return path->same_host_bridge
			       ? "depends on the root complex: Linux allows it for those in its list "
				 "(drivers/pci/p2pdma.c)"
			       : "depends on the root complex, between two host bridges: Linux allows it "
				 "for those in its list (drivers/pci/p2pdma.c)";
	case PEER_UNKNOWN:
		break;
	}
	return "ACS of the ports in between cannot be read";
}

static void write_end(struct invocation *inv, const char *key, const struct topology_node *node)
{
	struct writer *w = inv->out;
	struct fact_number group;
	struct fact_text type;

	iommu_group_of(&inv->ctx, node->name, &group, &type);
	writer_column(w, FIELDS_COLUMN);
	writer_object(w, key);
	writer_string(w, "address", "", node->name);
	field_number(w, "iommu_group", ", IOMMU group ", &group);
	field_text(w, "iommu_type", group.reason ? NULL : ", type ", &type);
	writer_end(w);
	writer_line(w);
}

static void write_port(struct writer *w, const struct peer_port *port)
{
	const char *type = peer_port_type_name(port->type);

	writer_column(w, FIELDS_COLUMN);
	writer_object(w, NULL);
	writer_string(w, "side", "", port->is_of_b ? "b" : "a");
	writer_string(w, "address", " ", port->node->name);
	if (type)
		writer_string(w, "type", " ", type);
	else
		writer_null(w, "type", NULL, "unknown");
	if (!type)
		writer_text(w, " of unknown type");
	field_acs(w, port->acs.reason == ACS_NONE ? ": " : port->acs.reason ? ": ACS " : ": on ", &port->acs);
	writer_bool(w, "redirects", NULL, port->redirects != 0);
	writer_bool(w, "blocks", NULL, port->blocks);
	writer_end(w);
	writer_line(w);
}

/* In the text, as two ways: at boot, which is when Linux makes its groups, and until then by hand. */
static void change_text(struct writer *w, const struct peer_path *path)
{
	const char *separator =
		"to have it direct, and the two no longer apart: boot with pci=disable_acs_redir=";

	for (unsigned int i = 0; i < path->port_count; i++) {
		if (!path->ports[i].redirects)
			continue;
		writer_text(w, "%s%s", separator, path->ports[i].node->name);
		separator = ";";
	}
	writer_line(w);
	writer_text(w, "or until the next boot:");
	writer_line(w);
}

/* What would let it through. */
static void write_changes(struct writer *w, const struct peer_path *path)
{
	bool any = path->verdict == PEER_REDIRECTED || path->verdict == PEER_BLOCKED;

	if (any)
		change_text(w, path);
	writer_array(w, "changes");
	for (unsigned int i = 0; any && i < path->port_count; i++) {
		const struct peer_port *port = &path->ports[i];
		char command[96];

		if (!port->redirects)
			continue;
		snprintf(command, sizeof(command), "pcietool -s %s config write ECAP_ACS+6/16=0:0x%x",
			 port->node->name, port->redirects);
		writer_object(w, NULL);
		writer_string(w, "address", NULL, port->node->name);
		writer_hex(w, "clear", NULL, port->redirects, 4);
		writer_string(w, "command", "  ", command);
		writer_end(w);
		writer_line(w);
	}
	writer_end(w);
}

static void write_path(struct invocation *inv, const struct peer_path *path)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	if (path->verdict == PEER_UNKNOWN)
		writer_null(w, "verdict", "unknown, ", path->reason);
	else
		writer_string(w, "verdict", "", peer_verdict_name(path->verdict));
	writer_string(w, "explanation", ": ", explain(path));
	writer_line(w);
	write_end(inv, "a", path->a);
	write_end(inv, "b", path->b);
	if (path->common) {
		writer_column(w, FIELDS_COLUMN);
		writer_string(w, "common", "meet in ", path->common->name);
		writer_line(w);
	} else {
		writer_null(w, "common", NULL, "none but the root complex");
	}
	writer_bool(w, "same_host_bridge", NULL, path->same_host_bridge);
	writer_bool(w, "translated_direct", NULL, path->translated_direct);
	writer_array(w, "ports");
	for (unsigned int i = 0; i < path->port_count; i++)
		write_port(w, &path->ports[i]);
	writer_end(w);
	write_changes(w, path);
}

static int run_p2p(struct invocation *inv)
{
	const struct topology_node *a = NULL;
	const struct topology_node *b = NULL;
	struct topology *topology;
	struct peer_path *path;
	int rc;

	rc = topology_read(&inv->ctx, &topology, &inv->error);
	if (rc < 0)
		return rc;
	rc = find_node(inv, topology, inv->operands[0], &a);
	if (rc == 0)
		rc = find_node(inv, topology, inv->operands[1], &b);
	if (rc < 0)
		goto out_free;
	path = calloc(1, sizeof(*path));
	if (!path) {
		rc = error_errno(&inv->error, -ENOMEM, "the way between them");
		goto out_free;
	}
	peer_path_read(&inv->ctx, a, b, path);
	write_path(inv, path);
	free(path);
out_free:
	topology_free(topology);
	return rc;
}

const struct command p2p_commands[] = {
	{
		.name = "p2p",
		.operands = "ADDRESS ADDRESS",
		.summary = "Say which way DMA between two devices goes, and what is in its way",
		.details = "Directly in a switch, to the root complex as ACS redirects it, blocked, or by "
			   "different root ports; with every port in between, and what to change. Selects "
			   "by its operands, not by -s or -d. Reading ACS is for root.",
		.min_operands = 2,
		.max_operands = 2,
		.operand_kind = WORD_DEVICE,
		.offline = true,
		.run = run_p2p,
	},
	{ 0 },
};
