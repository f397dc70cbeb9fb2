#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Serves FOLDER over HTTP on a free port of loopback, as fifty node exporters would their metrics:  serve_metrics.py
# FOLDER PORTFILE. The port is in PORTFILE once it listens. What has no file of its own is served FOLDER/healthy.
import functools
import http.server
import os
import sys

folder, port_file = sys.argv[1:]


class Handler(http.server.SimpleHTTPRequestHandler):
    def translate_path(self, path):
        own = super().translate_path(path)
        return own if os.path.exists(own) else os.path.join(folder, "healthy")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
with open(port_file + ".new", "w", encoding="ascii") as file:
    file.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
server.serve_forever()
