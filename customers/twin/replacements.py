"""Values in place of original ones: the same for the same value, and for no other.

A replacement is drawn from random numbers that depend on the seed and on the value without its
case and normal form. It is drawn again while an original is in it, while it stands for another
value, or while a rule does not hold that held of the original. Who does not know the seed cannot
try out which value a replacement stands for.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable
from random import Random
from uuid import UUID

from customers.twin import forms
from customers.twin.alphabets import in_case_of
from customers.twin.folding import Folded, normalized
from customers.twin.forms import Form
from customers.twin.originals import RANDOM_PART, SHORTEST, Originals, as_id, says_something
from customers.twin.rules import Rule, begins_with_its_country, holds, is_telephone_number
from customers.values.cus_ids import PREFIX, encode
from customers.values.uuid7 import created_at, uuid7

_ATTEMPTS = 20_000
#: So many attempts may fail before letters stay, and a short value may stand for itself.
_PATIENCE = 500
#: So often the repair of a text may fail: an original is in the part of it that stays.
_FAILURES = 2 * _PATIENCE
_STRETCHING = 200_000  # rounds, for a person may have made the seed up


class CannotBeReplaced(Exception):
    """There is no safe value in place of this one."""


class Replacements:
    """Replaces values by a seed. No original is in what it makes."""

    def __init__(self, seed: str, originals: Originals) -> None:
        self.originals = originals
        self._key = hashlib.pbkdf2_hmac("sha256", seed.encode(), b"customers.twin", _STRETCHING)
        self._rules: dict[str, set[Rule]] = {}
        self._made: dict[str, str | None] = {}  # None for what cannot be replaced
        self._domains: dict[str, str] = {}
        self._stands_for: dict[tuple[str, str], str] = {}

    def keep(self, value: str, rules: Iterable[Rule]) -> None:
        """Let the rules hold of what stands for a value, wherever that is."""
        self._rules.setdefault(normalized(value), set()).update(rules)

    def id(self, id: UUID) -> UUID:
        """Another id of the same time."""
        for attempt in range(_ATTEMPTS):
            made = uuid7(created_at(id), random=self._random("id", id.hex, attempt).getrandbits(62))
            is_told = self.originals.find(str(made)[RANDOM_PART:])
            if not is_told and self._may_stand("id", made.hex, id.hex):
                self._stands_for["id", made.hex] = id.hex
                return made
        raise CannotBeReplaced

    def text(self, value: str) -> str:
        """Another text of the same form: an email stays one, and an id is that of its row."""
        if value not in self._made:
            try:
                self._made[value] = self._text(value)
            except CannotBeReplaced:
                self._made[value] = None
        made = self._made[value]
        if made is None:
            raise CannotBeReplaced
        return made

    # --- Forms -----------------------------------------------------------------------------------

    def _text(self, value: str) -> str:
        if id := as_id(value):
            made = self.id(id)
            return encode(made) if value.startswith(PREFIX) else forms.id_spelled_as(value, made)
        if email := forms.EMAIL.fullmatch(value):
            return self._first(value, lambda attempt: self._email(email[1], email[2], attempt))
        if url := forms.URL.fullmatch(value):
            return self._first(value, lambda attempt: self._url(url[1], url[2], url[3], attempt))
        rules = self._rules_of(value)
        if is_telephone_number in rules:
            form = forms.telephone_form(value)
            return self._first(
                value,
                lambda attempt: self._drawn(value, form, attempt, forms.digits_of),
                forms.digits_of,
            )
        form = self._form(value, rules)
        if all(len(part) == 1 for part in form):
            return _harmless(value)
        return self._first(value, lambda attempt: self._drawn(value, form, attempt))

    def _form(self, value: str, rules: Collection[Rule]) -> Form:
        text = forms.composed(value)
        form = forms.form_of(text)
        if begins_with_its_country in rules:
            form[:2] = text[:2]
        for match in forms.EMBEDDED.finditer(text):
            form[slice(*match.span())] = forms.composed(self.text(match[0]))
        return form

    def _email(self, mailbox: str, domain: str, attempt: int) -> str:
        return f"{self._part(mailbox, attempt)}@{self._domain(domain)}"

    def _url(self, scheme: str, host: str, rest: str, attempt: int) -> str:
        if host == "localhost":
            made = host
        elif forms.DOMAIN.fullmatch(host):
            made = self._domain(host)
        else:
            made = self._part(host, attempt)
        encoded = forms.PercentEncoded.read(rest)
        return scheme + made + encoded.write(self._part(encoded.text, attempt))

    def _part(self, text: str, attempt: int) -> str:
        """Another part of a value: the same in all of them, unless that cannot be."""
        if attempt == 0 or not text:
            return self.text(text) if text else ""
        return self._drawn(text, self._form(text, ()), attempt) or self.text(text)

    def _domain(self, domain: str) -> str:
        """Another domain, which no one has: what shares one goes on to share it."""
        *labels, own, last = domain.split(".")
        if last.lower() in forms.RESERVED:
            return ".".join([*map(self.text, [*labels, own]), last])
        registered = f"{own}.{last}"
        if registered not in self._domains:
            self._domains[registered] = self._first(
                registered,
                lambda attempt: f"{self.text(own)}.{self._unregistered(own, last, attempt)}",
            )
        return ".".join([*map(self.text, labels), self._domains[registered]])

    def _unregistered(self, own: str, last: str, attempt: int) -> str:
        """A top-level domain that there is not: see `forms.unregistered_form`."""
        form = forms.unregistered_form(last)
        random = self._random("domain", normalized(f"{own}.{last}"), attempt)
        return _choose(random, last, form)

    # --- Drawing ---------------------------------------------------------------------------------

    def _first(
        self,
        value: str,
        make: Callable[[int], str | None],
        key: Callable[[str], str] = normalized,
    ) -> str:
        """The first of the values made that may stand for this one."""
        own, rules = key(value), self._rules_of(value)
        failures = 0
        for attempt in range(_ATTEMPTS):
            made = make(attempt)
            if made is None:
                failures += 1
                if failures > _FAILURES:
                    break
                continue
            if not self._may_stand(key.__name__, key(made), own):
                continue
            may_be_itself = len(value) < SHORTEST and attempt >= _PATIENCE
            if (key(made) != own or may_be_itself) and all(holds(rule, made) for rule in rules):
                self._stands_for[key.__name__, key(made)] = own
                return made
        raise CannotBeReplaced

    def _drawn(
        self, value: str, form: Form, attempt: int, key: Callable[[str], str] = normalized
    ) -> str | None:
        """A text of the form without an original in it, or None if there was one to the end."""
        text = forms.composed(value)
        if attempt >= _PATIENCE:
            form = _other_form(form, text, attempt)
        random = self._random(key.__name__, key(value), attempt)
        chars = list(_choose(random, text, form))
        for _ in range(1 + len(chars)):
            folded = Folded.of(chars)
            found = self.originals.find(folded.text)
            if found is None:
                made = forms.recomposed("".join(chars), value)
                return None if self.originals.survive_in(made) else made
            for place in sorted(set(folded.places[slice(*found)])):
                chars[place] = _choose(random, text[place], form[place : place + 1])
        return None

    def _may_stand(self, kind: str, made: str, original: str) -> bool:
        return self._stands_for.get((kind, made), original) == original

    def _rules_of(self, value: str) -> Collection[Rule]:
        return self._rules.get(normalized(value), frozenset())

    def _random(self, kind: str, value: str, attempt: int) -> Random:
        message = f"{kind}\0{value}\0{attempt}".encode()
        return Random(int.from_bytes(hmac.digest(self._key, message, "sha256")))  # noqa: S311


def _choose(random: Random, text: str, form: Form) -> str:
    """One of the characters that the form has for each of the text's, in its case."""
    return "".join(
        part if len(part) == 1 else in_case_of(char, part[random.getrandbits(32) % len(part)])
        for char, part in zip(text, form, strict=True)
    )


def _other_form(form: Form, text: str, attempt: int) -> Form:
    """The form of a text with its digits alone, for some attempts, or with all of its letters."""
    if attempt % 2:
        return forms.letter_by_letter(text)
    return forms.digits_alone(form, text) if any(map(str.isdecimal, text)) else form


def _harmless(value: str) -> str:
    """The value itself, of which no character can be replaced, if it says nothing."""
    if len(value) >= SHORTEST and says_something(value):
        raise CannotBeReplaced
    return value
