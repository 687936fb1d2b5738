/*
code = "P01"
name = "municipality-without-archived-client"
severity = "warning"
basis = "THL follow-up register: episodes that Kanta lacks are delivered separately; 703/2023 37-38 §"
fixed_by = "service unit, in the client information system"
defect = "@municipality"
of_sql = "SELECT count(DISTINCT municipality) FROM register_population"

[title]
fi = "kunnassa ei ole yhtään arkistoitua asiakasta"
sv = "kommunen har ingen arkiverad klient"
en = "a municipality without any archived client"

[guidance]
fi = "selvitä, arkistoiko kunnan alue"
sv = "ta reda på om området arkiverar"
en = "find out whether that area archives at all"

[of]
fi = "väestötiedoston kunnat"
sv = "kommuner i befolkningsfilen"
en = "municipalities of the population file"
*/
SELECT DISTINCT population.municipality AS subject, NULL AS person_key, NULL AS service_task, population.municipality,
       NULL AS document, NULL AS place
FROM register_population AS population
ANTI JOIN person_municipality USING (municipality)
