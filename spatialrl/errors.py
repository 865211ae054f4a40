"""The exceptions a user may meet: one sentence each, with what was found, where, and what to do."""


class UserError(Exception):
    """Something the user can put right. Printed as one sentence, without a traceback."""


class ConfigError(UserError):
    """The description of the run is wrong."""


class DataError(UserError):
    """A row or a media file is wrong."""


class MediaError(DataError):
    """The media of a task can't be read; `data.bad_media` says what follows."""


class ResourceError(UserError):
    """The machine or the cluster lacks what was asked for."""


class WorkerError(UserError):
    """A worker failed or did not answer within its deadline."""


class WorkerDied(WorkerError):
    """A worker is gone: whatever it would still be asked fails, too."""


def first_of(group: BaseException) -> BaseException:
    """Of tasks that ran side by side and failed as a group, what the first one says."""
    return first_of(group.exceptions[0]) if isinstance(group, BaseExceptionGroup) else group
