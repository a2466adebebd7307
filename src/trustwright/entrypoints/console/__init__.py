"""How does a person see, judge and countersign? One module and one template per page.

A page is a frozen dataclass that holds exactly what its template shows; `render` turns it into
HTML. Every page works as a page: links and plain forms, so there is no htmx here. JavaScript adds
keys, clocks and what only a browser can do: passkeys.
"""
