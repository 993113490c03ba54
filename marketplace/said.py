"""What people read for every code that matching speaks of: skills, checks and languages."""

from collections.abc import Mapping

from marketplace import competencies, languages

NAMES: Mapping[str, str] = {**languages.NAMES, **competencies.NAMES, **competencies.CHECK_NAMES}
