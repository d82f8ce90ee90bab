"""In which encoding a text file is. It is never guessed: what is not certain, a person chooses."""

from __future__ import annotations

import codecs
import re
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.errors import Reading, UnknownEncoding, UnreadableFile
from customers.values.masking import masked

#: What a person may choose from when a file is not in Unicode.
CHOICES: dict[str, Promise] = {
    "cp1252": gettext_lazy("Western European (Windows-1252)"),
    "cp1250": gettext_lazy("Central European (Windows-1250)"),
    "cp1251": gettext_lazy("Cyrillic (Windows-1251)"),
    "cp1253": gettext_lazy("Greek (Windows-1253)"),
    "cp1254": gettext_lazy("Turkish (Windows-1254)"),
    "cp1255": gettext_lazy("Hebrew (Windows-1255)"),
    "cp1256": gettext_lazy("Arabic (Windows-1256)"),
    "cp1257": gettext_lazy("Baltic (Windows-1257)"),
    "mac_roman": gettext_lazy("Western European (Macintosh)"),
    "cp850": gettext_lazy("Western European (DOS)"),
    "koi8_r": gettext_lazy("Cyrillic (KOI8-R)"),
    "gb18030": gettext_lazy("Chinese, simplified (GB 18030)"),
    "big5": gettext_lazy("Chinese, traditional (Big5)"),
    "cp932": gettext_lazy("Japanese (Shift JIS)"),
    "cp949": gettext_lazy("Korean (Windows-949)"),
}

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BLOCK = 64 * 1024
_SAMPLE = 80  # characters of a line that a choice shows
_NOT_ASCII = bytes(range(0x80, 0x100))
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)

# The letters that all code pages of Latin scripts have in the same place, as German has them. A
# word of ASCII letters with one of these, or with one and ß, reads the same in each of them.
_LATIN = ("cp1250", "cp1252", "cp1254", "cp1257")
_ALIKE = "".join(
    letter
    for byte in range(0xC0, 0x100)
    if (letter := bytes([byte]).decode("cp1252", "replace")).isalpha()
    and all(bytes([byte]).decode(page, "replace") == letter for page in _LATIN)
)
_CERTAIN = re.compile(
    rf"(?:(?<=[A-Za-z])[{_ALIKE}]|[{_ALIKE}](?=[A-Za-z]))ß?(?![{_ALIKE}])"
    rf"|(?<=[A-Za-z])\u2019(?=[A-Za-z])"
    rf"|(?<![A-Za-z])[\u20ac\u2013\u2014](?![A-Za-z])"
)


def encoding_of(file: IO[bytes], chosen: str = "") -> str:
    """UTF-8, UTF-16 with a byte order mark, or what no one can mistake; or else the `chosen` one.

    Raises:
        UnknownEncoding: it must be chosen.
        UnreadableFile: it is broken, or not in the chosen encoding.
    """
    file.seek(0)
    encoding = "utf-16" if file.read(2) in UTF16 else "utf-8-sig"
    bad_line = _first_bad_line(file, encoding)
    if bad_line is None:
        return encoding
    if encoding == "utf-16":
        raise UnreadableFile(
            _("The characters of this file cannot be read. Save it as CSV in UTF-8.")
        )
    number, line = bad_line
    if _is_broken_utf8(file):
        raise UnreadableFile(
            _(
                "The file is in UTF-8, but line %(number)d has a character that is not: “%(line)s”."
                " Correct this line, or save the file as CSV in UTF-8 again."
            )
            % {"number": number, "line": _sample(line, "utf-8")}
        )
    if chosen in CHOICES:
        if (bad := _first_bad_line(file, chosen)) is None:
            return chosen
        raise UnreadableFile(
            _("Line %(number)d is not in %(encoding)s. Choose another encoding.")
            % {"number": bad[0], "encoding": CHOICES[chosen]}
        )
    if _is_certain(file):
        return "cp1252"
    raise UnknownEncoding(
        _(
            "This file is not in UTF-8: see line %(number)d. Choose below how its characters are to"
            " be read and upload it again, or save it as “CSV UTF-8”."
        )
        % {"number": number},
        [
            Reading(encoding, str(label), sample)
            for encoding, label in CHOICES.items()
            if (sample := _sample(line, encoding, "strict"))
            and _first_bad_line(file, encoding) is None
        ],
    )


def _first_bad_line(file: IO[bytes], encoding: str) -> tuple[int, bytes] | None:
    """The number and the bytes of the first line that is not in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    number, block = 1, b"-"
    try:
        while block:
            block = file.read(_BLOCK)
            decoder.decode(block, final=not block)
            number += block.count(b"\n")
    except UnicodeDecodeError as error:
        before, after = error.object[: error.start], error.object[error.start :]
        line = before.rpartition(b"\n")[2][-_SAMPLE:] + after.partition(b"\n")[0][:_SAMPLE]
        return number + before.count(b"\n"), line
    return None


def _is_broken_utf8(file: IO[bytes]) -> bool:
    """Whether most of what is not ASCII is UTF-8."""
    valid = others = 0
    file.seek(0)
    while block := file.read(_BLOCK):
        rest, found = _MULTIBYTE.subn(b"", block)
        valid += found
        others += len(rest) - len(rest.translate(None, _NOT_ASCII))
    return valid > 0 and valid >= others


def _is_certain(file: IO[bytes]) -> bool:
    file.seek(0)
    lines = iter(lambda: file.readline(_BLOCK), b"")
    return all(
        line.isascii() or _CERTAIN.sub("", line.decode("cp1252", "replace")).isascii()
        for line in lines
    )


def _sample(line: bytes, encoding: str, errors: str = "replace") -> str:
    """The line as it reads in the encoding; empty if it does not."""
    try:
        return masked(line.decode(encoding, errors).strip())
    except UnicodeDecodeError:
        return ""
