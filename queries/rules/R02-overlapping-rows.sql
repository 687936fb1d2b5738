/*
code = "R02"
name = "overlapping-rows"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "county's data managers, in the register"
defect = "@overlap"
of_sql = "SELECT count(*) FROM episode"

[title]
fi = "kaksi riviä samasta jaksosta"
sv = "två rader om samma period"
en = "two register rows of one episode overlap"

[guidance]
fi = "yhdistä rivit"
sv = "slå ihop raderna"
en = "merge the rows"

[of]
fi = "jakson rekisteririvit"
sv = "periodens registerrader"
en = "register rows of the period"
*/
SELECT later.source_id AS subject, later.person_key, later.service_task, later.municipality, NULL AS document, NULL AS place
FROM episode AS earlier
JOIN episode AS later USING (person_key, organiser, layer, match_task)
WHERE earlier.source_id < later.source_id
  AND earlier.start_lo <= later.end_hi
  AND earlier.end_hi >= later.start_lo
  AND NOT earlier.reversed
  AND NOT later.reversed
GROUP BY ALL
