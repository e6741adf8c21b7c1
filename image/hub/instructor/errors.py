"""What can fail under the page, as sentences for an instructor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException

from classroom.errors import ClassroomError

NO_ENGINE = (
    "The Docker engine does not answer, so cores, load, memory and work cannot be read; check it "
    "on the server (systemctl status docker) and reload this page."
)


class PageError(ClassroomError):
    """Something that the page cannot do now; the message says what, and what to do about it."""


@contextmanager
def engine_told(gone: str) -> Iterator[None]:
    """Turn the engine's failures into sentences.

    Parameters
    ----------
    gone : str
        What to say when the engine answers that there is no such container.
    """
    try:
        yield
    except NotFound as error:
        raise PageError(gone) from error
    except APIError as error:
        raise PageError(f"The Docker engine refused: {error.explanation}.") from error
    except (DockerException, RequestException) as error:
        raise PageError(NO_ENGINE) from error
