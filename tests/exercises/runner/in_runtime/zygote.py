"""The zygote's guard against forking a started TensorFlow."""


def case_a_zygote_that_ran_an_operation_is_refused():
    import tensorflow as tf

    from exercises.runner import zygote

    tf.constant(1)
    try:
        zygote.assert_untouched()
    except RuntimeError:
        return
    raise AssertionError("an operation ran")
