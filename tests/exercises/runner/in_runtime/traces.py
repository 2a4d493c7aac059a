"""What a traced graph needs, against numbers worked out by hand."""

from exercises.runner import traces

STEPS = 7
PER_OPERATION = traces._STEP


def cost(function, *shapes):
    import tensorflow as tf

    specs = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
    graph = tf.function(function, autograph=False).get_concrete_function(*specs).graph.as_graph_def(add_shapes=True)
    return traces.add_up(graph, STEPS, {"first", "second"})


def case_a_product_of_matrices():
    import tensorflow as tf

    peak, _, macs = cost(tf.matmul, (10, 20), (20, 30))
    assert peak >= 4 * 10 * 30 and macs % PER_OPERATION == 10 * 20 * 30


def case_a_convolution():
    import tensorflow as tf

    _, _, macs = cost(lambda x, w: tf.nn.conv2d(x, w, 1, "VALID"), (1, 6, 6, 3), (3, 3, 3, 5))
    assert macs % PER_OPERATION == 4 * 4 * 5 * 3 * 3 * 3


def case_a_tensor_lives_until_its_last_use():
    import tensorflow as tf

    def chain(x):
        for _ in range(20):
            x = tf.sin(x)
        return x

    peak, _, _ = cost(chain, (1000,))
    assert peak <= 3 * 4 * 1000, peak


def case_the_layer_that_needs_most_is_named():
    import tensorflow as tf

    def call(x):
        with tf.name_scope("first"):
            x = tf.sin(x)
        with tf.name_scope("second_1"):
            return tf.tile(x, [50])

    assert cost(call, (10,))[1] == "the layer second"


def case_a_loop_counts_as_often_as_it_runs():
    import tensorflow as tf

    def loop(x, times):
        return tf.while_loop(lambda i, y: i < times, lambda i, y: (i + 1, tf.matmul(y, y)), (tf.constant(0), x))[1]

    known = cost(lambda x: loop(x, 100), (8, 8))[2]
    assert known >= 100 * 8**3
