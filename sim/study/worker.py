"""A worker process: computes the chunks that the study which started it sends down a socket."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from multiprocessing.connection import Connection

from sim.study.chunk import run_chunk


def serve(descriptor: int) -> None:
    """Compute chunks until the line is cut.

    Parameters
    ----------
    descriptor : int
        File descriptor of the worker's end of the socket.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the study's business: it lets chunks come to their end
    threading.Thread(target=_end_with_the_study, args=(descriptor,), daemon=True).start()
    with Connection(descriptor) as line:
        while True:
            try:
                line.send(run_chunk(line.recv()))
            except (EOFError, BrokenPipeError, ConnectionResetError):
                return


def _end_with_the_study(descriptor: int) -> None:
    """End this process as soon as the other end of the line is closed, even in the middle of an hour's run."""
    line = select.poll()
    line.register(descriptor, 0)  # of no event but that the line is cut, which is always told
    line.poll()
    os._exit(0)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
