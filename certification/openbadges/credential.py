"""An Open Badge 3.0 as plain data, and its JSON."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import statuslist
from .canonical import CREDENTIALS_V2, OPEN_BADGES
from .signing import timestamp

# The specification's AchievementType; anything else is written "ext:…".
# fmt: off
ACHIEVEMENT_TYPES = frozenset([
    "Achievement", "ApprenticeshipCertificate", "Assessment", "Assignment", "AssociateDegree", "Award",
    "Badge", "BachelorDegree", "Certificate", "CertificateOfCompletion", "Certification", "CommunityService",
    "Competency", "Course", "CoCurricular", "Degree", "Diploma", "DoctoralDegree", "Fieldwork",
    "GeneralEducationDevelopment", "JourneymanCertificate", "LearningProgram", "License", "MasterCertificate",
    "MasterDegree", "Membership", "MicroCredential", "ProfessionalDoctorate", "QualityAssuranceCredential",
    "ResearchDoctorate", "SecondarySchoolDiploma",
])
# fmt: on


@dataclass(frozen=True, kw_only=True)
class Issuer:
    id: str  # a DID
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One number that was measured, and what it had to reach. All values are texts, as the specification wants."""

    id: str
    name: str
    value: str
    kind: str = "Result"  # the specification's ResultType
    required: str = ""
    minimum: str = ""
    maximum: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What shows that the achievement was earned. `narrative` is Markdown."""

    id: str
    name: str
    description: str
    narrative: str
    genre: str


@dataclass(frozen=True, kw_only=True)
class Achievement:
    id: str
    name: str
    description: str
    criteria: str  # Markdown
    kind: str = "Certificate"
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who earned it: the name in clear, the e-mail address only as a salted hash."""

    id: str
    name: str
    email: str
    salt: str

    def to_json(self) -> list[dict[str, Any]]:
        digest = hashlib.sha256((self.email.lower() + self.salt).encode()).hexdigest()
        return [
            {"type": "IdentityObject", "hashed": False, "identityHash": self.name, "identityType": "name"},
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": f"sha256${digest}",
                "identityType": "emailAddress",
                "salt": self.salt,
            },
        ]


@dataclass(frozen=True, kw_only=True)
class OpenBadge:
    id: str
    issuer: Issuer
    recipient: Recipient
    achievement: Achievement
    awarded: datetime
    valid_from: datetime
    valid_until: datetime | None
    status_list: str
    status_index: int
    measurements: tuple[Measurement, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the unsigned credential. What is empty is left out."""
        badge: dict[str, Any] = _without_empty(
            {
                "@context": [CREDENTIALS_V2, OPEN_BADGES],
                "id": self.id,
                "type": ["VerifiableCredential", "OpenBadgeCredential"],
                "name": self.achievement.name,
                "description": self.achievement.description,
                "issuer": {
                    "id": self.issuer.id,
                    "type": ["Profile"],
                    "name": self.issuer.name,
                    "url": self.issuer.url,
                },
                "validFrom": timestamp(self.valid_from),
                "validUntil": timestamp(self.valid_until) if self.valid_until else None,
                "awardedDate": timestamp(self.awarded),
                "credentialSubject": self._subject(),
                "evidence": [_evidence(item) for item in self.evidence],
                "credentialStatus": statuslist.entry(self.status_list, self.status_index),
            }
        )
        return badge

    def _subject(self) -> dict[str, Any]:
        return {
            "id": self.recipient.id,
            "type": ["AchievementSubject"],
            "identifier": self.recipient.to_json(),
            "achievement": {
                "id": self.achievement.id,
                "type": ["Achievement"],
                "achievementType": self.achievement.kind,
                "name": self.achievement.name,
                "description": self.achievement.description,
                "criteria": {"narrative": self.achievement.criteria},
                "tag": list(self.achievement.skills),
                "resultDescription": [_description(item) for item in self.measurements],
            },
            "result": [
                {"type": ["Result"], "resultDescription": item.id, "value": item.value} for item in self.measurements
            ],
        }


def _description(item: Measurement) -> dict[str, Any]:
    return {
        "id": item.id,
        "type": ["ResultDescription"],
        "name": item.name,
        "resultType": item.kind,
        "requiredValue": item.required,
        "valueMin": item.minimum,
        "valueMax": item.maximum,
    }


def _evidence(item: Evidence) -> dict[str, Any]:
    return {
        "id": item.id,
        "type": ["Evidence"],
        "name": item.name,
        "description": item.description,
        "narrative": item.narrative,
        "genre": item.genre,
    }


def _without_empty(value: Any) -> Any:
    """Drop None, empty texts, lists and objects: as JSON-LD they say nothing, and validators refuse some of them."""
    if isinstance(value, dict):
        items = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in items.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return value
