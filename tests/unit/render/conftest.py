"""What tests of renderers share: all that one writes, as text."""

import io

import pytest

from dedupe_news.render import Style, renderer


@pytest.fixture
def written():
    """Return a function that returns what a form makes of a report."""

    def write(form, report, **style):
        out = io.StringIO()
        renderer(form)(report, out, Style(**style))
        return out.getvalue()

    return write
