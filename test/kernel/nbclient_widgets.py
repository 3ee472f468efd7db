"""Runs a notebook with nbclient; prints the state of its widgets, and nbconvert's page without that state (JSON)."""

import json
import sys

import nbformat
from local_kernel import LocalKernelManager
from nbclient import NotebookClient
from nbconvert import HTMLExporter

cells = [nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)]
notebook = nbformat.v4.new_notebook(cells=cells)
client = NotebookClient(notebook, kernel_name="paddlelab", timeout=120)
client.kernel_manager_class = LocalKernelManager
client.execute()
state = notebook.metadata.pop("widgets")["application/vnd.jupyter.widget-state+json"]["state"]
page, _ = HTMLExporter().from_notebook_node(notebook)
json.dump({"state": state, "page": page}, sys.stdout)
