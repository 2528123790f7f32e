from tests.cast import abel, ana, as_, mara, milo, noor, otto

__all__ = ["abel", "ana", "as_", "mara", "milo", "noor", "otto"]
