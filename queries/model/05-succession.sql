-- What came after what (settings, `[succession]`): old and new organisers, units and source_ids. `new` is the end of the chain;
-- `told` is what the old one is called in this period: itself, while none after it answered on the period's last day.
-- Parameters: $kinds (organisers, units, ids), $olds, $news, $tolds: four lists of one length.
CREATE OR REPLACE TEMP TABLE succession AS
SELECT
    unnest($kinds::VARCHAR[])  AS kind,
    unnest($olds::VARCHAR[])   AS old,
    unnest($news::VARCHAR[])   AS new,
    unnest($tolds::VARCHAR[])  AS told;
