/*
code = "S06"
name = "nothing-after-beginning"
severity = "info"
applies = ".."
scope = "whole"

[parameters.days]
default = 183
fi = "päivää ilman mitään kirjattua"
sv = "dagar utan att något skrivits"
en = "days without anything written"

[title]
fi = "Päätöksen tai palvelun alun jälkeen ei ole arkistoitu mitään"
sv = "Inget har arkiverats efter ett beslut eller efter att en tjänst började"
en = "Nothing was archived after a decision or the start of a service"

[why]
fi = """
Myönnetystä tai alkaneesta palvelusta syntyy asiakirjoja. Jos niitä ei ole, palvelu on jäänyt alkamatta tai päättynyt
kirjaamatta, tai kirjauksia ei ole arkistoitu."""
sv = """
En beviljad eller påbörjad tjänst ger handlingar. Om sådana saknas har tjänsten inte börjat, den har slutat utan att det
antecknats, eller så har anteckningarna inte arkiverats."""
en = """
A service that was granted or has started leaves documents. Where there are none, it never began, it ended without a word,
or what was written is not archived."""

[guidance]
fi = """
Kysy yksiköltä, jatkuuko palvelu. Jos ei, kirjaa asiakkuuden päättyminen; jos jatkuu, tarkista, arkistoituvatko kirjaukset:
uusi asiakirja poistaa havainnon."""
sv = """
Fråga enheten om tjänsten fortsätter. Om inte, anteckna att klientrelationen har slutat; om den gör det, kontrollera att
anteckningarna arkiveras: en ny handling tar bort iakttagelsen."""
en = """
Ask the unit whether the service goes on. If not, record the end of the relationship; if it does, check that entries are
archived: a new document clears the finding."""

[numerator]
fi = "niistä ne, joiden asiakkaasta ei sen jälkeen ole samassa palvelutehtävässä mitään kirjattua"
sv = "av dem de efter vilka inget har skrivits om klienten i samma serviceuppgift"
en = "those of them after which nothing was written of the client in the service task"

[of]
fi = """
asiakkaiden uusimmat myönteiset päätökset ja palvelujen alut palvelutehtävittäin, joista tuli jaksolla kuluneeksi $days päivää
(oma raja), kun ne ja asiakkuus olivat silloin voimassa ja aineisto ulottuu siihen päivään"""
sv = """
klienternas senaste positiva beslut och början av tjänster per serviceuppgift från vilka det i perioden blev $days dagar (egen
gräns), när de och klientrelationen då gällde och materialet når fram till den dagen"""
en = """
the newest positive decisions and service starts of clients by service task of which it became $days days in the period (own
limit), where they and the relationship were in force then and the material reaches that day"""
sql = """
SELECT count(*)
FROM newest_beginning
CROSS JOIN run
CROSS JOIN reference_day
WHERE since + $days::INTEGER BETWEEN run.period_start AND least(run.period_end, reference_day.day, last_day)"""

[basis]
fi = "Sosiaalihuoltolaki 1301/2014 34 §: asiakkuuden alkaminen ja päättyminen"
sv = "Socialvårdslag 1301/2014 34 §: när klientrelationen börjar och slutar"
en = "Social Welfare Act 1301/2014, section 34: when a client relationship begins and ends"

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
parameters = { days = 45 }
seed = """
UPDATE document SET effective_at = TIMESTAMP '2024-12-15'
WHERE document_key IN (
    SELECT document_key FROM document_person
    WHERE identity_key = (
        SELECT min(identity_key) FROM document_person
        WHERE document_key IN (SELECT document_key FROM service_evidence WHERE kind = 'service-start')
    )
);
UPDATE service_evidence SET
    start_text = '2024-12-10', start_lo = DATE '2024-12-10', start_hi = DATE '2024-12-10'
WHERE document_key IN (SELECT document_key FROM document WHERE effective_at = TIMESTAMP '2024-12-15')"""
*/
SELECT
    oid          AS subject,
    person_key,
    service_task,
    municipality,
    oid          AS document,
    pointer      AS place
FROM newest_beginning
CROSS JOIN run
CROSS JOIN reference_day
WHERE since + $days::INTEGER BETWEEN run.period_start AND least(run.period_end, reference_day.day, last_day)
  AND coalesce(heard_on <= since, true)
