-- What of it lies in quarantine.
SELECT quarantine.source, quarantine.member, quarantine.stage, quarantine.code, quarantine.message, quarantine.place,
       quarantine.oid
FROM quarantine
WHERE quarantine.member_key IN (SELECT member_key FROM traced_quarantine)
   OR quarantine.member_key IN (
        SELECT quarantine_person.member_key
        FROM quarantine_person
        LEFT JOIN person_link USING (identity_key)
        WHERE coalesce(person_link.person_key, quarantine_person.identity_key) IN (SELECT person_key FROM told_person)
   )
ORDER BY quarantine.source, quarantine.member;
