"""Paths, lessons, the sections of lessons, and the glossary's terms, as entries of the index."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from learnpaths.catalog.models import Lesson, Path, Step
from learnpaths.search.models import Term
from learnpaths.search.registry import COURSE, DEFINITION, HEADING, PAGE, Entry

_HEADING = re.compile(r'<h[23] id="([^"]+)">(.*?)</h[23]>', re.DOTALL)
_CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_MATHS = re.compile(r"<math.*?</math>", re.DOTALL)
_INLINE = re.compile(r"</?(?:code|em|strong|a|span|s|sup)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_GAP = re.compile(r"\s+([.,;:!?)])")


@dataclass(frozen=True)
class Section:
    """The part of a lesson below a heading; the part above the first has neither anchor nor title."""

    anchor: str
    title: str
    text: str
    code: str


def path_entries() -> Iterator[Entry]:
    for path in Path.objects.listed():
        yield Entry(
            key=f"path/{path.slug}", title=path.title, url=path.get_absolute_url(), text=path.summary, precedence=COURSE
        )


def lesson_entries() -> Iterator[Entry]:
    """Yield each lesson of a listed path, and each of its sections with the terms that it teaches."""
    terms = _terms_by_place()
    lessons = Lesson.objects.filter(step__unit__path__is_listed=True).select_related("step__unit__path")
    for lesson in lessons.defer("blocks", "text").order_by(
        "step__unit__path__position", "step__unit__position", "step__position"
    ):
        yield from _entries_of(lesson, terms)


def _entries_of(lesson: Lesson, terms: dict[tuple[str, str], list[str]]) -> Iterator[Entry]:
    step, path = lesson.step, lesson.step.unit.path
    url = step.get_absolute_url()
    for section in split_sections(lesson.body_html):
        names = "; ".join(terms[step.slug, section.anchor])
        if section.anchor:
            yield Entry(
                key=section_key(step.slug, section.anchor),
                title=section.title,
                url=f"{url}#{section.anchor}",
                trail=f"{path.title} › {step.title}",  # noqa: RUF001
                terms=names,
                text=section.text,
                code=section.code,
                precedence=HEADING,
            )
        else:
            objectives = (objective.rstrip(".") + "." for objective in lesson.objectives)
            text = " ".join([step.summary, *objectives, section.text])
            yield Entry(
                key=section_key(step.slug, ""),
                title=step.title,
                url=url,
                trail=path.title,
                terms=names,
                text=text,
                code=section.code,
                precedence=PAGE,
            )


def section_key(lesson: str, anchor: str) -> str:
    return f"lesson/{lesson}" + (f"#{anchor}" if anchor else "")


def split_sections(body: str) -> list[Section]:
    """Split a lesson's HTML at its headings."""
    first, *parts = _HEADING.split(body)
    sections = [_section("", "", first)]
    for anchor, title, content in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        sections.append(_section(anchor, title, content))
    return sections


def _section(anchor: str, title: str, content: str) -> Section:
    code = "\n".join(map(_plain_code, _CODE.findall(content)))
    return Section(anchor, _words(title), _words(_CODE.sub(" ", content)), code)


def _words(text: str) -> str:
    """Return the text of HTML without maths; tags within a sentence leave no gap, neither do they before its stop."""
    plain = html.unescape(_TAG.sub(" ", _INLINE.sub("", _MATHS.sub(" ", text))))
    return _GAP.sub(r"\1", " ".join(plain.split()))


def _plain_code(text: str) -> str:
    return html.unescape(_TAG.sub("", text)).strip()


def _terms_by_place() -> dict[tuple[str, str], list[str]]:
    terms: dict[tuple[str, str], list[str]] = defaultdict(list)
    for term in Term.objects.all():
        terms[term.lesson, term.anchor] += [term.name, *term.also]
    return terms


def term_entries() -> Iterator[Entry]:
    titles = dict(listed_lessons().values_list("slug", "title"))
    for term in Term.objects.all():
        yield Entry(
            key=term_key(term.slug),
            title=term.name,
            url=f"{reverse('glossary')}#{term.slug}",
            trail=titles.get(term.lesson, ""),
            terms="; ".join([term.name, *term.also]),
            text=term.definition,
            precedence=DEFINITION,
        )


def term_key(slug: str) -> str:
    return f"term/{slug}"


def listed_lessons() -> QuerySet[Step]:
    """Return the lessons of listed paths; a lesson's id is unique on the site."""
    return Step.objects.filter(kind="lesson", unit__path__is_listed=True).select_related("unit__path")
