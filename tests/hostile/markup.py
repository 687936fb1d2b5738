"""Hostile XML: entities, declarations, nesting, sizes and encodings."""

from __future__ import annotations

import codecs

from tests.archive.build import document
from tests.hostile.cases import Case, file

_GOOD = document(oid="1.2.3.77")
_BODY = _GOOD.removeprefix("<ClinicalDocument")


def _declared(doctype: str, text: str = "") -> str:
    return f'<?xml version="1.0"?>{doctype}' + _GOOD.replace("</ClinicalDocument>", f"{text}</ClinicalDocument>")


def _laughs() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return _declared(f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{levels}]>', "<title>&l11;</title>")


def _attribute_laughs() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return _declared(f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{levels}]>', '<title value="&l11;"/>')


def _quadratic() -> str:
    return _declared(f'<!DOCTYPE q [<!ENTITY a "{"a" * 100_000}">]>', f"<title>{'&a;' * 100_000}</title>")


def _deep(levels: int, padding: int = 0) -> str:
    # In a document's own namespace, so that nothing but the depth is wrong.
    pad = "A" * padding
    return _GOOD.replace("</ClinicalDocument>", "<a>" * levels + pad + "</a>" * levels + "</ClinicalDocument>")


def _attributes(count: int) -> str:
    told = " ".join(f"a{n}=''" for n in range(count))
    return _GOOD.replace("</ClinicalDocument>", f"<title {told}/></ClinicalDocument>")


def _namespaces(count: int) -> str:
    told = " ".join(f"xmlns:n{n}='u{n}'" for n in range(count))
    inner = "".join(f"<n{n}:a/>" for n in range(0, count, 2))
    return _GOOD.replace("</ClinicalDocument>", f"<title {told}>{inner}</title></ClinicalDocument>")


def _as(encoding: str, declared: str | None = None, mark: bytes = b"") -> bytes:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return mark + (head + _GOOD.replace("nonXMLBody>", "nonXMLBody>", 1)).encode(encoding)


def _utf7() -> bytes:
    hidden = _laughs().removeprefix('<?xml version="1.0"?>')
    head, _, tail = hidden.partition("]>")
    escaped = "".join(f"+{_utf7_of(c)}-" if c in "<!>&[]\"'" else c for c in head + "]>")
    return b'<?xml version="1.0" encoding="UTF-7"?>' + escaped.encode() + tail.encode()


def _utf7_of(char: str) -> str:
    return codecs.encode(char.encode("utf-16-be"), "base64").decode().strip().rstrip("=")


_XINCLUDE = (
    '<title xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/hostname" parse="text"/></title>'
)
_LOCATED = (
    '<ClinicalDocument xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="urn:hl7-org:v3 http://127.0.0.1:9/x.xsd" xsi:noNamespaceSchemaLocation="file:///etc/passwd"'
)


def _case(name: str, data: object, *codes: str) -> Case:
    return Case("xml", name, file("x.xml", data), codes, 0 if codes else 1)  # type: ignore[arg-type]


CASES = [
    _case("billion-laughs", _laughs(), "forbidden-xml"),
    _case("billion-laughs-in-an-attribute", _attribute_laughs(), "forbidden-xml"),
    _case("billion-laughs-in-utf-16", _laughs().encode("utf-16"), "forbidden-xml"),
    _case("billion-laughs-in-utf-16-be", b"\xfe\xff" + _laughs().encode("utf-16-be"), "forbidden-xml"),
    _case("billion-laughs-hidden-in-utf-7", _utf7(), "unknown-encoding"),
    _case("quadratic-blow-up", lambda: _quadratic().encode(), "forbidden-xml"),
    _case(
        "external-entity-of-a-file",
        _declared('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "<title>&e;</title>"),
        "forbidden-xml",
    ),
    _case(
        "external-entity-of-a-device",
        _declared('<!DOCTYPE x [<!ENTITY e SYSTEM "/dev/zero">]>', "<title>&e;</title>"),
        "forbidden-xml",
    ),
    _case(
        "external-entity-of-the-network",
        _declared('<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]>', "<title>&e;</title>"),
        "forbidden-xml",
    ),
    _case(
        "parameter-entity", _declared('<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>'), "forbidden-xml"
    ),
    _case("external-dtd", _declared('<!DOCTYPE ClinicalDocument SYSTEM "http://127.0.0.1:9/x.dtd">'), "forbidden-xml"),
    _case("doctype-after-a-comment", _declared("<!-- ! --><!DOCTYPE ClinicalDocument>"), "forbidden-xml"),
    _case("doctype-after-many-marks", _declared(f"<!--{'!' * 5000}--><!DOCTYPE ClinicalDocument>"), "forbidden-xml"),
    _case("undeclared-entity", _GOOD.replace("<component>", "<title>&nosuch;</title><component>"), "malformed-xml"),
    _case("xinclude", _GOOD.replace("<component>", f"{_XINCLUDE}<component>")),
    _case(
        "processing-instructions",
        '<?xml version="1.0"?><?xml-stylesheet href="http://127.0.0.1:9/x.xsl" type="text/xsl"?><?php system("id") ?>'
        + _GOOD,
    ),
    _case("schema-location-to-anywhere", _LOCATED + _BODY),
    _case("nesting-of-10000", _deep(10_000), "too-deep"),
    _case("nesting-of-10000-in-a-large-document", lambda: _deep(10_000, 11_000_000).encode(), "too-deep"),
    _case("nesting-of-1500-in-a-large-document", lambda: _deep(1_500, 11_000_000).encode(), "too-deep"),
    _case("a-million-elements", lambda: b"<a>" + b"<b/>" * 1_000_000 + b"</a>", "too-many-elements"),
    _case("a-million-attributes", lambda: _attributes(1_000_000).encode(), "too-many-elements"),
    _case("a-hundred-thousand-attributes", lambda: _attributes(100_000).encode()),
    _case("fifty-thousand-namespaces", lambda: _namespaces(50_000).encode()),
    _case("an-attribute-of-12-megabytes", lambda: _GOOD.replace("20250117130652+0200", "2" * 12_000_000).encode()),
    _case("a-comment-of-30-megabytes", lambda: f"<!--{'x' * 30_000_000}-->{_GOOD}".encode()),
    _case("a-text-node-of-30-megabytes", lambda: document("QUJD" * 7_500_000).encode(), "bad-json"),
    _case("thirty-million-words", lambda: document("QU JD " * 5_000_000).encode(), "bad-json"),
    _case("an-unclosed-comment", _GOOD.replace("<component>", "<!-- <component>"), "malformed-xml"),
    _case("an-attribute-twice", _GOOD.replace('<id root="', '<id root="1" root="'), "malformed-xml"),
    _case("invalid-utf-8", _GOOD.encode().replace(b"<component>", b"<title>\xff\xfe\xc3</title><component>"), "malformed-xml"),
    _case("overlong-utf-8", _GOOD.encode().replace(b"<component>", b"<title>\xc0\xbc</title><component>"), "malformed-xml"),
    _case("nul-in-the-text", _GOOD.replace("<component>", "<title>\0</title><component>"), "malformed-xml"),
    _case("nul-by-reference", _GOOD.replace("<component>", "<title>&#0;</title><component>"), "malformed-xml"),
    _case("lone-surrogate-by-reference", _GOOD.replace("<component>", "<title>&#xD800;</title><component>"), "malformed-xml"),
    _case("utf-16-le", _as("utf-16-le", mark=codecs.BOM_UTF16_LE)),
    _case("utf-16-be", _as("utf-16-be", mark=codecs.BOM_UTF16_BE)),
    _case("utf-16-declared", _as("utf-16-le", "UTF-16", codecs.BOM_UTF16_LE)),
    _case("utf-8-with-a-mark", _as("utf-8", "UTF-8", codecs.BOM_UTF8)),
    _case("iso-8859-1", _as("iso-8859-1", "ISO-8859-1").replace(b"Asiakk", b"Asi\xe4kk")),
    _case(
        "utf-8-declared-and-latin-1-written",
        _as("utf-8", "UTF-8").replace(b"<component>", b"<title>\xe4</title><component>"),
        "malformed-xml",
    ),
    _case("utf-16-declared-and-utf-8-written", _as("utf-8", "UTF-16")),
    _case("utf-32", _as("utf-32-le", "UTF-32", codecs.BOM_UTF32_LE), "unknown-encoding"),
    _case("ebcdic", _as("cp500", "cp500"), "not-xml"),
    _case("an-encoding-that-does-not-exist", _as("utf-8", "x-nonsense"), "unknown-encoding"),
    _case("nothing", b"", "empty-file"),
    _case("white-space", b" \n" * 1000, "not-xml"),
    _case("a-picture", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 10, "not-xml"),
    _case("another-vocabulary", "<html><body/></html>", "unknown-xml"),
    _case("two-roots", _GOOD + _GOOD, "malformed-xml"),
]  # fmt: skip
