from tests.catalog.conftest import garden

__all__ = ["garden"]
