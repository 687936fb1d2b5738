/*
code = "D15"
name = "set-or-version-missing"
severity = "warning"
applies = ".."
scope = "person"

[title]
fi = "Sarjatunnus tai versionumero puuttuu"
sv = "Serie-id eller versionsnummer saknas"
en = "The set id or the version number is missing"

[why]
fi = "Ilman niitä ei tiedetä, mikä versio on voimassa: vanha ja uusi voivat kattaa päiviä yhtä aikaa."
sv = "Utan dem är det oklart vilken version som gäller: den gamla och den nya kan täcka dagar samtidigt."
en = "Without them nobody knows which version stands: an old and a new one may cover days at the same time."

[guidance]
fi = "Korjauta otsikon setId ja versionNumber lähettävässä järjestelmässä."
sv = "Låt rätta setId och versionNumber i det sändande systemet."
en = "Have setId and versionNumber of the header mended in the sending system."

[numerator]
fi = "niistä ne, joilta jompikumpi puuttuu ja jotka ovat voimassa tai tallennettu voimassa olevan jälkeen"
sv = "av dem de som saknar det ena och som gäller eller har lagrats efter den gällande"
en = "those of them that lack one of the two and are current, or were stored after the current version"

[of]
fi = "jakson asiakirjat kaikkine versioineen"
sv = "periodens handlingar med alla versioner"
en = "documents of the period in all their versions"
sql = 'SELECT count(*) FROM ordered_version'

[basis]
fi = "Kanta: sosiaalihuollon asiakirjan otsikkotiedot ja versiot (HL7 CDA R2)"
sv = "Kanta: socialvårdshandlingens huvuduppgifter och versioner (HL7 CDA R2)"
en = "Kanta: header and versions of a social-welfare document (HL7 CDA R2)"

[fixed_by]
fi = "järjestelmätoimittaja, arkistoivassa järjestelmässä"
sv = "systemleverantören, i det arkiverande systemet"
en = "the system vendor, in the archiving system"

[defect]
[[defect.xml]]
root = "merkinta_tapaamisesta_tai_yhteydenotosta"
find = '<versionNumber value="1"/>'
put = ""
*/
SELECT
    oid  AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    oid  AS document,
    'ClinicalDocument/setId' AS place
FROM ordered_version
WHERE list_has_any(problems, ['missing-set-id', 'missing-version']) AND (standing = 'current' OR stored_on > current_stored_on)
