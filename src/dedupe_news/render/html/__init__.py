"""The report as one page that asks for nothing: no server, no network, no script if need be.

Every cluster is written once, as markup that needs no script. It stands in a `noscript` element:
a browser that runs scripts takes it for plain text, which costs next to nothing, and the page's
own script makes it elements when a reader comes near. So ten thousand clusters open at once.
"""

from dedupe_news.render.html.page import render

__all__ = ["render"]
