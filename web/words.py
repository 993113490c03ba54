"""What is wrong with a value, in words for the person who typed it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marketplace.errors import Invalid
from payments.money import pounds

#: By pydantic's kind of error; `{name}` is the field in words, the rest comes from the error's own context.
_SENTENCES: dict[str, str] = {
    "missing": "Enter {name}.",
    "string_too_short": "Enter {name}.",
    "string_too_long": "{Name} must be {max_length} characters or fewer.",
    "string_type": "{Name} must be text.",
    "string_unicode": "{Name} holds a character that can't be typed. Type it again.",
    "control_character": "{Name} holds a character that can't be typed. Type it again.",
    "extra_forbidden": "There is no field called “{name}”. Check its spelling or leave it out.",
    "json_invalid": "This is not valid JSON. Check its commas, quotes and brackets.",
    "literal_error": "{Name} must be one of {expected}.",
    "date_parsing": "{Name} must be a date, like 2026-11-23.",
    "date_from_datetime_parsing": "{Name} must be a date, like 2026-11-23.",
    "date_from_datetime_inexact": "{Name} must be a date, like 2026-11-23.",
    "date_type": "{Name} must be a date, like 2026-11-23.",
    "time_parsing": "{Name} must be a time between 00:00 and 23:59, like 08:30.",
    "time_type": "{Name} must be a time between 00:00 and 23:59, like 08:30.",
    "datetime_parsing": "{Name} must be a date and time, like 2026-11-23T08:30:00+00:00.",
    "datetime_from_date_parsing": "{Name} must be a date and time, like 2026-11-23T08:30:00+00:00.",
    "datetime_object_invalid": "{Name} must be a date and time, like 2026-11-23T08:30:00+00:00.",
    "datetime_type": "{Name} must be a date and time, like 2026-11-23T08:30:00+00:00.",
    "timezone_aware": "{Name} needs its time zone, like 2026-11-23T08:30:00+00:00.",
    "int_parsing": "{Name} must be a whole number.",
    "int_from_float": "{Name} must be a whole number.",
    "int_parsing_size": "{Name} must be a smaller number.",
    "int_type": "{Name} must be a whole number.",
    "finite_number": "{Name} must be a whole number.",
    "bool_parsing": "{Name} must be true or false.",
    "uuid_parsing": "{Name} is not a number of ours. Copy it again.",
    "uuid_type": "{Name} is not a number of ours. Copy it again.",
    "enum": "{Name} must be one of {expected}.",
    "too_short": "Enter at least {min_length} of {name}.",
    "too_long": "There can be at most {max_length} of {name}.",
    "greater_than_equal": "{Name} must be {ge} or more.",
    "greater_than": "{Name} must be more than {gt}.",
    "less_than_equal": "{Name} must be {le} or less.",
    "less_than": "{Name} must be less than {lt}.",
    "model_attributes_type": "{Name} must be a group of fields.",
    "model_type": "{Name} must be a group of fields.",
    "email": "{Name} must be an e-mail address, like name@example.org.",
    "list_type": "{Name} must be a list.",
    "set_type": "{Name} must be a list.",
}
_OUTER = frozenset({"body", "query", "path", "header"})


def plain_errors(errors: Iterable[Mapping[str, Any]]) -> Sequence[dict[str, str]]:
    """Pydantic's errors as field and sentence, one for each field."""
    told: dict[str, str] = {}
    for error in errors:
        field, sentence = _field(error), _sentence(error)
        refusal = (error.get("ctx") or {}).get("error")
        if isinstance(refusal, Invalid):
            field, sentence = refusal.field, str(refusal)
        told.setdefault(field, sentence)
    return [{"field": field, "message": message} for field, message in told.items()]


def _field(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return "body"
    return ".".join(str(part) for part in error["loc"] if part not in _OUTER) or "body"


def _sentence(error: Mapping[str, Any]) -> str:
    field = _field(error)
    last = next((part for part in reversed(field.split(".")) if not part.isdecimal()), field)
    name = last.removesuffix("_pence").replace("_", " ").strip() or "value"
    context = dict(error.get("ctx") or {})
    if last.endswith("pence"):
        context = {key: pounds(value) if isinstance(value, int) else value for key, value in context.items()}
    # pydantic's own kind for an e-mail address is the one of every ValueError
    kind = "email" if error["type"] == "value_error" and "reason" in context else error["type"]
    said = str(error["msg"]).removeprefix("Value error, ").rstrip(".").replace("{", "").replace("}", "")
    template = _SENTENCES.get(kind, "{Name} can't be right: " + said + ".")
    return template.format_map({**context, "name": name, "Name": name.capitalize()})
