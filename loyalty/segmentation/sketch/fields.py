"""The form fields of one part of the page."""

from dataclasses import dataclass

from django.http import QueryDict

from loyalty import numerals


@dataclass(frozen=True)
class Fields:
    """What was posted under a path: `0.1:feature` is the field `feature` of the part at `0.1`."""

    posted: QueryDict
    path: str

    def __contains__(self, name: str) -> bool:
        return f"{self.path}:{name}" in self.posted

    def get(self, name: str) -> str:
        """What the field holds, without blanks around it; empty where there is no such field."""
        return self.posted.get(f"{self.path}:{name}", "").strip()

    def all(self, name: str) -> list[str]:
        return [value.strip() for value in self.posted.getlist(f"{self.path}:{name}")]

    def below(self) -> "list[Fields]":
        """The parts of a group, in the order in which they stand on the page."""
        before = f"{self.path}."
        deeper = (
            name.removeprefix(before).split(":")[0].split(".")[0] for name in self.posted if name.startswith(before)
        )
        numbers = sorted({number for each in deeper if (number := numerals.whole(each)) is not None})
        return [Fields(self.posted, f"{before}{number}") for number in numbers]
