"""Kernels with sockets in a folder, because parallel tests would race for TCP ports."""

import os
import tempfile

from jupyter_client.manager import AsyncKernelManager, KernelManager
from traitlets import default


def socket_path():
    return os.path.join(tempfile.mkdtemp(prefix="paddlelab-"), "kernel")


class LocalKernelManager(AsyncKernelManager):
    @default("transport")
    def _local_transport(self):
        return "ipc"

    @default("ip")
    def _local_ip(self):
        return socket_path()


def new_manager():
    return KernelManager(kernel_name="paddlelab", transport="ipc", ip=socket_path())


def start_kernel(timeout=120, **options):
    """A manager and a connected client."""
    manager = new_manager()
    manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=timeout)
    except RuntimeError:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        raise
    return manager, client
