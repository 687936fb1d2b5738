/*
code = "R17"
name = "identities-contradict"
severity = "error"
applies = ".."
scope = "whole"
all = true

[all_why]
fi = "tunnisteparilla ei ole päiviä"
sv = "ett par av identifierare har inga datum"
en = "a pair of identifiers has no days"

[title]
fi = "Tunnusten yhdistämiset ovat ristiriidassa"
sv = "Kopplingarna mellan identifierare motsäger varandra"
en = "Joins of identifiers contradict one another"

[why]
fi = """
Tilapäinen tunnus, joka suoraan tai toisten kautta johtaa kahteen henkilötunnukseen, tekee kahdesta ihmisestä yhden:
toisen jakso näyttää arkistoidulta toisen asiakirjoilla. Kehässä, jossa jokainen tunnus on korvattu toisella, mikään
henkilötunnus ei ole se viimeinen."""
sv = """
En temporär identifierare som direkt eller via andra leder till två personbeteckningar gör två människor till en: den
enas period ser arkiverad ut genom den andras handlingar. I en ring, där varje identifierare har ersatts av en annan, är
ingen personbeteckning den sista."""
en = """
A temporary identifier that leads to two henkilötunnus, by itself or by way of others, makes one person of two: the one
seems archived by the documents of the other. In a ring, where each identifier was replaced by another, no henkilötunnus
is the last one."""

[guidance]
fi = """
Tarkista rivi tunnistetiedostosta (identities.csv). Jos henkilötunnus on vaihtunut, lisää rivi, joka yhdistää vanhan ja uuden;
muuten poista väärä pari."""
sv = """
Kontrollera raden i filen identities. Om personbeteckningen har ändrats, lägg till en rad som kopplar den gamla och
den nya; ta annars bort det felaktiga paret."""
en = """
Check the row of the identities file. Where a henkilötunnus was changed, add a row that joins the old and the new
one; else take the wrong pair out."""

[numerator]
fi = "niistä ne, jotka vievät tilapäisen tunnuksen kahteen henkilötunnukseen tai sulkevat kehän, jossa niitä on kaksi"
sv = "av dem de som leder en temporär identifierare till två personbeteckningar eller sluter en ring med två sådana"
en = "those of them that lead a temporary identifier to two henkilötunnus or close a ring with two of them"

[of]
fi = "tunnistetiedoston (identities.csv) yhdistämiset"
sv = "kopplingar i filen identities"
en = "joins of the identities file"
sql = "SELECT count(DISTINCT (least(identity_key, same_as_key), greatest(identity_key, same_as_key))) FROM identity_link"

[basis]
fi = "Tämän ohjelman oma tarkistus luetteloaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, luetteloaineistossa"
sv = "välfärdsområdets dataförvaltning, i registermaterialet"
en = "the county's data managers, in the register data"

[defect]
seed = """
INSERT INTO person_identity (identity_key, root, value) VALUES ('feedfeedfeedfeed', '1.2.246.10.99999902.22.2025', 'T1');
INSERT INTO register_identity (identity_key, same_as_key, file, row)
SELECT 'feedfeedfeedfeed', min(identity_key), 'identities.csv', 2 FROM register_episode
UNION ALL
SELECT 'feedfeedfeedfeed', max(identity_key), 'identities.csv', 3 FROM register_episode"""
*/
WITH RECURSIVE neighbour AS (
    SELECT identity_key, same_as_key AS beside, place FROM identity_link AS link
    UNION
    SELECT same_as_key, identity_key, place FROM identity_link AS link
),
alike AS (
    -- Joins of two temporary identifiers; and of two henkilötunnus: those say that one was changed into the other.
    SELECT neighbour.identity_key, neighbour.beside
    FROM neighbour
    JOIN identity_fact AS one USING (identity_key)
    JOIN identity_fact AS other ON other.identity_key = neighbour.beside
    WHERE one.national = other.national
),
of_one_kind (identity_key, label) USING KEY (identity_key) AS (
    SELECT DISTINCT identity_key, identity_key FROM neighbour
    UNION
    SELECT known.identity_key, min(of_one_kind.label)
    FROM of_one_kind
    JOIN alike USING (identity_key)
    JOIN recurring.of_one_kind AS known ON known.identity_key = alike.beside
    WHERE of_one_kind.label < known.label
    GROUP BY known.identity_key
),
torn AS (
    -- Temporary identifiers, joined to each other or alone, that lead to henkilötunnus of which no row says that they are
    -- one person's.
    SELECT max(neighbour.place) AS place
    FROM neighbour
    JOIN identity_fact AS temporary ON temporary.identity_key = neighbour.identity_key AND NOT temporary.national
    JOIN identity_fact AS beside ON beside.identity_key = neighbour.beside AND beside.national
    JOIN of_one_kind AS cluster ON cluster.identity_key = neighbour.identity_key
    JOIN of_one_kind AS person ON person.identity_key = neighbour.beside
    GROUP BY cluster.label
    HAVING count(DISTINCT person.label) > 1
),
component (identity_key, label) USING KEY (identity_key) AS (
    SELECT DISTINCT identity_key, identity_key FROM neighbour
    UNION
    SELECT known.identity_key, min(component.label)
    FROM component
    JOIN neighbour USING (identity_key)
    JOIN recurring.component AS known ON known.identity_key = neighbour.beside
    WHERE component.label < known.label
    GROUP BY known.identity_key
),
sized AS (
    SELECT component.label, count(*) AS identities
    FROM component
    JOIN identity_fact USING (identity_key)
    GROUP BY component.label
    HAVING count(*) FILTER (identity_fact.national) > 1
),
replaced AS (
    -- Which identifier was replaced by which in the end. Nobody has a hundred of them: so many are a fault by themselves.
    SELECT link.identity_key, link.same_as_key AS by_key
    FROM identity_link AS link
    JOIN component USING (identity_key)
    JOIN sized ON sized.label = component.label AND sized.identities <= 100
    UNION
    SELECT replaced.identity_key, link.same_as_key
    FROM replaced
    JOIN identity_link AS link ON link.identity_key = replaced.by_key
),
going_round AS (
    SELECT there.identity_key, there.by_key
    FROM replaced AS there
    JOIN replaced AS back ON back.identity_key = there.by_key AND back.by_key = there.identity_key
),
ring AS (
    SELECT max(link.place) AS place
    FROM going_round AS of_two
    JOIN identity_fact AS one ON one.identity_key = of_two.identity_key AND one.national
    JOIN identity_fact AS other ON other.identity_key = of_two.by_key AND other.national
    -- The rows of the ring in which both stand.
    JOIN going_round AS member ON member.identity_key = of_two.identity_key
    JOIN identity_link AS link ON link.identity_key = member.by_key
    JOIN going_round AS next ON next.identity_key = link.identity_key AND next.by_key = link.same_as_key
    JOIN component ON component.identity_key = of_two.identity_key
    WHERE of_two.identity_key <> of_two.by_key
    GROUP BY component.label
),
crowd AS (
    SELECT max(link.place) AS place
    FROM identity_link AS link
    JOIN component USING (identity_key)
    JOIN sized USING (label)
    WHERE sized.identities > 100
    GROUP BY sized.label
),
found AS (
    SELECT place FROM torn
    UNION
    SELECT place FROM ring
    UNION
    SELECT place FROM crowd
)
SELECT
    found.place.file || ' ' || found.place.row AS subject,
    NULL AS person_key,
    NULL AS service_task,
    NULL AS municipality,
    NULL AS document,
    NULL AS place
FROM found
