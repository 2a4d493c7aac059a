"""The learner's models and graphs as checks ask for them: rebuilt here; a model is shown to predict what it does in the notebook."""

import hashlib
from typing import Any

from . import graphs, rebuild, rpc_client
from .rebuild import CannotRebuild

_DIFFERS = (
    "Rebuilt from its layers and weights, your model does not predict what it predicts in your notebook. "
    "Something that is neither a layer nor a weight changes what it says: a call or predict of your own, or state that a layer "
    "was given after it was built. Use Keras' own layers as they are."
)


class Models:
    """Rebuilds models within `memory_bytes`. What has been compared once need not be again."""

    def __init__(self, client: "rpc_client.RpcClient", seed: int, memory_bytes: int) -> None:
        self._client = client
        self._seed = seed
        self._memory_bytes = memory_bytes
        self._agreed: set[str] = set()

    def rebuild(self, model: Any) -> Any:
        """Return the learner's model (a name or a handle) rebuilt here. Raises CannotRebuild, which fails the check."""
        target = self._target(model)
        if not isinstance(target, rpc_client.Handle):
            raise CannotRebuild(f"{model if type(model) is str else 'This'} is not a Keras model.")
        try:
            described = self._client.ask("model", target)
        except rpc_client.LearnerError as error:
            raise CannotRebuild(f"The notebook's model could not be described: {error}") from None
        rebuilt = rebuild.rebuild(described, memory_bytes=self._memory_bytes)
        self._compare(rebuilt, target, _digest(described))
        return rebuilt

    def require(self, name: str) -> None:
        """Demand that a model of the notebook can be examined, where there is one of that name. Raises CannotRebuild."""
        if self._client.ask_for(bool, "has", name) and isinstance(self._target(name), rpc_client.Handle):
            self.rebuild(name)

    def graphs_of(self, function: Any) -> graphs.Traced:
        """Return the graphs of the learner's tf.function (a name or a handle), to be run here. Raises CannotRebuild."""
        target = self._target(function)
        if not isinstance(target, rpc_client.Handle):
            raise CannotRebuild(f"{function if type(function) is str else 'This'} is not a tf.function.")
        try:
            described = self._client.ask("graphs", target)
        except rpc_client.LearnerError as error:
            raise CannotRebuild(f"The notebook's function could not be described: {error}") from None
        return graphs.restore(described)

    def predict(self, model: Any, x: Any) -> Any:
        """Predictions of the rebuilt model, or by remote call where it cannot be rebuilt; always an array of floats."""
        import numpy as np

        try:
            predictions = self.rebuild(model).predict(x, verbose=0)
        except CannotRebuild:
            # What such a model answers could be made up. Authors use `rebuild` where points depend on it.
            predictions = self._target(model).predict(x, verbose=0)
        predictions = np.asarray(predictions)
        if predictions.dtype.kind not in "fiu" or len(predictions) != len(x):
            raise AssertionError("The model must predict one row of numbers for each row it is given.")
        return predictions.astype(np.float64)

    def _target(self, model: Any) -> Any:
        return self._client.ask("get", model) if type(model) is str else model

    def _compare(self, rebuilt: Any, target: Any, digest: str) -> None:
        """Ask both for the same rows, drawn from a source of their own: a check's draws stay what they are."""
        import numpy as np

        if digest in self._agreed:
            return
        rows = rebuild.drawn_rows(rebuilt, np.random.default_rng(self._seed + 1))
        if rows and not rebuild.agree(rebuilt, rows, self._notebook_predictions(target, rows)):
            raise CannotRebuild(_DIFFERS)
        self._agreed.add(digest)

    def _notebook_predictions(self, target: Any, inputs: list[Any]) -> list[Any] | None:
        try:
            predictions = self._client.ask("predictions", target, inputs)
        except rpc_client.LearnerError:
            return None
        return predictions if type(predictions) is list else []


def _digest(described: dict[str, Any]) -> str:
    digest = hashlib.sha256(described["config"].encode())
    for weight in described["weights"]:
        digest.update(weight.tobytes())
    return digest.hexdigest()
