"""The errors that a person who edits the contract can cause, and can mend."""

from __future__ import annotations

from uapi.errors import UapiError


class ContractError(UapiError):
    """The contract cannot be read, bundled or generated from."""


class ProjectError(ContractError):
    """The folder that a command was pointed at is not a project with a contract."""


class SourceError(ContractError):
    """A file of `openapi/` is not YAML that means the same as JSON."""


class BrokenReferenceError(ContractError):
    """A reference leads nowhere, outside the contract, or round in a circle."""


class NameClashError(ContractError):
    """Two places of the contract give the same name."""


class RegisterError(ContractError):
    """The rows under `x-requirements` make no register."""


class CodegenError(ContractError):
    """The code generator could not be run, or refused the bundle."""


class ToolError(ContractError):
    """A tool that a lint rule needs is missing, or failed."""


class VersionError(ContractError):
    """A version is none, or is less than what changed demands."""


class BundleError(ContractError):
    """A file or a name that was to be compared is no bundle of a contract."""
