"""Static assets: files from KV with their types, and a greeting in the reader's language."""

from html import escape
from mimetypes import MimeTypes
from typing import Any
from urllib.parse import unquote, urlsplit

from workers import Request, Response, WorkerEntrypoint

TYPES = MimeTypes()
"""Python's built-in table, without that of the machine, for the same result everywhere."""

PAGE = """<!DOCTYPE html>
<html lang="{language}">
  <head><title>Hello World translation</title></head>
  <body><h1>{message}</h1></body>
</html>
"""


class Default(WorkerEntrypoint):
    """Serves `/img/logo.png` from the key `img/logo.png`, and `/hello-world` in many languages."""

    async def fetch(self, request: Request) -> Response:
        """Return the file, or the greeting."""
        if request.method != "GET":
            return Response("Method Not Allowed", status=405, headers={"allow": "GET"})
        key = unquote(urlsplit(request.url).path).lstrip("/")
        if not key:
            return Response("Missing path in URL", status=400)
        if key == "hello-world":
            return await self.greet(request.headers.get("accept-language") or "en")
        # As bytes: decoding an image as text would damage it.
        value = await self.env.assets.get(key, "arrayBuffer")
        if value is None:  # not `if not value`: a file may be empty
            return Response("Not found", status=404)
        return Response(bytes(value), headers={"content-type": content_type(key)})

    async def greet(self, accepted: str) -> Response:
        """Return the greeting in the preferred language of the reader, or in English."""
        translations = await self.env.assets.get("hello-world.json", "json")
        if not translations:
            return Response("Not found", status=404)
        messages: dict[str, Any] = {each["language_code"]: each["message"] for each in translations}
        language = pick(accepted, list(messages))
        page = PAGE.format(language=language, message=escape(messages[language]))
        headers = {"content-type": "text/html; charset=utf-8", "vary": "Accept-Language"}
        return Response(page, headers=headers)


def content_type(key: str) -> str:
    """Return the content type of a file by its name, with the encoding of a text."""
    kind = TYPES.guess_type(key)[0] or "text/plain"
    if kind.startswith("text/") or kind == "application/javascript":
        kind += "; charset=utf-8"
    return kind


def pick(accepted: str, offered: list[str]) -> str:
    """Return the preferred language of an Accept-Language header that is offered.

    The default is "en", or else the first one. "fr-CH, de;q=0.9" selects French if Swiss French is
    not offered.
    """
    wanted = []
    for index, part in enumerate(accepted.split(",")):
        tag, _, parameter = part.strip().partition(";")
        quality = parameter.strip().removeprefix("q=")
        try:
            wanted.append((-float(quality or 1), index, tag.strip().lower()))
        except ValueError:
            continue  # ignore an invalid entry
    for negative_quality, _, tag in sorted(wanted):
        language = tag if tag in offered else tag.partition("-")[0]
        if language in offered and negative_quality < 0:
            return language
    return "en" if "en" in offered else offered[0]
