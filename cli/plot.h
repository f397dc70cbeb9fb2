/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A picture in a file, .svg or .png, by gnuplot: a program of its own, which is given its script on standard input and writes
 * the picture to standard output. So no file's name is in a script; what titles say is text there, whatever it is.
 */
#ifndef PCIETOOL_PLOT_H
#define PCIETOOL_PLOT_H

#include "core/base/text_buffer.h"

struct error;
struct invocation;

/* Starts zeroed. */
struct plot {
	struct text_buffer settings;
	struct text_buffer data;
	struct text_buffer curves;
	unsigned int count; /* of curves */
};

/* Is FILE's ending one of both (2), and gnuplot there (6)? Before what is to be seen is done. NULL: nothing is asked for. */
int plot_check(const char *file, struct error *error);

void plot_titles(struct plot *plot, const char *title, const char *x, const char *y);
/* SETTINGS: lines of gnuplot's language, our own. */
void plot_settings(struct plot *plot, const char *settings);
/* The points that follow are a curve, drawn as STYLE says ("steps"). */
void plot_curve(struct plot *plot, const char *title, const char *style);
void plot_point(struct plot *plot, double x, double y);

/* FILE is there, or the reason why not and nothing of it. Frees PLOT's. */
int plot_write(struct plot *plot, struct invocation *inv, const char *file);

#endif
