"""The exceptions a user may meet: one sentence each, with what was found, where, and what to do."""


class UserError(Exception):
    """Something the user can put right. Printed as one sentence, without a traceback."""


class ConfigError(UserError):
    """The description of the run is wrong."""


class DataError(UserError):
    """A row or a media file is wrong."""


class ResourceError(UserError):
    """The machine or the cluster lacks what was asked for."""


class WorkerError(UserError):
    """A worker failed or did not answer within its deadline."""


class WorkerDied(WorkerError):
    """A worker is gone: whatever it would still be asked fails, too."""
