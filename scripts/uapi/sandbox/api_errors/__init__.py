"""The error layer of a server for the contract, for any server team to use.

The generated server package answers a request that it cannot take in the ways of FastAPI: 422 and a `detail`. The
contract wants 400 (or 401, 405, 413, 415), the code of the input that was wrong, and the body `{"error": {…}}`. This
package makes the one from the other, for any contract that carries `x-error-code`. It knows nothing of the sandbox:

    from fastapi import Depends
    from uapi.sandbox.api_errors import error_handlers, json_body, known_method
    from uapi_phonecalls import load_contract
    from uapi_phonecalls.server import create_app

    app = create_app(
        phone_calls=YourPhoneCalls(),
        authorize=your_authorize,
        prefix="/uapi",
        exception_handlers=error_handlers(load_contract(), prefix="/uapi"),
        dependencies=[Depends(known_method(load_contract(), prefix="/uapi")), Depends(json_body)],
        redirect_slashes=False,
    )

A service refuses a request by raising `ApiError(400, "pc_phonecall_invalid", "…")`.
"""

from uapi.sandbox.api_errors.body import json_body
from uapi.sandbox.api_errors.codes import ErrorCodes
from uapi.sandbox.api_errors.error import ApiError, error_response, printable
from uapi.sandbox.api_errors.handlers import error_handlers, known_method

__all__ = ["ApiError", "ErrorCodes", "error_handlers", "error_response", "json_body", "known_method", "printable"]
