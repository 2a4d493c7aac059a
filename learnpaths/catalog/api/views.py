from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import AllowAny
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from learnpaths.catalog.api.serializers import PathDetailSerializer, PathSerializer
from learnpaths.catalog.models import Path


@extend_schema_view(
    list=extend_schema(summary="List the paths", auth=[]),
    retrieve=extend_schema(summary="Read a path with its units and steps", auth=[], responses=PathDetailSerializer),
)
class PathViewSet(ReadOnlyModelViewSet[Path]):
    """Paths are public: what can be learned here is no secret."""

    queryset = Path.objects.listed().with_steps()
    lookup_field = "slug"
    permission_classes = [AllowAny]

    def get_serializer_class(self) -> type[BaseSerializer[Path]]:
        return PathDetailSerializer if self.action == "retrieve" else PathSerializer
