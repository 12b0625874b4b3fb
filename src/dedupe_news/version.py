"""The version of the program: written down once, here."""

__all__ = ["VERSION"]

VERSION = "0.1.0"
