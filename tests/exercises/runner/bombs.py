"""Descriptions of models that would take all memory or time of an examiner, if it built them before it looked.

Run by the runtime's Python (`python -m tests.exercises.runner.bombs`); prints one JSON object: name to the words of the refusal, and
`bytes`, what the process took more than before the first. Imports TensorFlow only when run.
"""

import json
import sys

HUGE, LARGE = 2**28, 2**22
BOMBS = {
    # sizes beyond all measure
    "UpSampling2D": "sequential((4, 4, 1), layer('UpSampling2D', size=[HUGE, HUGE]))",
    "UpSampling1D": "sequential((4, 1), layer('UpSampling1D', size=HUGE))",
    "UpSampling3D": "sequential((4, 4, 4, 1), layer('UpSampling3D', size=[LARGE] * 3))",
    "RepeatVector": "sequential((4,), layer('RepeatVector', n=10**9))",
    "ZeroPadding1D": "sequential((4, 1), layer('ZeroPadding1D', padding=10**9))",
    "ZeroPadding2D": "sequential((4, 4, 1), layer('ZeroPadding2D', padding=[[LARGE, LARGE], [LARGE, LARGE]]))",
    "Resizing": "sequential((4, 4, 1), layer('Resizing', height=HUGE, width=HUGE))",
    "Resizing, padded": "sequential((4, 4, 1), layer('Resizing', height=LARGE, width=LARGE, pad_to_aspect_ratio=True))",
    "RandomCrop": "sequential((4, 4, 1), layer('RandomCrop', height=LARGE, width=LARGE))",
    "CenterCrop": "sequential((4, 4, 1), layer('CenterCrop', height=LARGE, width=LARGE))",
    "Embedding": "sequential((4,), layer('Embedding', input_dim=10**9, output_dim=10**9))",
    "Embedding, long": "sequential((4,), layer('Embedding', input_dim=LARGE, output_dim=64))",
    "Dense": "sequential((4,), layer('Dense', units=10**9))",
    "Dense, large": "sequential((1024,), layer('Dense', units=LARGE))",
    "Dense, by its build_config": "sequential((4,), built('Dense', (None, LARGE), units=1024))",
    "EinsumDense": "sequential((4, 4), layer('EinsumDense', equation='abc,cd->abd', output_shape=[None, 10**9]))",
    "CategoryEncoding": "sequential((4,), layer('CategoryEncoding', num_tokens=10**9))",
    "CategoryEncoding, one hot": "sequential((64,), layer('CategoryEncoding', num_tokens=LARGE, output_mode='one_hot'))",
    "Discretization": "sequential((4,), layer('Discretization', num_bins=10**9, output_mode='one_hot', bin_boundaries=None))",
    "Reshape": "sequential((4,), layer('Reshape', target_shape=[10**9, -1]))",
    "Input": "sequential((10**9,), layer('Flatten'))",
    "Input, three ways": "sequential((LARGE, LARGE, LARGE), layer('Flatten'))",
    "Input, many rows": "sequential((LARGE,), layer('Flatten'), batch=LARGE)",
    "GroupNormalization": "sequential((4, 4, 4), layer('GroupNormalization', groups=10**9))",
    "Conv2D, filters": "sequential((8, 8, 3), layer('Conv2D', filters=10**9, kernel_size=[3, 3]))",
    "Conv2D, kernel": "sequential((8, 8, 3), layer('Conv2D', filters=4, kernel_size=[LARGE, LARGE], padding='same'))",
    "Conv1D, dilation": "sequential((8, 3), layer('Conv1D', filters=4, kernel_size=[3], dilation_rate=[LARGE], padding='causal'), weights=[(3, 3, 4), (4,)])",
    "Conv3D, dilation": "sequential((4, 4, 4, 1), layer('Conv3D', filters=1, kernel_size=[2, 2, 2], dilation_rate=[2000] * 3, padding='same'), weights=[(2, 2, 2, 1, 1), (1,)])",
    "Conv2DTranspose, strides": "sequential((4, 4, 1), layer('Conv2DTranspose', filters=1, kernel_size=[2, 2], strides=[HUGE, HUGE]))",
    "Conv1DTranspose, strides": "sequential((4, 1), layer('Conv1DTranspose', filters=1, kernel_size=[2], strides=[LARGE]), weights=[(2, 1, 1), (1,)])",
    "Conv3DTranspose, strides": "sequential((4, 4, 4, 1), layer('Conv3DTranspose', filters=1, kernel_size=[2] * 3, strides=[1024] * 3), weights=[(2, 2, 2, 1, 1), (1,)])",
    "SeparableConv2D": "sequential((64, 64, 4), layer('SeparableConv2D', filters=1, kernel_size=[1, 1], depth_multiplier=10**5), weights=[(1, 1, 4, 10**5), (1, 1, 4 * 10**5, 1), (1,)])",
    "MaxPooling2D": "sequential((8, 8, 1), layer('MaxPooling2D', pool_size=[10**9, 10**9], padding='same'))",
    "AveragePooling3D": "sequential((2, 2, 2, 1), layer('AveragePooling3D', pool_size=[LARGE] * 3, padding='same'))",
    "StackedRNNCells": "sequential((4, 2), layer('RNN', cell=layer('StackedRNNCells', cells=[layer('LSTMCell', units=10**8)] * 3)))",
    "LSTM": "sequential((4, 2), layer('LSTM', units=10**9))",
    "LSTM, many steps": "sequential((LARGE, 1), layer('LSTM', units=64, return_sequences=True), weights=[(1, 256), (64, 256), (256,)])",
    "LSTM, unrolled": "sequential((LARGE, 1), layer('LSTM', units=8, unroll=True), weights=[(1, 32), (8, 32), (32,)])",
    "TimeDistributed": "sequential((1000, 1000, 1), layer('TimeDistributed', layer=layer('Dense', units=10**4)), weights=[(1, 10**4), (10**4,)])",
    "Bidirectional": "sequential((100, 2), layer('Bidirectional', layer=layer('LSTM', units=10**7)))",
    "MultiHeadAttention": "attention(LARGE // 8)",
    "layers within layers": "sequential((4,), nested(60))",
    "doubled within doubled": "sequential((4, 2), doubled(40))",
    "sequences within sequences": "within(100)",
    "thousands of layers": "sequential((4,), *[layer('Identity', name=f'i{n}') for n in range(3000)])",
    "a layer that is called for ever": "called(100_000)",
    "doubling by addition": "concatenated(40)",
    "keras.ops.tile": "operation('Tile', repeats=[1, 10**9])",
    "keras.ops.repeat": "operation('Repeat', repeats=LARGE, axis=1)",
    "keras.ops.pad": "operation('Pad', pad_width=[[0, 0], [LARGE, LARGE]], mode='constant')",
    "keras.ops.one_hot": "operation('OneHot', num_classes=10**7, axis=-1, dtype='float32', sparse=False)",
    "keras.ops.broadcast_to": "operation('BroadcastTo', shape=[LARGE, LARGE])",
    "a constant beyond all numbers": "sequential((4,), layer('Dense', units=10**400))",
    "a huge length of floats": "sequential((4,), layer('Dense', units=1e300))",
    "a stateful layer": "sequential((4, 2), layer('LSTM', units=2, stateful=True), batch=4)",
    "a shape that is a text": "sequential(('many',), layer('Flatten'))",
    "a shape that is negative": "sequential((-(10**9),), layer('Dense', units=4))",
    # what no allow-list may let through
    "Lambda": "sequential((4,), layer('Lambda', function='x'))",
    "a function of Python": "sequential((4,), layer('Activation', activation={'class_name': 'function', 'module': 'os', 'config': 'system'}))",
    "a lambda": "sequential((4,), layer('Activation', activation={'class_name': '__lambda__', 'config': {'value': ['', None, None]}}))",
    "an operation with a body": "operation('Map')",
    "a while loop": "operation('WhileLoop')",
    "a module of another name": "sequential((4,), {**layer('Dense', units=2), 'module': 'keras.src.utils.file_utils'})",
    "a custom registration": "sequential((4,), {**layer('Dense', units=2), 'registered_name': 'mine>Dense'})",
}
FITTING = {  # as large as a right answer may be: these are built
    "a digit reader": "sequential((28, 28, 1), layer('Conv2D', filters=32, kernel_size=[3, 3]), layer('Flatten'), layer('Dense', units=100), weights=[(3, 3, 1, 32), (32,), (21632, 100), (100,)])",
    "a reader of long texts": "sequential((400,), layer('Embedding', input_dim=20_000, output_dim=64), layer('LSTM', units=64), weights=[(20_000, 64), (64, 256), (64, 256), (256,)])",
}  # fmt: skip


def layer(of, /, **settings):
    settings.setdefault("name", f"a_{of.lower()}")
    return {"module": "keras.layers", "class_name": of, "config": settings, "registered_name": None}


def built(name, shape, **settings):
    return {**layer(name, **settings), "build_config": {"input_shape": list(shape)}}


def given(shape, batch=None, name="given"):
    return layer("InputLayer", batch_shape=[batch, *shape], dtype="float32", sparse=False, name=name)


def model(kind, weights, **settings):
    module = "keras" if kind == "Sequential" else "keras.src.models.functional"
    config = {
        "module": module,
        "class_name": kind,
        "config": {"name": "bomb", "trainable": True, **settings},
        "registered_name": None,
    }
    return {"class": kind, "config": json.dumps(config), "weights": [zeros(shape) for shape in weights]}


def zeros(shape):
    import numpy as np

    return np.zeros(shape, "float32")


def sequential(shape, *layers, weights=(), batch=None):
    return model("Sequential", weights, layers=[given(shape, batch), *layers])


def nested(depth):
    inner = layer("Dense", units=2)
    for number in range(depth):
        inner = layer("SpectralNormalization", layer=inner, name=f"n{number}")
    return inner


def doubled(depth):
    inner = layer("LSTM", units=1)
    for number in range(depth):
        inner = layer("Bidirectional", layer=inner, name=f"n{number}")
    return inner


def within(depth):
    inner = layer("Dense", units=2)
    for number in range(depth):
        inner = {
            "module": "keras",
            "class_name": "Sequential",
            "config": {"name": f"n{number}", "layers": [given((4,)), inner]},
            "registered_name": None,
        }
    return sequential((4,), inner)


def tensor(name, node=0):
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, 4], "dtype": "float32", "keras_history": [name, node, 0]},
    }


def graph(nodes, last):
    layers = [{**given((4,)), "name": "given", "inbound_nodes": []}, *nodes]
    return model("Functional", (), layers=layers, input_layers=[["given", 0, 0]], output_layers=[[last, 0, 0]])


def node(of, name, arguments, **options):
    return {**of, "name": name, "inbound_nodes": [{"args": arguments, "kwargs": options}]}


def operation(name, **settings):
    module = "core" if name in ("Map", "WhileLoop") else "nn" if name == "OneHot" else "numpy"
    of = {
        "module": f"keras.src.ops.{module}",
        "class_name": name,
        "config": {"name": "op", **settings},
        "registered_name": name,
    }
    return graph([node(of, "op", [tensor("given")])], "op")


def attention(length):
    of = layer("MultiHeadAttention", num_heads=1, key_dim=1, name="looks")
    row = {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, length, 1], "dtype": "float32", "keras_history": ["given", 0, 0]},
    }
    layers = [{**given((length, 1)), "name": "given", "inbound_nodes": []}, node(of, "looks", [row, row])]
    shapes = [(1, 1, 1), (1, 1)] * 3 + [(1, 1, 1), (1,)]
    return model("Functional", shapes, layers=layers, input_layers=[["given", 0, 0]], output_layers=[["looks", 0, 0]])


def called(times):
    of = layer("Identity", name="again")
    calls = [
        {"args": [tensor("again", number - 1) if number else tensor("given")], "kwargs": {}} for number in range(times)
    ]
    return graph([{**of, "name": "again", "inbound_nodes": calls}], "again")


def concatenated(times):
    nodes = []
    for number in range(times):
        before = tensor(f"c{number - 1}" if number else "given")
        nodes.append(node(layer("Concatenate", name=f"c{number}"), f"c{number}", [[before, before]]))
    return graph(nodes, f"c{times - 1}")


def main():
    import resource

    import keras

    from exercises.runner import rebuild

    names = {**globals()}
    rebuild.rebuild(sequential((4,), layer("Dense", units=2), weights=[(4, 2), (2,)]), memory_bytes=2**30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {}
    for name, source in {**BOMBS, **FITTING}.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        described = eval(source, names)  # noqa: S307 - one of the expressions above
        try:
            rebuild.rebuild(described, memory_bytes=2**30)
            found[name] = "built"
        except rebuild.CannotRebuild as refusal:
            found[name] = str(refusal)
        except BaseException as error:  # noqa: BLE001 - goes into the table
            found[name] = f"{type(error).__name__}: {error}"[:300]
        sys.stderr.write(f"{name}: {found[name]}\n")
        keras.backend.clear_session()
    found["bytes"] = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
