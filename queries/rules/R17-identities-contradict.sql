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
Yksi tilapäinen tunnus, joka johtaa kahteen henkilötunnukseen, tekee kahdesta ihmisestä yhden: toisen jakso näyttää
arkistoidulta toisen asiakirjoilla."""
sv = """
En temporär identifierare som leder till två personbeteckningar gör två människor till en: den enas period ser
arkiverad ut genom den andras handlingar."""
en = """
One temporary identifier that leads to two henkilötunnus makes one person of two: the one seems archived by the
documents of the other."""

[guidance]
fi = """
Tarkista rivi identities-tiedostosta. Jos henkilötunnus on vaihtunut, lisää rivi, joka yhdistää vanhan ja uuden;
muuten poista väärä pari."""
sv = """
Kontrollera raden i filen identities. Om personbeteckningen har ändrats, lägg till en rad som kopplar den gamla och
den nya; ta annars bort det felaktiga paret."""
en = """
Check the row of the identities file. Where a henkilötunnus was changed, add a row that joins the old and the new
one; else take the wrong pair out."""

[numerator]
fi = "niistä ne, jotka vievät yhden tilapäisen tunnuksen kahteen henkilötunnukseen"
sv = "av dem de som leder en temporär identifierare till två personbeteckningar"
en = "those of them that lead one temporary identifier to two henkilötunnus"

[of]
fi = "identities-tiedoston yhdistämiset"
sv = "kopplingar i filen identities"
en = "joins of the identities file"
sql = '''
WITH link AS (
    SELECT DISTINCT
        least(identity_key, same_as_key)    AS one,
        greatest(identity_key, same_as_key) AS other,
        min(file || ' ' || row)             AS told_by
    FROM register_identity
    WHERE identity_key <> same_as_key
    GROUP BY ALL
),
neighbour AS (
    SELECT one AS identity_key, other AS beside, told_by FROM link
    UNION ALL
    SELECT other, one, told_by FROM link
),
torn AS (
    -- One temporary identifier that leads to two henkilötunnus, of which no row says that they are one person's.
    SELECT neighbour.identity_key, max(neighbour.told_by) AS told_by
    FROM neighbour
    JOIN identity_fact AS temporary ON temporary.identity_key = neighbour.identity_key AND NOT temporary.national
    JOIN identity_fact AS beside ON beside.identity_key = neighbour.beside AND beside.national
    GROUP BY neighbour.identity_key
    HAVING count(DISTINCT neighbour.beside) > 1
),
told_so AS (
    SELECT torn.identity_key
    FROM torn
    JOIN neighbour AS one ON one.identity_key = torn.identity_key
    JOIN neighbour AS other ON other.identity_key = torn.identity_key
    SEMI JOIN link ON link.one = one.beside AND link.other = other.beside
)
SELECT count(*) FROM link'''

[basis]
fi = "Tämän ohjelman oma tarkistus rekisteriaineistolle"
sv = "Programmets egen kontroll av registermaterialet"
en = "This program's own check of the register data"

[fixed_by]
fi = "hyvinvointialueen tiedonhallinta, rekisteriaineistossa"
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
WITH link AS (
    SELECT DISTINCT
        least(identity_key, same_as_key)    AS one,
        greatest(identity_key, same_as_key) AS other,
        min(file || ' ' || row)             AS told_by
    FROM register_identity
    WHERE identity_key <> same_as_key
    GROUP BY ALL
),
neighbour AS (
    SELECT one AS identity_key, other AS beside, told_by FROM link
    UNION ALL
    SELECT other, one, told_by FROM link
),
torn AS (
    -- One temporary identifier that leads to two henkilötunnus, of which no row says that they are one person's.
    SELECT neighbour.identity_key, max(neighbour.told_by) AS told_by
    FROM neighbour
    JOIN identity_fact AS temporary ON temporary.identity_key = neighbour.identity_key AND NOT temporary.national
    JOIN identity_fact AS beside ON beside.identity_key = neighbour.beside AND beside.national
    GROUP BY neighbour.identity_key
    HAVING count(DISTINCT neighbour.beside) > 1
),
told_so AS (
    SELECT torn.identity_key
    FROM torn
    JOIN neighbour AS one ON one.identity_key = torn.identity_key
    JOIN neighbour AS other ON other.identity_key = torn.identity_key
    SEMI JOIN link ON link.one = one.beside AND link.other = other.beside
)
SELECT
    told_by AS subject,
    NULL    AS person_key,
    NULL    AS service_task,
    NULL    AS municipality,
    NULL    AS document,
    NULL    AS place
FROM torn
ANTI JOIN told_so USING (identity_key)
