"""Every failure that an instructor or a participant can meet, as one sentence."""


class ClassroomError(Exception):
    """Something an instructor can mend; the message says what, with which value, and how."""


class SettingError(ClassroomError):
    """A setting cannot be used."""


class NamesError(ClassroomError):
    """A list of names cannot become a roster."""


class NoCoresLeftError(ClassroomError):
    """All cores have owners; the message is for the participant who waits."""
