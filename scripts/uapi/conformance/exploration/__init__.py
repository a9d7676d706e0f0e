"""The phases that send generated requests: boundaries by enumeration, values at random, and the links of the contract.

A generated request keeps every value that the contract refuses. Every value that the contract allows is replaced by a
real one where that takes an existing user, extension, phone call or view. What is then wrong with the request is
known, and with it what the answer has to be; each comparison names the requirement that it is made for.
"""

from uapi.conformance.exploration.coverage import cover
from uapi.conformance.exploration.explored import OPERATIONS
from uapi.conformance.exploration.generated import generated
from uapi.conformance.exploration.generation import MODES
from uapi.conformance.exploration.links import follow
from uapi.conformance.exploration.seeded import seeded

__all__ = ["MODES", "OPERATIONS", "cover", "follow", "generated", "seeded"]
