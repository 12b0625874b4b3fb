"""What all tests share: how many examples the property tests try.

`make property` sets HYPOTHESIS_PROFILE to `thorough`. A failure prints the line that repeats it.
"""

import os

from hypothesis import settings

settings.register_profile("quick", deadline=None, print_blob=True)
settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
