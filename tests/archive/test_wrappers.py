"""A document inside something else is found, whatever it is in, and is what it would be alone."""

from __future__ import annotations

import base64
import gzip
import html
import json
import zipfile
from pathlib import Path

import pytest

from analyser.archive.quarantine import Code
from tests.archive.build import codes, content, document, frame, read, read_bytes

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n' + document(header="<title>Ärende &amp; &#246;vrigt</title>")
_RAW = _XML.encode()
_B64 = base64.b64encode(_RAW).decode()
_URL = base64.urlsafe_b64encode(_RAW).decode().rstrip("=")
_LINES = "\n".join(_B64[at : at + 76] for at in range(0, len(_B64), 76))
_MIME = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/xml\r\n\r\n'
    f"<s:Envelope xmlns:s='urn:s'/>\r\n--b1\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    f"{_LINES}\r\n"
)


def _in(text: str) -> str:
    return f'<trace xmlns="urn:messaging"><head><when>now</when></head><payload>{text}</payload></trace>'


def _framed(text: str) -> str:
    return frame().replace("</controlActProcess>", f"<text>{text}</text></controlActProcess>")


_ALONE = _XML.split("\n", 1)[1]
_PREFIXED = _ALONE.replace("<", "<h:").replace("<h:/", "</h:").replace("<h:f:", "<f:").replace("</h:f:", "</f:")
_PREFIXED = _PREFIXED.replace('<h:ClinicalDocument xmlns="urn:hl7-org:v3"', "<h:ClinicalDocument")
_WRAPPERS = {
    "base64": _in(_B64),
    "base64 in lines": _in(f"\n  {_LINES}\n"),
    "base64 of the web, unpadded": _in(_URL),
    "escaped": _in(html.escape(_XML)),
    "escaped twice": _in(html.escape(html.escape(_XML))),
    "cdata": _in(f"<![CDATA[{_XML}]]>"),
    "element": _in(_ALONE),
    "element with the prefix of the wrapper": f'<w xmlns:h="urn:hl7-org:v3">{_PREFIXED}</w>',
    "frame, base64": _framed(_B64),
    "frame, cdata": _framed(f"<![CDATA[{_XML}]]>"),
    "frame, element": _framed(_ALONE),
    "mime": _MIME + "--b1--\r\n",
    "mime without its headers": _MIME.split("\r\n\r\n", 1)[1] + "--b1--\r\n",
    "frame, mime in cdata": _framed(f"<![CDATA[{_MIME}--b1--\r\n]]>"),
    "frame, mime in cdata without another mark": _framed(
        "<![CDATA[" + _MIME.replace("<s:Envelope xmlns:s='urn:s'/>", "hello") + "--b1--\r\n]]>"
    ),
    "frame, escaped mime": _framed(html.escape(_MIME + "--b1--\r\n")),
    "frame, mime in base64": _framed(base64.b64encode((_MIME + "--b1--\r\n").encode()).decode()),
    "frame, mime from its boundary": _framed("<![CDATA[" + _MIME.split("\r\n\r\n", 1)[1] + "--b1--\r\n]]>"),
    "bare base64": _LINES,
    "bare base64 of the web": _URL,
    "bare and escaped": html.escape(_XML),
    "three wrappers": _in(base64.b64encode(_in(html.escape(_in(f"<![CDATA[{_XML}]]>"))).encode()).decode()),
    "a gzip in base64": _in(base64.b64encode(gzip.compress(_RAW)).decode()),
}


@pytest.mark.parametrize("name", sorted(_WRAPPERS))
def test_a_wrapped_document_is_read_as_if_it_stood_alone(tmp_path: Path, name: str) -> None:
    whole = _WRAPPERS[name]
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.writestr("in.xml", whole)
    alone = read_bytes(tmp_path, _RAW)
    for found in (read_bytes(tmp_path, whole), read(tmp_path / "x.zip")):
        assert codes(found) == []
        (one,) = found["document"]
        (told,) = alone["document"]
        ignored = {"document_key", "size"}
        assert {key: one[key] for key in one if key not in ignored} == {
            key: told[key] for key in told if key not in ignored
        }
        if "element" not in name:  # as text it is the same to the byte
            assert one["document_key"] == told["document_key"]
        (member,) = [row["member"] for row in found["member"] if row["outcome"] == "document"]
        assert "!" in member
        assert ("frame" in name) == bool(found["frame"])


def test_wrappers_without_end_stop_at_the_limit_and_what_is_none_is_told(tmp_path: Path) -> None:
    deep = _RAW
    for _ in range(8):
        deep = _in(base64.b64encode(deep).decode()).encode()
    assert codes(read_bytes(tmp_path, deep)) == [Code.NESTED_TOO_DEEP]
    coded = _RAW
    for _ in range(8):
        coded = base64.b64encode(coded)
    assert codes(read_bytes(tmp_path, coded)) in ([Code.NESTED_TOO_DEEP], [Code.NOT_XML])
    cut = read_bytes(tmp_path, _MIME)
    assert (codes(cut), len(cut["document"])) == ([Code.BAD_CONTAINER], 1)
    for nothing in (_in("x" * 400), _in(_B64[:-301] + "!"), _in(base64.b64encode(b"<a>" * 99).decode())):
        assert codes(read_bytes(tmp_path, nothing)) == [Code.UNKNOWN_XML]
    two = read_bytes(tmp_path, _in(document(oid="1.2.3.1") + document(oid="1.2.3.2")))
    assert sorted(row["oid"] for row in two["document"]) == ["1.2.3.1", "1.2.3.2"]
    assert codes(read_bytes(tmp_path, frame())) == []


def test_content_without_padding_or_in_the_alphabet_of_the_web_is_read(tmp_path: Path) -> None:
    for extra in ("", "a", "ab"):
        packed = base64.urlsafe_b64encode(
            json.dumps(content(huom=f"ÿþ?>{extra}"), ensure_ascii=False).encode()
        ).decode()
        assert codes(read_bytes(tmp_path, document(packed.rstrip("=")))) == []


@pytest.mark.parametrize(
    ("declared", "encoding"), [("utf-16", "utf-8"), ("UTF-16LE", "utf-8"), ("utf-8", "utf-16"), ("utf-16", "utf-8-sig")]
)
def test_an_encoding_declared_wrongly_and_plainly_is_read_with_a_problem(
    tmp_path: Path, declared: str, encoding: str
) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + document(header="<title>Ärende</title>")
    found = read_bytes(tmp_path, text.encode(encoding))
    assert codes(found) == []
    assert [row["problems"] for row in found["document"]] == [["wrong-encoding"]]
