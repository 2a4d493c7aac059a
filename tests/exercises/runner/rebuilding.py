"""Models of every allowed layer in four forms, described as a notebook does and rebuilt as the examiner does.

Run by the runtime's Python (`python -m tests.exercises.runner.rebuilding`); prints one JSON object: case to the largest difference
between the two models' predictions, or to what went wrong. Imports TensorFlow only when run.
"""

import json
import sys

ROWS, ADAPTED = 6, "adapted "
PLAIN = {  # name: (shape of a row, the layer)
    "Activation": ((5,), "L.Activation('gelu')"),
    "ActivityRegularization": ((5,), "L.ActivityRegularization(0.1)"),
    "AlphaDropout": ((5,), "L.AlphaDropout(0.5)"),
    "AveragePooling1D": ((8, 3), "L.AveragePooling1D(2)"),
    "AveragePooling2D": ((8, 8, 3), "L.AveragePooling2D(3, padding='same')"),
    "AveragePooling3D": ((4, 4, 4, 2), "L.AveragePooling3D(2)"),
    "BatchNormalization": ((4, 3), "L.BatchNormalization()"),
    "Bidirectional": ((6, 3), "L.Bidirectional(L.LSTM(3, return_sequences=True), merge_mode='sum')"),
    "CategoryEncoding": ((4,), "L.CategoryEncoding(10, output_mode='multi_hot')"),
    "CenterCrop": ((8, 8, 3), "L.CenterCrop(4, 5)"),
    "Conv1D": ((9, 3), "L.Conv1D(4, 3, padding='causal', dilation_rate=2)"),
    "Conv1DTranspose": ((9, 3), "L.Conv1DTranspose(4, 3, strides=2)"),
    "Conv2D": ((8, 8, 4), "L.Conv2D(6, 3, groups=2, dilation_rate=2, activation='relu')"),
    "Conv2DTranspose": ((6, 6, 3), "L.Conv2DTranspose(4, 3, strides=2, padding='same')"),
    "Conv3D": ((5, 5, 5, 2), "L.Conv3D(3, 2)"),
    "Conv3DTranspose": ((4, 4, 4, 2), "L.Conv3DTranspose(3, 2, strides=2)"),
    "Cropping1D": ((8, 3), "L.Cropping1D((1, 2))"),
    "Cropping2D": ((8, 8, 3), "L.Cropping2D(((1, 2), (0, 3)))"),
    "Cropping3D": ((5, 5, 5, 2), "L.Cropping3D(1)"),
    "Dense": ((5,), "L.Dense(4, activation=tf.nn.softmax, kernel_initializer='orthogonal', kernel_regularizer='l2')"),
    "DepthwiseConv1D": ((9, 3), "L.DepthwiseConv1D(3, depth_multiplier=2)"),
    "DepthwiseConv2D": ((8, 8, 3), "L.DepthwiseConv2D(3, strides=2)"),
    "Discretization": ((4,), "L.Discretization(bin_boundaries=[0.2, 1.0, 3.0], output_mode='one_hot')"),
    "Dropout": ((5,), "L.Dropout(0.5)"),
    "ELU": ((5,), "L.ELU(0.7)"),
    "EinsumDense": ((6, 5), "L.EinsumDense('abc,cd->abd', output_shape=(None, 7), bias_axes='d')"),
    "Embedding": ((6,), "L.Embedding(10, 4, mask_zero=True)"),
    "Flatten": ((3, 4), "L.Flatten()"),
    "GRU": ((6, 3), "L.GRU(4, reset_after=False, go_backwards=True)"),
    "GRUCell": ((6, 3), "L.RNN(L.GRUCell(4))"),
    "GaussianDropout": ((5,), "L.GaussianDropout(0.5)"),
    "GaussianNoise": ((5,), "L.GaussianNoise(0.5)"),
    "GlobalAveragePooling1D": ((6, 3), "L.GlobalAveragePooling1D()"),
    "GlobalAveragePooling2D": ((6, 6, 3), "L.GlobalAveragePooling2D()"),
    "GlobalAveragePooling3D": ((4, 4, 4, 2), "L.GlobalAveragePooling3D()"),
    "GlobalMaxPooling1D": ((6, 3), "L.GlobalMaxPooling1D()"),
    "GlobalMaxPooling2D": ((6, 6, 3), "L.GlobalMaxPooling2D(keepdims=True)"),
    "GlobalMaxPooling3D": ((4, 4, 4, 2), "L.GlobalMaxPooling3D()"),
    "GroupNormalization": ((6, 6, 4), "L.GroupNormalization(2)"),
    "Hashing": ((4,), "L.Hashing(7)"),
    "Identity": ((5,), "L.Identity()"),
    "LSTM": ((6, 3), "L.LSTM(4, unroll=True)"),
    "LSTMCell": ((6, 3), "L.RNN(L.LSTMCell(4), return_sequences=True)"),
    "LayerNormalization": ((6, 5), "L.LayerNormalization()"),
    "LeakyReLU": ((5,), "L.LeakyReLU(0.3)"),
    "Masking": ((6, 3), "L.Masking(0.0)"),
    "MaxPooling1D": ((8, 3), "L.MaxPooling1D(3, strides=2)"),
    "MaxPooling2D": ((8, 8, 3), "L.MaxPooling2D()"),
    "MaxPooling3D": ((4, 4, 4, 2), "L.MaxPooling3D()"),
    "Normalization": ((5,), "L.Normalization(mean=[1.0, 2, 3, 4, 5], variance=[4.0, 1, 9, 2, 3])"),
    "PReLU": ((6, 5), "L.PReLU(shared_axes=[1])"),
    "Permute": ((3, 4), "L.Permute((2, 1))"),
    "RMSNormalization": ((6, 5), "L.RMSNormalization()"),
    "RNN": ((6, 3), "L.RNN([L.SimpleRNNCell(4), L.LSTMCell(3)])"),
    "RandomBrightness": ((8, 8, 3), "L.RandomBrightness(0.3)"),
    "RandomContrast": ((8, 8, 3), "L.RandomContrast(0.3)"),
    "RandomCrop": ((8, 8, 3), "L.RandomCrop(4, 5)"),
    "RandomFlip": ((8, 8, 3), "L.RandomFlip()"),
    "RandomRotation": ((8, 8, 3), "L.RandomRotation(0.3, seed=2**31)"),
    "RandomTranslation": ((8, 8, 3), "L.RandomTranslation(0.3, 0.2)"),
    "RandomZoom": ((8, 8, 3), "L.RandomZoom(0.3)"),
    "ReLU": ((5,), "L.ReLU(max_value=2.0, negative_slope=0.1)"),
    "RepeatVector": ((5,), "L.RepeatVector(3)"),
    "Rescaling": ((5,), "L.Rescaling([1.0, 2, 3, 4, 5], offset=0.5)"),
    "Reshape": ((3, 4), "L.Reshape((2, -1))"),
    "Resizing": ((8, 8, 3), "L.Resizing(5, 11)"),
    "SeparableConv1D": ((9, 3), "L.SeparableConv1D(4, 3, depth_multiplier=2)"),
    "SeparableConv2D": ((8, 8, 3), "L.SeparableConv2D(4, 3)"),
    "SimpleRNN": ((6, 3), "L.SimpleRNN(4, return_sequences=True)"),
    "SimpleRNNCell": ((6, 3), "L.RNN(L.SimpleRNNCell(4), go_backwards=True)"),
    "Softmax": ((6, 5), "L.Softmax(axis=1)"),
    "SpatialDropout1D": ((6, 3), "L.SpatialDropout1D(0.5)"),
    "SpatialDropout2D": ((6, 6, 3), "L.SpatialDropout2D(0.5)"),
    "SpatialDropout3D": ((4, 4, 4, 2), "L.SpatialDropout3D(0.5)"),
    "SpectralNormalization": ((5,), "L.SpectralNormalization(L.Dense(4))"),
    "StackedRNNCells": ((6, 3), "L.RNN(L.StackedRNNCells([L.GRUCell(4), L.LSTMCell(3)]))"),
    "TimeDistributed": ((4, 6, 6, 2), "L.TimeDistributed(L.Conv2D(3, 3))"),
    "UnitNormalization": ((6, 5), "L.UnitNormalization()"),
    "UpSampling1D": ((6, 3), "L.UpSampling1D(3)"),
    "UpSampling2D": ((6, 6, 3), "L.UpSampling2D((2, 3), interpolation='bilinear')"),
    "UpSampling3D": ((4, 4, 4, 2), "L.UpSampling3D(2)"),
    "ZeroPadding1D": ((6, 3), "L.ZeroPadding1D((1, 2))"),
    "ZeroPadding2D": ((6, 6, 3), "L.ZeroPadding2D(((1, 2), (0, 3)))"),
    "ZeroPadding3D": ((4, 4, 4, 2), "L.ZeroPadding3D(1)"),
}
MERGING = {  # of one input x and a changed copy y of it
    **{name: ((5,), f"L.{name}()([x, y])") for name in ("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract")},
    "Dot": ((4, 5), "L.Dot(axes=2, normalize=True)([x, y])"),
    "Attention": ((4, 5), "L.Attention(use_scale=True)([x, y])"),
    "AdditiveAttention": ((4, 5), "L.AdditiveAttention()([x, y])"),
    "MultiHeadAttention": ((4, 6), "L.MultiHeadAttention(2, 3)(x, y, use_causal_mask=True)"),
    "GroupQueryAttention": ((4, 8), "L.GroupQueryAttention(4, 4, 2)(x, y)"),
    "x + Dense(x)": ((5,), "x + L.Dense(5)(x)"),
    "x / 16.0": ((5,), "L.Dense(3)(x / 16.0)"),
    "x[..., None]": ((5,), "L.Conv1D(3, 2)(x[..., None])"),
    "slices": ((6, 5), "ops.concatenate([x[:, ::2], x[:, 1:4], x[:, -3:][:, ::-1]], axis=1)"),
    "2 ** -abs(x) % 3 // 1": ((5,), "2 ** -abs(x) % 3 // 1"),
    "where": ((5,), "ops.where(ops.logical_and(x > 0, x < 2), x, -1.0)"),
    "reductions": ((6, 5), "ops.concatenate([ops.mean(x, axis=1), ops.max(x, axis=1), ops.std(x, axis=1), ops.logsumexp(x, axis=1)], -1)"),
    "matmul": ((4, 5), "ops.softmax(x @ ops.transpose(y, (0, 2, 1)) / 3, axis=-1) @ y"),
    "einsum": ((4, 5), "ops.einsum('abc,adc->abd', x, y)"),
    "shapes": ((4, 6), "ops.squeeze(ops.expand_dims(ops.stack(ops.split(ops.reshape(x, (-1, 4, 6)), 2, axis=2), axis=1), -1), -1)"),
    "pad and repeat": ((4, 5), "ops.tile(ops.repeat(ops.pad(x, [[0, 0], [1, 2], [0, 0]]), 2, axis=2), (1, 2, 1))"),
    "one_hot": ((4, 5), "ops.one_hot(ops.argmax(x, axis=-1), 5) + y"),
    "constants": ((3,), "x * np.array([1.0, 2, 3], 'float32') + tf.constant([0.5, 1, 2])"),
    "norm": ((4, 5), "ops.clip(x / (ops.norm(x, axis=-1, keepdims=True) + 1e-3), -1, 1)"),
    "take and cast": ((6, 5), "ops.cast(ops.take(x, [0, 2], axis=1) > 1, 'float32')"),
    "top_k": ((6,), "ops.top_k(x, 2)[0]"),
    **{f"tf.nn.{name}": ((5,), f"L.Dense(4, activation=tf.nn.{name})(x)") for name in (
        "relu", "tanh", "sigmoid", "softplus", "softsign", "elu", "selu", "gelu", "silu", "swish", "relu6", "leaky_relu", "log_softmax")},
    **{f"ops.{name}": ((5,), f"L.Dense(4, activation=ops.{name})(x)") for name in ("sin", "square", "exp", "silu", "relu", "abs")},
    "LeakyReLU as activation": ((5,), "L.Dense(4, activation=L.LeakyReLU(0.2))(x)"),
}  # fmt: skip
ADAPTABLE = {
    "Normalization": ((5,), "L.Normalization()"),
    "Normalization over an axis": ((4, 3), "L.Normalization(axis=1)"),
    "Normalization of all": ((4, 3), "L.Normalization(axis=None)"),
    "inverted Normalization": ((5,), "L.Normalization(invert=True)"),
    "Discretization": ((5,), "L.Discretization(num_bins=5, output_mode='one_hot')"),
}
FORMS = ("sequential", "functional", "shared", "nested", "half precision")
CASES = [
    *(f"{name}, {form}" for name in PLAIN for form in FORMS[:4]),
    *(f"{name}, functional" for name in MERGING),
    *(f"{ADAPTED}{name}, {form}" for name in ADAPTABLE for form in FORMS[:4]),
    *(f"{name}, half precision" for name in ("Dense", "Conv2D", "LSTM")),
]


def model_of(case, tools):
    """Return the model of a case; its weights are drawn, and what can be adapted is."""
    rng, keras = tools["rng"], tools["keras"]
    name, form = case.rsplit(", ", 1)
    is_adapted = name.startswith(ADAPTED)
    name = name.removeprefix(ADAPTED)
    if form == "half precision":
        keras.config.set_dtype_policy("mixed_float16")
    shape, source = ADAPTABLE[name] if is_adapted else MERGING.get(name) or PLAIN[name]
    if name in MERGING:
        x = keras.Input(shape)
        y = keras.layers.Rescaling(0.5, offset=0.1)(x)
        return weighted(keras.Model(x, made(source, {**tools, "x": x, "y": y})), rng)
    kind = "int32" if name in ("Embedding", "Hashing", "CategoryEncoding") else "float32"
    layer = made(source, tools)
    if is_adapted:
        layer.adapt(rng.normal(50, 20, (200, *shape)).astype("float32"))
    kept = layer.get_weights() if is_adapted else None
    model = formed(layer, shape, kind, form, keras)
    weighted(model, rng, layer if is_adapted else None)
    assert not is_adapted or all((a == b).all() for a, b in zip(layer.get_weights(), kept, strict=True))
    return model


def made(source, names):
    return eval(source, names)  # noqa: S307 - one of the expressions above


def formed(layer, shape, kind, form, keras):
    given = keras.Input(shape, dtype=kind)
    if form in ("sequential", "half precision"):
        return keras.Sequential([given, layer])
    if form == "functional":
        return keras.Model(given, layer(given))
    other = keras.Input(shape, dtype=kind)
    if form == "nested":
        inner = keras.Sequential([keras.Sequential([keras.Input(shape, dtype=kind), layer])])
        return keras.Model([given, other], [inner(given), inner(other)])
    return keras.Model([given, other], {"first": layer(other), "second": layer(given)})


def weighted(model, rng, spared=None):
    """Draw a model's weights anew: after training, none is what it was."""
    spared = {id(weight) for weight in spared.weights} if spared else set()
    for weight in model.weights:
        if id(weight) not in spared and "float" in str(weight.dtype):
            weight.assign(abs(rng.normal(0.6, 0.4, weight.shape)) + 0.05)
    return model


def difference(case, tools):
    """Return the largest difference between the predictions of a case's model and of the rebuilt one, over several draws."""
    from exercises.runner import bounds, rebuild, rpc_server

    keras, np = tools["keras"], tools["np"]
    keras.config.set_dtype_policy("float32")
    model = model_of(case, tools)
    again = rebuild.rebuild(rpc_server._describe_model(model), memory_bytes=2**28)
    inputs = rebuild.drawn_rows(again, tools["rng"])
    theirs = rpc_server._predictions(model, inputs)
    assert rebuild.agree(again, inputs, theirs), "the examiner finds them different"
    rows = bounds.packed(again, inputs)
    ours = keras.tree.flatten(again.predict_on_batch(rows))
    pairs = [(np.asarray(a, float), np.asarray(b, float)) for a, b in zip(ours, theirs, strict=True)]
    assert any(a.size and np.isfinite(a).any() for a, _ in pairs), "nothing was compared"
    return max(float(np.nanmax(np.abs(a - b), initial=0)) for a, b in pairs)


def main():
    import keras
    import numpy as np
    import tensorflow as tf

    tools = {"keras": keras, "L": keras.layers, "ops": keras.ops, "np": np, "tf": tf, "rng": np.random.default_rng(1)}
    found = {}
    for case in sys.argv[1:] or CASES:
        try:
            found[case] = difference(case, tools)
        except Exception as error:  # noqa: BLE001 - goes into the table
            found[case] = f"{type(error).__name__}: {error}"[:500]
        keras.backend.clear_session()
        sys.stderr.write(f"{case}: {found[case]}\n")
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
