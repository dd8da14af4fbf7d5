"""The audit kit: is this layer, loss or optimizer right? For Garasu's own rules and for yours.

    print(check_layer(MyLayer(3), in_shape=(4,)))

climbs a ladder of independent proofs and answers with the measured errors, or raises ``CheckFailure``, which names the
array, the place, what was expected and what came. The rungs:

    spec          announced shapes and names against real ones; the cache holds named arrays only
    dtype         float32 stays float32, float64 stays float64
    purity        nothing is written in place; a second run gives the same; array-api-strict runs the rule
    rows          a batch gives what its rows give one by one (in inference)
    padding       rows of weight 0 change nothing (in training)
    differences   the backward rule against central differences of the forward rule, away from kinks
    vjp           the backward rule against JAX's derivative of the forward rule
    float64       NumPy against XLA, forward and backward as two separate compiled programs, to 1e-9
    float32       the same to 1e-5
"""

from garasu.testing.check_layer import check_layer
from garasu.testing.check_loss import check_loss
from garasu.testing.check_optimizer import check_optimizer
from garasu.testing.check_rule import check_rule
from garasu.testing.failure import CheckFailure
from garasu.testing.report import Report, Rung

__all__ = ["CheckFailure", "Report", "Rung", "check_layer", "check_loss", "check_optimizer", "check_rule"]
