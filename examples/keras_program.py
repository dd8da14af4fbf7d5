"""The course's Keras program (C9): only its import lines differ from the same program on TensorFlow's Keras.

Handwritten digits are learned by one convolution, one pooling and one hidden layer; a second model of inner outputs
then shows what each filter makes of a picture. The pictures are written to the folder you are in. docs/keras.md shows
the difference.
"""

import random

import matplotlib as mpl
import numpy as np
import pandas as pd

import garasu as tf
from garasu import initializers, layers, models
from garasu.datasets import mnist
from garasu.utils import to_categorical

mpl.use("Agg")
import matplotlib.pyplot as plt

# ------------------------------------------------------------------------------------------------------- the data

(train_images, train_labels), (test_images, test_labels) = mnist.load_data()
print("training images", train_images.shape, train_images.dtype, "labels", train_labels.shape)
print("test images", test_images.shape, test_images.dtype, "labels", test_labels.shape)

fig = plt.figure(figsize=(10, 1.5))
for i in range(10):
    subplot = fig.add_subplot(1, 10, i + 1)
    subplot.set_xticks([])
    subplot.set_yticks([])
    subplot.set_title(str(train_labels[i]))
    subplot.imshow(train_images[i], vmin=0, vmax=255, cmap=plt.cm.gray_r)
fig.savefig("digits.png")

train_images = train_images.reshape((len(train_images), 784)).astype("float32") / 255
test_images = test_images.reshape((len(test_images), 784)).astype("float32") / 255
train_labels = to_categorical(train_labels, 10)
test_labels = to_categorical(test_labels, 10)
print("one-hot", train_labels.shape, train_labels[0].sum())

# ---------------------------------------------------------------------------------------------------- the network

random.seed(20190222)
np.random.seed(20190222)
tf.random.set_seed(20190222)

model = models.Sequential()
model.add(layers.Reshape((28, 28, 1), input_shape=(28 * 28,), name="reshape"))
model.add(
    layers.Conv2D(
        16,
        (5, 5),
        padding="same",
        kernel_initializer=initializers.TruncatedNormal(),
        use_bias=True,
        activation="relu",
        name="conv_filter",
    )
)
model.add(layers.MaxPooling2D((2, 2), name="max_pooling"))
model.add(layers.Flatten(name="flatten"))
model.add(layers.Dense(1024, activation="relu", kernel_initializer=initializers.TruncatedNormal(), name="hidden"))
model.add(layers.Dense(10, activation="softmax", name="softmax"))
model.summary()

# ------------------------------------------------------------------------------------------------------- training

model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["acc"])
history = model.fit(
    train_images, train_labels, validation_data=(test_images, test_labels), batch_size=128, epochs=10, verbose=2
)

log = pd.DataFrame({"acc": history.history["acc"], "val_acc": history.history["val_acc"]})
print(log.shape, sorted(history.history))
log.plot(style=["-", "--"], xlabel="epoch").figure.savefig("accuracy.png")
log = pd.DataFrame({"loss": history.history["loss"], "val_loss": history.history["val_loss"]})
log.plot(style=["-", "--"], xlabel="epoch").figure.savefig("loss.png")

# ----------------------------------------------------------------------------------------- what the filters look at

layer_outputs = [model.get_layer("conv_filter").output, model.get_layer("max_pooling").output]
layer_model = models.Model(inputs=model.input, outputs=layer_outputs)
conv_output, pool_output = layer_model.predict(test_images[:9], verbose=0)
print("after convolution", conv_output.shape, "after pooling", pool_output.shape)

filters = model.get_layer("conv_filter").get_weights()[0]
print("filters", filters.shape, "arrays", [weight.shape for weight in model.get_weights()])


def grid(maps):
    """17 rows of 10 tiles: pictures on top, filters down the left, and what each filter makes of each picture."""
    tiles = np.ones((17, 10, 30, 30))
    for k in range(9):
        tiles[0, k + 1, 1:29, 1:29] = 1 - test_images[k].reshape((28, 28))
    for i in range(16):
        kernel = filters[:, :, 0, i]
        tiles[i + 1, 0, 5:25, 5:25] = np.kron((kernel.max() - kernel) / (kernel.max() - kernel.min()), np.ones((4, 4)))
        for k in range(9):
            one = np.kron(1 - maps[k, :, :, i] / maps.max(), np.ones((28 // maps.shape[1],) * 2))
            tiles[i + 1, k + 1, 1:29, 1:29] = one
    return tiles.transpose(0, 2, 1, 3).reshape(17 * 30, 10 * 30)


plt.imsave("convolution.png", grid(conv_output), vmin=0, vmax=1, cmap=plt.cm.gray)
plt.imsave("pooling.png", grid(pool_output), vmin=0, vmax=1, cmap=plt.cm.gray)

# ------------------------------------------------------------------------------------------------ what it gets wrong

fig = plt.figure(figsize=(12, 10))
count = 0
for i in range(len(test_images)):
    probabilities = model.predict(np.array([test_images[i]]), verbose=0)[0]
    prediction, actual = np.argmax(probabilities), np.argmax(test_labels[i])
    if prediction == actual:
        continue
    subplot = fig.add_subplot(5, 4, count * 2 + 1, xticks=[], yticks=[])
    subplot.set_title(f"{prediction} / {actual}")
    subplot.imshow(test_images[i].reshape((28, 28)), vmin=0, vmax=1, cmap=plt.cm.gray_r)
    subplot = fig.add_subplot(5, 4, count * 2 + 2, xticks=range(10), xlim=(-0.5, 9.5), ylim=(0, 1))
    subplot.bar(range(10), probabilities, align="center")
    count += 1
    if count == 10:
        break
fig.savefig("mistakes.png")

loss, accuracy = model.evaluate(test_images, test_labels, verbose=0)
print("predicted", probabilities.shape, probabilities.dtype, "sum to one", bool(abs(probabilities.sum() - 1) < 1e-5))
print("test loss is a number", bool(np.isfinite(loss)), "accuracy above a half", bool(accuracy > 0.5))
