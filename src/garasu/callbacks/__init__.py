"""Callbacks, one file each, with Keras's names and hooks."""
