"""Published models behind the interface of :mod:`sim.model`."""
