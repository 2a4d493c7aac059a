"""The learner's kernel as far as it is no process of its own."""


def case_a_seed_decides_all_draws():
    import numpy as np
    import tensorflow as tf

    from exercises.runner import learner

    def draws():
        learner.make_deterministic(5)
        return np.random.random(), float(tf.random.uniform(())), tf.random.normal((2,)).numpy().tolist()

    assert draws() == draws()


def case_an_accelerator_that_was_promised_must_be_there():
    from exercises.runner import learner

    learner.require_accelerator("")
    try:
        learner.require_accelerator("GPU")
    except RuntimeError as error:
        assert str(error) == "TensorFlow sees no GPU in this jail."
    else:
        raise AssertionError("there is none here")


def case_an_error_is_not_formatted_a_second_time():
    from exercises.runner import learner

    assert learner._no_second_traceback(ValueError("odd")) == {"ename": "ValueError", "evalue": "odd", "traceback": []}
