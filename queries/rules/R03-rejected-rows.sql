/*
code = "R03"
name = "rejected-rows"
severity = "error"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "county's data managers, in the register"
defect = "@rejected"
of_sql = "SELECT (SELECT count(*) FROM register_episode) + (SELECT count(*) FROM register_error)"

[title]
fi = "rekisteririviä ei voitu ladata"
sv = "en registerrad kunde inte läsas in"
en = "a register row could not be loaded"

[guidance]
fi = "korjaa rivi ja lataa uudelleen"
sv = "rätta raden och läs in den på nytt"
en = "correct the row and load it again"

[of]
fi = "rekisteritiedostojen rivit"
sv = "registerfilernas rader"
en = "rows of the register files"
*/
SELECT file || ' row ' || row AS subject, NULL AS person_key, NULL AS service_task, NULL AS municipality, NULL AS document,
       "column" || ': ' || reason AS place
FROM register_error
