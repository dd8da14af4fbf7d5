"""Networks: chains of layers with an input, their arrays, files and traces; and the zoo."""

from garasu.networks.config import describe, rebuild
from garasu.networks.network import Network
from garasu.networks.preparation import Preparation
from garasu.networks.trace import Trace, starts_at_u, trace

__all__ = ["Network", "Preparation", "Trace", "describe", "rebuild", "starts_at_u", "trace"]
