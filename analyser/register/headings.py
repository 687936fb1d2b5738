"""Which column of a list is which of ours: by the settings, by our own name, or by the names that systems give them.

Names are compared without case, spaces, accents and punctuation, so that `Henkilötunnus`, `HENKILOTUNNUS` and
`henkilö-tunnus` are one. Two columns that could be the same thing are an error with both names, never a choice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from analyser.messages.errors import UsageError
from analyser.national.identifiers import redacted
from analyser.register import carried
from analyser.register.kinds import KNOWN_COLUMNS, RECOGNISED_BY, RegisterKind
from analyser.register.layout import Layout
from analyser.register.names import column_names
from analyser.system.limits import Limits

LOOKED_AT = 60
"""Rows from the top among which the header is looked for: titles, dates and notes stand above it."""


class How(StrEnum):
    """Why a column is taken for one of ours."""

    SETTINGS = "settings"
    """The settings table says so."""
    OWN = "own"
    """It bears our name."""
    KNOWN = "known"
    """It bears a name that is known to mean this."""
    LIKELY = "likely"
    """Its name usually means something near; nothing better is there."""
    CARRIED = "carried"
    """It begins with `x_` and stands beside the row in lists of rows."""


@dataclass(frozen=True, slots=True)
class HeadedColumn:
    """One of our columns, and where the list has it."""

    name: str
    places: tuple[int, ...]
    """Cells of a row, from 0; several are joined by `|`."""
    theirs: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Heading:
    """A header row, understood."""

    row: int
    columns: tuple[HeadedColumn, ...]
    left: tuple[str, ...]
    """Names that mean nothing here."""
    kind: RegisterKind | None
    lacking: tuple[str, ...]
    """Columns that the kind needs and neither the row nor the settings have."""
    problem: UsageError | None = None
    """What is wrong with the row, when rows cannot be read by it for that."""
    explained: bool = False
    """Whether rows are only explained, so that it may lack columns."""

    @property
    def complete(self) -> bool:
        """Whether rows can be read by it."""
        return self.kind is not None and (self.explained or not self.lacking)


# Names in Finnish and Swedish exports, in their plain spelling. Source: public material of Finnish municipal and
# client-information systems (docs/register-files.md lists them).
_NAMES: Mapping[str, str] = {
    "source_id": "Asiakkuustunnus AsiakkuusID AsiakkuudenID AsiakkuudenTunnus AsiakkuudenYksilöintitunnus AsiakkuusNro "
    "AsiakkuudenNro AsiakkuudenNumero AsiakkuusNumero Klientskaps-ID Klientrelations-ID KlientrelationensID "
    "Klientrelationsnummer KlientrelationensNummer Klientrelationsnr Klientrelationsbeteckning "
    "KlientrelationensBeteckning",
    "person_id": "Hetu Henkilötunnus HenkilöTurvatunnus Personbeteckning Asiakas-Hetu Sotu Sosiaaliturvatunnus",
    "service_task": "Palvelutehtävä PalvelutehtäväNimi PalvelutehtävänNimi PalvelutehtäväKoodi PalvelutehtävänKoodi "
    "SosiaalihuollonPalvelutehtävä SosiaalihuollonTehtävä Serviceuppgift Serviceuppgiftskod ServiceuppgiftensKod "
    "ServiceuppgiftensNamn SocialvårdensServiceuppgift UppgiftInomSocialvården",
    "social_service": "PalveluSelite Sosiaalipalvelu Socialservice",
    "start": "Alkupvm AlkuPäivä AlkuPäivämäärä AlkamisPvm AlkamisPäivä AlkamisPäivämäärä AlkamisAika Aloituspvm "
    "AloitusPäivä AloitusPäivämäärä Alkaen Alkaa Alkoi Alkanut Startdatum Startdag Begynnelsedatum Begynnelsedag "
    "Inledningsdatum Inledningsdag Börjar Började Inleddes Inledd "
    "VoimassaAlkaen ToimintaAlkaa ToimintaAlkanut Perustettu PerustamisPvm GiltigFrån GällerFrån Grundad ValidFrom",
    "end": "Loppupvm LoppuPäivä LoppuPäivämäärä LoppumisPvm LoppumisPäivä PäättymisPvm PäättymisPäivä "
    "PäättymisPäivämäärä PäättymisAika Päättyen Päättyy Päättyi Päättynyt Loppuu Loppui Slutdatum Slutdag "
    "Avslutningsdatum Avslutningsdag Upphör Upphörde Avslutas Avslutades Avslutad "
    "VoimassaAsti VoimassaSaakka ToimintaPäättyy ToimintaPäättynyt Lakkautettu LakkautusPvm LakkautusPäivä GiltigTill "
    "GällerTill Nedlagd Indragen ValidTo",
    "decided": "PäätösPäivä PäätösPvm PäätöksenPvm PäätösPäivämäärä Beslutsdatum Beslutsdag",
    "organiser": "Järjestäjä Organisaatio Palvelunjärjestäjä Organisation Serviceanordnare",
    "unit": "Yksikkö Toimintayksikkö Toimipaikka Kustannuspaikka Palveluyksikkö Enhet Serviceenhet Verksamhetsenhet",
    "producer": "Tuottaja Palveluntuottaja Serviceproducent Producent",
    "municipality": "Kotikunta Kunta Kuntakoodi Kuntanumero KotikunnanKoodi Hemkommun Kommun Kommunkod Kommunnummer",
    "birth_date": "Syntymäaika SyntymäPvm SyntymäPäivä Födelsetid Födelsedatum",
    "year": "Vuosi År",
    "population": "Väestö Väkiluku Asukasluku Befolkning Folkmängd Invånarantal",
    "age_group": "Ikäryhmä Åldersgrupp",
    "safety_restricted": "Turvakielto Spärrmarkering",
    "indicator": "Indikaattori Mittari Indikator Mätare",
    "value": "Arvo Lukuarvo Värde",
    "source": "Lähde Tietolähde Källa",
    "oid": "OID-tunnus OID-koodi YksikönOID YksikköOID OrganisaatioOID PalveluyksikönOID ToimintayksikönOID "
    "TuottajanOID EnhetensOID OIDkod",
    "name_fi": "Nimi YksikönNimi Yksikkönimi TuottajanNimi PalveluyksikönNimi ToimintayksikönNimi NimiSuomeksi NimiFi "
    "SuomenkielinenNimi NamnPåFinska",
    "name_sv": "NimiRuotsiksi NimiSv RuotsinkielinenNimi Namn EnhetensNamn NamnPåSvenska NamnSv",
    "contact": "Yhteystieto Yhteystiedot Yhteyshenkilö Sähköposti Kontakt Kontaktuppgift Kontaktuppgifter "
    "Kontaktperson E-post",
}
_LIKELY: Mapping[str, str] = {"source_id": "Asiakasnro AsiakasNumero Klientnummer"}
"""Names of something near, taken only where nothing better is: a client's number is a row's own name in lists that
have one row a client, and in others its second row is refused."""


def normal(name: str) -> str:
    """A name without case, accents, spaces, punctuation, and without what stands in brackets at its end."""
    plain = re.sub(r"(?<=\S)\s*[(\[][^)\]]*[)\]]\s*$", "", name)
    letters = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


_OF_WHOM: Mapping[str, str] = {
    "person_id": "Asiakkaan Henkilön Klientens Kundens Personens",
    "municipality": "Asiakkaan Henkilön Klientens Kundens Personens",
    "birth_date": "Asiakkaan Henkilön Klientens Kundens Personens",
    "start": "Asiakkuuden Asiakkuus Asiakassuhteen Palvelutehtävän Voimassaolon Voimassaolo Klientrelationens "
    "Klientrelationen Klientskapets Giltighetens",
}
"""Whose it is, where a system says so before the name. Not the service's or the decision's: theirs are other days."""


def _spelled(names: Mapping[str, str]) -> dict[str, str]:
    found = {normal(theirs): ours for ours, all_of_them in names.items() for theirs in all_of_them.split()}
    for ours, of_whom in {**_OF_WHOM, "end": _OF_WHOM["start"]}.items():
        for theirs in names.get(ours, "").split():
            found |= {normal(whose + theirs): ours for whose in of_whom.split() if normal(whose + theirs) not in found}
    return found


_SWEDISH_UNITS = frozenset(map(normal, ["Enhet", "Serviceenhet", "Verksamhetsenhet", "Serviceproducent", "Producent"]))
_OWN = {normal(name): name for name in KNOWN_COLUMNS}
_KNOWN = _spelled(_NAMES)
_NEAR = _spelled(_LIKELY)


def find_heading(
    rows: Sequence[tuple[int, Sequence[str]]], layout: Layout, kind: RegisterKind | None, file: str, limits: Limits
) -> Heading | None:
    """The header among the first rows of a list: the first that is complete, else the one that is known best.

    None when no row has a known name. Raises UsageError for a complete header with a name twice or two columns for one.
    """
    best: Heading | None = None
    for number, cells in rows:
        if layout.header_row not in (None, number):
            continue
        heading = _heading(number, cells, layout, kind)
        if not heading.columns:
            continue
        if heading.complete or best is None or len(heading.columns) > len(best.columns):
            best = replace(heading, problem=_problem(cells, heading, layout, file, limits))
        if heading.complete:
            if best.problem is not None and not layout.explaining:
                raise best.problem
            break
    if best is not None and layout.explaining:
        return _explained(best, layout)
    return best


def _explained(heading: Heading, layout: Layout) -> Heading:
    """The header of a list that is only explained: of the likeliest kind, when its columns are of none."""
    if heading.kind is not None:
        return replace(heading, explained=True)
    present = {column.name for column in heading.columns} | layout.supplied
    kind = max(RegisterKind, key=lambda one: len(present & set(one.columns.required)))
    lacking = (*(name for name in kind.columns.required if name not in present), *heading.lacking)
    columns = tuple(column for column in heading.columns if _is_read(column.name, kind))
    return replace(heading, kind=kind, columns=columns, lacking=tuple(dict.fromkeys(lacking)), explained=True)


def _heading(number: int, cells: Sequence[str], layout: Layout, kind: RegisterKind | None) -> Heading:
    found = _found(cells, layout)
    taken = {one[0].name: one[0] for one in found}
    if RegisterKind.UNITS in (kind, layout.kind, recognise(set(taken) | layout.supplied)):
        taken = _units_named(taken)
    names = set(taken) | layout.supplied
    recognised = kind or layout.kind or recognise(names)
    unfound = tuple(name for name in layout.columns if name not in taken)
    if recognised is not None:
        taken = {name: column for name, column in taken.items() if _is_read(name, recognised)}
        required = tuple(name for name in recognised.columns.required if name not in names)
        lacking = (*required, *(name for name in unfound if name not in required))
    else:
        lacking = unfound
    used = {place for column in taken.values() for place in column.places}
    left = tuple(redacted(cell.strip()) for place, cell in enumerate(cells) if place not in used and cell.strip())
    return Heading(number, tuple(taken.values()), left, recognised, lacking)


def _units_named(taken: dict[str, HeadedColumn]) -> dict[str, HeadedColumn]:
    """In a list of units the column that elsewhere says which unit a row is of says what the unit is called."""
    for column in ("unit", "producer"):
        found = taken.get(column)
        if found is None or found.how is How.SETTINGS or {"name_fi", "name_sv"} & taken.keys():
            continue
        language = "name_sv" if normal(found.theirs[0]) in _SWEDISH_UNITS else "name_fi"
        taken = {name: one for name, one in taken.items() if name != column}
        taken[language] = replace(found, name=language)
    return taken


def _is_read(name: str, kind: RegisterKind) -> bool:
    return name in kind.columns.known or (kind in carried.KINDS and name.startswith(carried.PREFIX))


def recognise(names: set[str]) -> RegisterKind | None:
    """The kind that has these columns."""
    return next((known for known, columns in RECOGNISED_BY.items() if columns <= names), None)


def _found(cells: Sequence[str], layout: Layout) -> list[list[HeadedColumn]]:
    """For each of our columns that the row has, all that could be it."""
    spelled = [normal(cell) for cell in cells]
    found: dict[str, list[HeadedColumn]] = {}
    settled: set[int] = set()
    for ours, theirs in layout.columns.items():
        places = tuple(place for name in theirs for place in _places(name, cells, spelled))
        if len(places) >= len(theirs):
            named = tuple(redacted(cells[place].strip()) for place in places)
            found[ours] = [HeadedColumn(ours, places, named, How.SETTINGS)]
            if not (ours in ("layer", "kind") or (ours == "source_id" and len(theirs) > 1)):
                settled.update(places)  # else the same column may be something of its own as well
    for names, how in ((_OWN, How.OWN), (_KNOWN, How.KNOWN), (_NEAR, How.LIKELY)):
        for place, name in enumerate(spelled):
            matched = names.get(name)
            if matched is None or place in settled or matched in layout.columns:
                continue
            if how is How.LIKELY and matched in found and found[matched][0].how is not How.LIKELY:
                continue
            found.setdefault(matched, []).append(
                HeadedColumn(matched, (place,), (redacted(cells[place].strip()),), how)
            )
    for place, cell in enumerate(cells):
        own = carried.carried_name(cell)
        if own is not None and place not in settled and own not in layout.columns:
            found.setdefault(own, []).append(HeadedColumn(own, (place,), (redacted(cell.strip()),), How.CARRIED))
    return list(found.values())


def _places(name: str, cells: Sequence[str], spelled: Sequence[str]) -> list[int]:
    """Where the settings' name stands: as it is written, else in any spelling."""
    exact = [place for place, cell in enumerate(cells) if cell.strip() == name.strip()]
    return exact or [place for place, cell in enumerate(spelled) if cell and cell == normal(name)]


def _problem(cells: Sequence[str], heading: Heading, layout: Layout, file: str, limits: Limits) -> UsageError | None:
    """A name that stands there twice, or two columns for one of ours."""
    try:
        column_names(cells, file, limits)
    except UsageError as wrong:
        return wrong
    known = {column.name for column in heading.columns}
    for one in _found(cells, layout):
        places = sorted({place for column in one for place in column.places})
        wanted = len(layout.columns.get(one[0].name, ())) or 1
        if one[0].name in known and len(places) > wanted:
            both = [redacted(cells[place].strip()) for place in places]
            return UsageError("register.two_columns", file=file, column=one[0].name, columns=both)
    return None


def lacking_columns(found: Sequence[Heading], kind: RegisterKind | None, layout: Layout, file: str) -> UsageError:
    """Why no row of a file can be read: the columns of its best header, told, and what they lack."""
    best = max(found, key=lambda heading: len(heading.columns), default=None)
    if best is not None and best.problem is not None:
        return best.problem
    present = {column.name for column in best.columns} if best else set()
    if layout.columns and (missing := sorted(set(layout.columns) - present)):
        theirs = [name for ours in missing for name in layout.columns[ours]]
        return UsageError("register.mapped_missing", file=file, table=layout.name, columns=theirs)
    kind = kind or layout.kind or recognise(present | layout.supplied)
    if kind is None:
        # A file without a header has a person's row in its place: only names that are known are repeated.
        shown = ", ".join(column for column in KNOWN_COLUMNS if column in present) or "–"
        nearest = max(RegisterKind, key=lambda known: len(present & set(known.columns.required)))
        lacking = [column for column in nearest.columns.required if column not in present | layout.supplied]
        if "source_id" in lacking and set(lacking) <= {"source_id", "organiser"}:
            return UsageError("register.no_source_id", file=file, lacking=lacking)
        return UsageError("register.unknown_columns", file=file, known=shown, kind=nearest, lacking=lacking)
    lacking = [column for column in kind.columns.required if column not in present | layout.supplied]
    if "source_id" in lacking and set(lacking) <= {"source_id", "organiser"}:
        return UsageError("register.no_source_id", file=file, lacking=lacking)
    if lacking == ["organiser"]:
        return UsageError("register.no_organiser", file=file, archived=list(layout.archived) or "–")
    return UsageError(
        "register.lacks_columns",
        file=file,
        kind=kind,
        lacking=lacking,
        required=list(kind.columns.required),
        optional=list(kind.columns.optional),
    )
