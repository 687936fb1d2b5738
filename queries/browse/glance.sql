-- What is known before anything is compared.
SELECT
    (SELECT count(*) FROM document)           AS documents,
    (SELECT count(*) FROM register_episode)   AS register_rows,
    (SELECT count(*) FROM quarantine_listing) AS quarantined;
