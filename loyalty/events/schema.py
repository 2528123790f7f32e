"""How the events API describes itself in OpenAPI, told from the same kinds and columns by which it reads."""

from typing import Any

from loyalty import events
from loyalty.events import meanings
from loyalty.events.meanings import EventKind
from loyalty.files import kinds

DESCRIPTION = (
    f"Up to {events.MOST:,} events in one transaction, shown to staff from the moment of the answer. Each row is "
    "accepted, known (it came before with the same content) or refused with its reason; a refused row does not harm "
    "the others. The rules are those of the events file. An event also needs what its kind needs, happened in the last "
    f"{events.BEHIND.days} days, and states its time zone. Of a member who does not allow offers chosen for them, only "
    "events are kept that have a reason of their own: offer_completed and survey_answer."
)
IDEMPOTENCY = (
    "The same key with the same request is answered the same for 24 hours, and with another one refused (422)."
)
_SAID = {
    "event_ref": "Your own reference of the event, by which it is known again.",
    "member_ref": "As in your members file.",
    "at": "When it happened, by ISO 8601 with its time zone.",
    "product_ref": "As in your products file.",
}


def _fields() -> dict[str, Any]:
    return {
        column.name: {
            "type": "number" if column.type == "number" else "string",
            **({"format": "date-time"} if column.type == "time" else {}),
            **({} if column.required else {"nullable": True}),
            **({"enum": [*column.choices, None]} if column.type == "choice" else {}),
            **({"description": _SAID[column.name]} if column.name in _SAID else {}),
        }
        for column in kinds.EVENTS.columns
    }


def _of_kind(kind: EventKind) -> str:
    parts = [
        kind.said,
        f"needs {' and '.join(kind.needs)}" if kind.needs else "",
        f"`value` is in {kind.unit}, 0 to {meanings.MOST[kind.unit]:,}" if kind.unit else "",
        f"`text` is {kind.text_is}" if kind.text_is else "",
    ]
    return f"- `{kind.name}`: {'; '.join(part for part in parts if part)}"


_KINDS = "\n".join(["What happened; kinds of your own need nothing more.", *map(_of_kind, meanings.KINDS.values())])
_FIELDS = _fields()
EVENT = {
    "type": "object",
    "additionalProperties": False,
    "required": list(kinds.EVENTS.required()),
    "properties": {**_FIELDS, "kind": {**_FIELDS["kind"], "description": _KINDS, "example": "view"}},
}
BATCH = {
    "type": "object",
    "required": ["events"],
    "properties": {"events": {"type": "array", "maxItems": events.MOST, "items": EVENT}},
}
_COUNT = {"type": "integer"}
TAKEN = {
    "type": "object",
    "description": "sent = accepted + known + refused",
    "required": ["sent", "accepted", "known", "refused", "refusals"],
    "properties": {
        **dict.fromkeys(("sent", "accepted", "known", "refused"), _COUNT),
        "refusals": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["position", "event_ref", "field", "code", "detail"],
                "properties": {
                    "position": {"type": "integer", "description": "The row's place in the batch, from 0."},
                    "event_ref": {"type": "string", "nullable": True},
                    "field": {"type": "string", "description": "The field at fault; empty if it is the whole row."},
                    "code": {"type": "string", "enum": ["invalid", "unknown", "conflict", "purpose"]},
                    "detail": {"type": "string", "description": "What is wrong and what to do, in a sentence."},
                },
            },
        },
    },
}
