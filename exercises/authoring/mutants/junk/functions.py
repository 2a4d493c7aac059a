"""What stands in for a function of the notebook: a function that calls the reference and answers with something else."""

import functools
import inspect
import time

import keras
import numpy as np
import tensorflow as tf

from . import objects, transforms, values

SLOW = 0.05  # seconds of CPU time; what the reference said after so long is kept for the other mutants
MAX_KEPT = 500
_kept = {}  # (name, digest of the arguments) → the reference's plain answer


class Run:
    """One mutant at work: how often it was asked, how often it said something else than the reference."""

    def __init__(self, kind):
        self.kind = kind
        self.is_public = True
        self.calls = self.differing = self.applied = 0
        self.depth = 0
        self.samples = []
        self._first = {}  # of each function, its first public answer
        self._known = {}  # of each function, (digest, numbers, answer) of its public calls
        self._pools = {}

    def new_transform(self, name=""):
        """Return this kind's transform of answers, or None where the kind remembers instead."""
        if self.kind in ("zeros", "ones", "nan", "inf"):
            return transforms.Fill(self.kind)
        if self.kind.startswith("rank-") or self.kind == "no-rows":
            return transforms.Empty(self.kind)
        if self.kind == "none":
            return transforms.Nones()
        if self.kind == "typical":
            return transforms.Typical(self._pools.setdefault(name, {}), self.is_public)
        if self.kind == "agreeing":
            return objects.Agree()
        if self.kind in ("untrained", "zero-weights"):
            return transforms.Weights(self.kind)
        return None

    def wrap(self, name, reference):
        """Return the function that stands in for `reference`."""

        @functools.wraps(reference)
        def stand_in(*args, **kwargs):
            if self.depth:  # the reference is at work, and gets what is right
                return reference(*args, **kwargs)
            self.calls += 1
            return self._answer(name, reference, args, kwargs)

        if objects.is_graph_function(reference):
            stand_in.experimental_get_tracing_count = lambda: 1
        return stand_in

    def wrap_class(self, name, reference):
        """Return a subclass whose public methods are stand-ins."""
        methods = {
            method: self.wrap(f"{name}.{method}", body)
            for method, body in inspect.getmembers(reference, inspect.isfunction)
            if method in ("__call__", "call") or not method.startswith("_")
        }
        return type(reference.__name__, (reference,), {**methods, "__module__": reference.__module__})

    def _answer(self, name, reference, args, kwargs):
        if self.kind == "nothing":
            self.applied, self.differing = self.applied + 1, self.differing + 1
            return None
        wanted = self._evaluate(name, reference, args, kwargs)
        if len(self.samples) < 6:
            self.samples.append(wanted)
        transform = self.new_transform(name)
        if transform is None and any(isinstance(item, keras.layers.Layer) for item in tf.nest.flatten(wanted)):
            return wanted  # a model cannot be learnt by heart
        if transform is None:
            new = self._remembered(name, args, kwargs, wanted)
            self.applied += 1
            self.differing += not values.same(new, wanted)
            return values.copied(new)
        new = transform(wanted)
        self.applied += transform.applied
        self.differing += transform.changed
        return new

    def _evaluate(self, name, reference, args, kwargs):
        known = values.try_digest([args, kwargs])
        if known and (name, known) in _kept:
            return values.copied(_kept[name, known])
        started = time.process_time()
        self.depth += 1
        try:
            found = reference(*args, **kwargs)
        finally:
            self.depth -= 1
        is_slow = time.process_time() - started > SLOW
        if known and is_slow and len(_kept) < MAX_KEPT and values.try_digest(found):
            _kept[name, known] = values.copied(found)
        return found

    def _remembered(self, name, args, kwargs, wanted):
        if self.kind == "input":
            return _from_input(wanted, [*args, *kwargs.values()])
        zeros = transforms.Fill("zeros")
        if self.kind == "constant":
            if self.is_public:
                self._first.setdefault(name, values.copied(wanted))
            return self._first[name] if name in self._first else zeros(wanted)
        known = self._known.setdefault(name, {})
        key = values.try_digest([args, kwargs])
        if self.is_public:
            known[key] = (values.numbers([list(args), kwargs]), values.copied(wanted))
            return wanted
        if key in known:
            return known[key][1]
        if self.kind == "memorised-zeros" or not known:
            return zeros(wanted)
        if self.kind == "memorised-last":
            return list(known.values())[-1][1]
        return _nearest(known, values.numbers([list(args), kwargs]))


def _nearest(known, asked):
    alike = [(np.abs(place - asked).sum(), answer) for place, answer in known.values() if place.shape == asked.shape]
    return min(alike, key=lambda pair: pair[0])[1] if alike else list(known.values())[-1][1]


def _from_input(wanted, given):
    """Return the arguments in place of the answer: those of its shape where there are such, else the first."""
    if not given:
        return wanted
    if isinstance(wanted, tuple):
        return tuple(_from_input(item, given) for item in wanted)
    shape = (
        np.shape(wanted)
        if isinstance(wanted, np.ndarray) or values.is_scalar(wanted)
        else getattr(wanted, "shape", None)
    )
    for item in given:
        if type(item) is type(wanted) or isinstance(item, (np.ndarray, tf.Tensor)):
            if shape is None or getattr(item, "shape", ()) == shape:
                return item
    return given[0]
