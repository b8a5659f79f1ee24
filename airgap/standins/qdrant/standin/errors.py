"""What goes wrong in a request, with the server's status codes and words."""


class ApiError(Exception):
    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def no_collection(name: str) -> ApiError:
    return ApiError(404, f"Not found: Collection `{name}` doesn't exist!")


def collection_exists(name: str) -> ApiError:
    return ApiError(409, f"Wrong input: Collection `{name}` already exists!")


def bad_input(text: str) -> ApiError:
    return ApiError(400, f"Wrong input: {text}")


def bad_body(text: str) -> ApiError:
    return ApiError(400, f"Format error in JSON body: {text}")


def not_here(what: str) -> ApiError:
    return ApiError(501, f"Not in the stand-in: {what}. Use the real Qdrant image for it.")


def engine_error(error: Exception) -> ApiError:
    """The engine's exceptions: what the caller did wrong is 400, everything else 500."""
    text = str(error)
    if isinstance(error, (TypeError, ValueError, OverflowError)):
        return bad_body(text)
    if "Vector dimension error" in text or "Not existing vector name" in text:
        return bad_input(text)
    return ApiError(500, f"Service internal error: {text}")
