"""The page in a browser: no error, no request, nothing beyond its edge; its tables sort, filter and are searched.

Without a Chromium these tests are skipped and say so. What is clicked and read is done by a second script, which the
page's policy is made to allow; the first one is the page's own, under the policy that it ships with.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from base64 import b64encode
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from analyser.coverage.measure import measured
from analyser.coverage.model import Request
from analyser.coverage.outlook import history, outlook
from analyser.report.coverage.findings import Finding, Findings
from analyser.report.coverage.html import coverage_html
from analyser.store.database import Database

_BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(_BROWSER is None, reason="no Chromium on this machine: the page was not opened")

_WATCH = """
window.wrong = [];
addEventListener("error", (event) => wrong.push(String(event.message)));
document.addEventListener("securitypolicyviolation", (event) => wrong.push(event.violatedDirective + event.blockedURI));
"""
_TRY = """
const texts = (table, column) => [...table.tBodies].flatMap((body) => [...body.rows])
  .filter((row) => !row.hidden && row.cells.length > column).map((row) => row.cells[column].textContent.trim());
const type = (input, text) => { input.value = text; input.dispatchEvent(new Event("input")); };
const found = { wrong, requests: performance.getEntriesByType("resource").map((one) => one.name) };
// No window is as narrow as a telephone: the page is made so, under the rules for narrow windows.
const edge = 400;
document.documentElement.style.width = `${edge}px`;
found.beyond = [...document.querySelectorAll("body *")].filter((one) => !one.closest(".scroll, svg") &&
  one.getBoundingClientRect().right > edge + 1)
  .map((one) => one.outerHTML.slice(0, 80));
const cells = document.querySelector("#cells").closest("section").querySelector("table");
const press = (column) => cells.tHead.rows[0].cells[column].querySelector("button").click();
found.whole = texts(cells, 3);
press(3); found.most = texts(cells, 3);
press(3); found.least = texts(cells, 3);
press(3); found.again = texts(cells, 3);
press(0); found.names = texts(cells, 0); press(0); press(0);
const reasons = document.querySelector("#reasons").closest("section");
type(reasons.querySelector("input"), "ARKISTO Asiakkuusasiakirja");
found.filtered = [...reasons.querySelectorAll("tbody tr:not([hidden])")].map((row) => row.textContent);
found.every = reasons.querySelectorAll("tbody tr").length;
found.told = reasons.querySelector("output").textContent;
type(reasons.querySelector("input"), "");
type(document.querySelector("header input"), "092 vantaa");
found.searched = [...document.querySelectorAll("tbody tr")]
  .filter((row) => !row.hidden && row.closest("table").querySelector("button"))
  .map((row) => row.textContent.toLowerCase()).filter((text) => !text.includes("vantaa")).length;
const link = document.querySelector(".map a[href]");
type(document.querySelector("header input"), "no such word");
location.hash = link.getAttribute("href");
setTimeout(() => {
  found.shown = !document.querySelector(location.hash).hidden;
  dispatchEvent(new Event("beforeprint"));
  found.folded = document.querySelectorAll("details:not([open])").length;
  const told = document.createElement("pre");
  told.id = "found"; told.textContent = JSON.stringify(found); document.body.append(told);
}, 50);
"""


def _hash(script: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _opened(page: str, folder: Path) -> dict[str, Any]:
    """What the page showed in a narrow window."""
    tried = page.replace("script-src ", f"script-src {_hash(_WATCH)} {_hash(_TRY)} ", 1)
    tried = tried.replace("<style>", f"<script>{_WATCH}</script><style>", 1)
    tried = tried.replace("</body>", f"<script>{_TRY}</script></body>", 1)
    file = folder / "page.html"
    file.write_text(tried, encoding="utf-8")
    assert _BROWSER is not None
    flags = ["--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder / 'profile'}"]
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [_BROWSER, *flags, "--window-size=500,900", "--virtual-time-budget=2000", "--dump-dom", file.as_uri()],
        capture_output=True,
        timeout=60,
        check=True,
    )
    written = re.search(r'<pre id="found">(.*?)</pre>', done.stdout.decode(), re.DOTALL)
    assert written is not None, done.stderr.decode()[-2000:]
    found: dict[str, Any] = json.loads(unescape(written[1]))
    return found


def test_the_page_sorts_filters_and_asks_for_nothing(county: Database, request_2025q1: Request, tmp_path: Path) -> None:
    model, past = history(county, request_2025q1)
    low = Finding("D01", "info", "lievä", "", "", 1, 2, "")
    page = coverage_html(measured(model), outlook(model, past), Findings((low,), 3, 4), "fi")
    found = _opened(page, tmp_path)
    assert (found["wrong"], found["requests"], found["beyond"]) == ([], [], [])
    assert found["whole"] == found["again"]
    assert sorted(found["whole"]) == sorted(found["most"]) == sorted(found["least"])
    tasks = len(found["whole"]) - 1  # rows of the second layer stay under their heading
    figures = [int(one) for one in found["most"]]
    assert figures[:tasks] == sorted(figures[:tasks], reverse=True)
    figures = [int(one) for one in found["least"]]
    assert figures[:tasks] == sorted(figures[:tasks])
    assert found["names"][0].startswith("Palvelutehtävät")
    assert found["filtered"]
    assert all("arkisto" in one.lower() and "asiakkuusasiakirja" in one.lower() for one in found["filtered"])
    assert len(found["filtered"]) < found["every"]
    assert found["told"] == f"{len(found['filtered'])} / {found['every']}"
    assert found["searched"] == 0
    assert found["shown"]
    assert found["folded"] == 0
