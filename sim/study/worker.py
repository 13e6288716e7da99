"""A worker process: computes the chunks that the study which started it sends down a socket."""

from __future__ import annotations

import signal
import sys
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
    with Connection(descriptor) as line:
        while True:
            try:
                line.send(run_chunk(line.recv()))
            except (EOFError, BrokenPipeError, ConnectionResetError):
                return


if __name__ == "__main__":
    serve(int(sys.argv[1]))
