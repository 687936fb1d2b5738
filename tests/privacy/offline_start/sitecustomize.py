"""Puts a Python process under the watch of tests/privacy/offline.py before anything else runs in it."""

from tests.privacy.offline import watch

watch()
