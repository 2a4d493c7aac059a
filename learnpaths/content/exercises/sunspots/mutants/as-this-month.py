# %% id="train"
model = keras.Sequential(
    [
        keras.Input((WINDOW,)),
        keras.layers.Reshape((WINDOW, 1)),
        keras.layers.Cropping1D((WINDOW - 1, 0)),
        keras.layers.Flatten(),
        keras.layers.RepeatVector(HORIZON),
        keras.layers.Flatten(),
    ]
)
