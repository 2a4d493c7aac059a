"""Faults of a check or of the engine, as opposed to what a learner's code did.

A fault is no `Exception`: `except ValueError` around a learner's call must not take it for the learner's refusal. And because
a check can catch even that (`except:`, `finally: return`), whoever meets a fault first remembers it; see `rpc_client.RpcClient`.
"""


class Fault(BaseException):
    """The check cannot be answered; its outcome is an error, whatever its code does next."""


class WireError(Fault):
    """A value that cannot cross, or a message that is not one of ours."""


class HandleMisuse(Fault):
    """A check asked an object of the notebook for what it may not decide, as whether it equals the right answer."""


class ChangedInPlace(Fault):
    """The learner's code changed what a hidden check had only shown it; the check has failed."""


class Unfinished(Fault):
    """A check needs what an earlier one did not come to define."""


class TooEarly(Fault):
    """A cell that runs before all hidden checks asked for hidden data."""


class TooManyQuestions(Fault):
    """A check asked the notebook more often than it may: what it was given has to be asked about piece by piece."""
