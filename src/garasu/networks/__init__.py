"""Networks: chains of layers with an input, their arrays, files and traces; and the zoo."""

from garasu.networks.config import describe, rebuild
from garasu.networks.heads import check_head
from garasu.networks.network import Network
from garasu.networks.preparation import Preparation
from garasu.networks.reach import check_reach
from garasu.networks.trace import Trace, starts_at_u, trace

__all__ = [
    "Network",
    "Preparation",
    "Trace",
    "check_head",
    "check_reach",
    "describe",
    "rebuild",
    "starts_at_u",
    "trace",
]
