"""Paths as JSON. Read only: content comes from files."""

from rest_framework import serializers

from learnpaths.catalog.models import Path, Step, Unit


class StepSerializer(serializers.ModelSerializer[Step]):
    url = serializers.SerializerMethodField(help_text="The page of the step, as a path on this site.")

    class Meta:
        model = Step
        fields = ("kind", "slug", "title", "summary", "minutes", "url")
        read_only_fields = fields

    def get_url(self, step: Step) -> str:
        return step.get_absolute_url()


class UnitSerializer(serializers.ModelSerializer[Unit]):
    steps = StepSerializer(many=True, read_only=True)

    class Meta:
        model = Unit
        fields = ("title", "steps")
        read_only_fields = fields


class PathSerializer(serializers.ModelSerializer[Path]):
    url = serializers.CharField(source="get_absolute_url", read_only=True, help_text="The page of the path.")
    steps = serializers.SerializerMethodField(help_text="How many steps the path has.")

    class Meta:
        model = Path
        fields: tuple[str, ...] = ("slug", "title", "summary", "level", "hours", "steps", "url")
        read_only_fields = fields

    def get_steps(self, path: Path) -> int:
        return len(path.steps)


class PathDetailSerializer(PathSerializer):
    units = UnitSerializer(many=True, read_only=True)

    class Meta(PathSerializer.Meta):
        fields = (*PathSerializer.Meta.fields, "units")
        read_only_fields = fields
