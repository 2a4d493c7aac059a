"""What a page's kernel reports of a fit, without one: Keras' list of callbacks is driven by hand."""


def case_each_epoch_is_published():
    import keras

    from exercises.runner import page_kernel

    before = keras.callbacks.CallbackList._add_default_callbacks
    published = []
    page_kernel.report_fits(published.append)
    try:
        fit = keras.callbacks.CallbackList(add_history=True, model=keras.Sequential(), epochs=2, verbose=0)
        keras.callbacks.CallbackList(add_history=False).on_epoch_end(0, {"loss": 9.0})
        fit.on_train_begin()
        fit.on_epoch_end(0, {"loss": 0.5, "odd": float("nan"), "text": "x"})
    finally:
        keras.callbacks.CallbackList._add_default_callbacks = before
    ((report,),) = [list(message["data"].values()) for message in published]
    assert report.pop("seconds") >= 0
    assert report == {"fit": 1, "epoch": 1, "epochs": 2, "values": {"loss": 0.5}}


def case_what_is_a_number():
    from exercises.runner import page_kernel

    assert page_kernel._is_number(1) and page_kernel._is_number("2.5")
    assert not any(map(page_kernel._is_number, (None, "x", float("inf"), 10**400)))
