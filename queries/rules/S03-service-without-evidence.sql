/*
code = "S03"
name = "service-without-evidence"
severity = "info"
applies = ".."
scope = "person"

[title]
fi = "Oman asiakkuusluettelon päätöksestä tai palvelusta ei ole näyttöä arkistossa"
sv = "Arkivet saknar belägg för ett beslut eller en tjänst i det egna registret"
en = "The archive has no evidence of a decision or service of the register"

[why]
fi = """
Palvelutiedot toimitetaan siltä osin kuin mahdollista. Näistä arkisto ei kerro, joten ne on suositeltavaa toimittaa
erikseen."""
sv = """
Uppgifter om tjänster lämnas in så långt det är möjligt. Om dessa berättar arkivet inget, så de bör lämnas in separat."""
en = """
Service data are delivered as far as possible. Of these the archive tells nothing, so delivering them separately is
recommended."""

[guidance]
fi = """
Arkistoi päätös tai merkintä, tai toimita palvelutiedot erikseen (kanta-gap deliver). Jos paikkana on refused, arkisto
hylkäsi asiakirjan: katso koodi komennolla kanta-gap trace, korjaa ja lähetä uudelleen."""
sv = """
Arkivera beslutet eller anteckningen, eller lämna in uppgifterna separat (kanta-gap deliver). Om platsen är refused
avvisade arkivet handlingen: se koden med kanta-gap trace, rätta den och sänd den på nytt."""
en = """
Archive the decision or the entry, or deliver the service data separately (kanta-gap deliver). Where the place is refused,
the archive refused the document: see the code with kanta-gap trace, mend it and send it again."""

[numerator]
fi = "niistä ne, joita mikään voimassa oleva asiakirja ei vahvista"
sv = "av dem de som ingen gällande handling styrker"
en = "those of them that no current document bears out"

[of]
fi = "jakson päätökset ja palvelut omassa asiakkuusluettelossa, jotka arkisto ratkaisee"
sv = "periodens beslut och tjänster i det egna registret som arkivet avgör"
en = "decisions and services of the register in the period that the archive decides"
sql = '''
SELECT count(*)
FROM service_ledger
WHERE class IN ('archived', 'missing')'''

[basis]
fi = "THL:n seurantarekisteri: Kannasta puuttuvat asiakkuusjaksot toimitetaan erikseen; laki 703/2023 37–38 §"
sv = "THL:s uppföljningsregister: klientrelationsperioder som saknas i Kanta lämnas in separat; lag 703/2023 37–38 §"
en = """
THL follow-up register: client episodes that Kanta lacks are delivered separately; Act 703/2023, sections 37–38"""

[fixed_by]
fi = "palveluyksikkö, asiakastietojärjestelmässä"
sv = "serviceenheten, i klientdatasystemet"
en = "the service unit, in the client information system"

[defect]
seed = "UPDATE register_service SET social_service = '999' WHERE source_id = (SELECT min(source_id) FROM register_service)"
*/
SELECT
    source_id     AS subject,
    person_key,
    service_task,
    NULL          AS municipality,
    documents[1]  AS document,
    reason        AS place
FROM service_ledger
WHERE class = 'missing'
