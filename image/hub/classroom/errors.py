"""Every failure that an instructor or a participant can meet, as one sentence."""


class ClassroomError(Exception):
    """Something an instructor can mend; the message says what, with which value, and how."""


class SettingError(ClassroomError):
    """A setting cannot be used."""


class NamesError(ClassroomError):
    """A list of names cannot become a roster."""


class NoCoresLeftError(ClassroomError):
    """All cores have owners.

    The hub shows `jupyterhub_message` to the participant who waits.
    """

    @property
    def jupyterhub_message(self) -> str:
        """The sentence, under the name by which the hub looks for it."""
        return str(self)
