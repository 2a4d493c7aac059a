"""The notebook as its reference left it, in which one solution cell after another is replaced and put back."""

import functools
import json
import re
import types

import keras
import numpy as np
import tensorflow as tf

from . import functions, linear, objects, transforms, values, weights

SEED = 20200311
_OF_IPYTHON = re.compile(r"_|__|___|_i+|_i?\d+|_[dio]h|In|Out|exit|quit|get_ipython|open")
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, functools.partial, types.MethodType)
_IN_PLACE = ("nothing", "untrained", "zero-weights")
_MANNERS = ("plain-python", "python-in-graph")  # another way to right answers


class Stage:
    """`cells` maps a solution cell to the names that it is the last to bind."""

    def __init__(self, namespace, cells):
        self._namespace = namespace
        self._cells = cells
        self._before = {}
        self._bound_before = {}
        self._trained = {}  # of each cell, its weights' old values by id
        self._run = None
        self._samples = {}  # of each cell, answers of the reference
        weights.watch()
        linear.watch(is_straightened=False)

    def enter(self, cell):
        """A solution cell is about to run."""
        self._before = weights.values()
        self._bound_before[cell] = {
            name: self._namespace[name] for name in self._cells[cell] if name in self._namespace
        }

    def leave(self, cell):
        """A solution cell has run."""
        self._trained[cell] = weights.changed_since(self._before)
        self._before = {}

    def freeze(self):
        """All cells have run: this is what every mutant begins with."""
        self._all = {name: item for name, item in self._namespace.items() if not _OF_IPYTHON.fullmatch(name)}
        self._weights = weights.values()
        self._variables = [(item, item.numpy()) for item in self._all.values() if isinstance(item, tf.Variable)]
        self._plain = [
            (item, values.copied(item))
            for item in self._all.values()
            if isinstance(item, (list, dict, np.ndarray)) and values.try_digest(item)
        ]
        self._say(bent=len(linear.bent))

    def begin(self, cell, kind):
        """Replace a cell. Say how many things were replaced, and whether any is another value already."""
        keras.utils.set_random_seed(SEED)
        self._run = run = functions.Run(kind)
        replaced, changed, has_right_model = 0, False, False
        names = [name for name in self._cells[cell] if name in self._namespace]
        for name in sorted(names, key=lambda name: isinstance(self._namespace[name], keras.callbacks.History)):
            old = self._namespace[name]
            if has_right_model and isinstance(old, keras.callbacks.History):
                continue  # a history of training is nobody's answer, while the model beside it is right
            new, is_replaced, is_changed = self._stand_in(run, cell, name, old)
            self._namespace[name] = new
            replaced, changed = replaced + is_replaced, changed or is_changed
            has_right_model = has_right_model or (isinstance(old, keras.layers.Layer) and not is_replaced)
        if not any(_is_called(self._all[name]) for name in names if name in self._all) and (
            has_right_model or not changed
        ):
            replaced = 0  # every value is what it was, or stands beside a model that is right
        if kind in ("untrained", "zero-weights") and not self._makes_models(cell):
            replaced = 0
        if kind in _IN_PLACE and self._trained.get(cell):
            is_zero = kind == "zero-weights"
            weights.restore({number: old * 0 if is_zero else old for number, old in self._trained[cell].items()})
            replaced, changed = replaced + 1, True
        self._say(
            replaced=replaced,
            changed=changed,
            is_right=has_right_model and not changed,
            signature=self._signature(cell, kind),
        )

    def mark(self, is_public):
        """Return [calls, differing, applied] since the last mark; what follows is public or not."""
        run = self._run
        found = [run.calls, run.differing, run.applied]
        run.calls = run.differing = run.applied = 0
        run.is_public = is_public
        return found

    def end(self, cell):
        """Put everything back."""
        if self._run and self._run.samples:
            self._samples.setdefault(cell, self._run.samples)
        for name in [name for name in self._namespace if name not in self._all and not _OF_IPYTHON.fullmatch(name)]:
            del self._namespace[name]
        self._namespace.update(self._all)
        weights.restore(self._weights)
        for variable, value in self._variables:
            variable.assign(value)
        for item, kept in self._plain:
            _put_back(item, kept)
        self._run = None

    def _stand_in(self, run, cell, name, value):
        """Return what stands in for a value, whether it is something else, and whether it is known to differ."""
        kind = run.kind
        if kind == "reference" or isinstance(value, types.ModuleType):
            return value, False, False
        if kind in _MANNERS:
            if not objects.is_graph_function(value):
                return value, False, False
            return objects.PlainPython(value) if kind == "plain-python" else objects.through_python(value), True, True
        if kind == "testifying":
            return objects.Testifier(value), True, True
        if objects.is_graph_function(value):
            transform = run.new_transform(name)
            if isinstance(transform, (transforms.Fill, transforms.Empty)):
                return objects.symbolic_junk(value, transform), True, True
            return run.wrap(name, value), True, False
        if isinstance(value, type):
            return run.wrap_class(name, value), True, False
        if isinstance(value, _FUNCTIONS):
            return run.wrap(name, value), True, False
        if kind == "nothing":
            return self._bound_before.get(cell, {}).get(name), True, True
        if isinstance(value, tf.Variable):
            return value, False, False
        transform = run.new_transform()
        if transform is None or kind in ("untrained", "zero-weights"):
            return value, False, False
        new = transform(value)
        return new, bool(transform.applied), transform.changed

    def _makes_models(self, cell):
        found = self._samples.get(cell)
        return found is None or any(isinstance(item, keras.layers.Layer) for item in tf.nest.flatten(found))

    def _signature(self, cell, kind):
        """Return a digest of what the kind makes of what this cell gave before; two kinds of one digest are one mutant."""
        samples = self._samples.get(cell)
        transform = functions.Run(kind).new_transform()
        if not samples or not isinstance(transform, (transforms.Fill, transforms.Empty, transforms.Nones)):
            return ""
        own = [self._all[name] for name in self._cells[cell] if name in self._all]
        if not all(isinstance(item, _FUNCTIONS) for item in own) or not values.try_digest(samples):
            return ""
        found = values.try_digest([transform(item) for item in samples])
        return found.hex() if found else ""

    def _say(self, **said):
        print("\n@" + json.dumps(said), flush=True)


def _is_called(value):
    return objects.is_graph_function(value) or isinstance(value, (type, *_FUNCTIONS))


def _put_back(item, kept):
    if isinstance(item, list):
        item[:] = values.copied(kept)
    elif isinstance(item, dict):
        item.clear()
        item.update(values.copied(kept))
    elif item.flags.writeable:
        item[...] = kept


def install(namespace, cells):
    """Make the stage and put it where cells and checks find it."""
    namespace["__stage__"] = Stage(namespace, cells)
