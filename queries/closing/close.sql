INSERT INTO period_closing BY NAME
SELECT
    $number AS number, $period AS period, $period_start AS period_start, $period_end AS period_end,
    $closed_at::TIMESTAMP_S AS closed_at, $os_user AS os_user, $tool_version AS tool_version, $tool AS tool,
    $settings AS settings, $archive AS archive, $register AS register, $identities AS identities,
    -- The state that is remembered last of the period: it was seen by the same comparison.
    (SELECT max(number) FROM remembered_run WHERE remembered_run.period_start = $period_start AND remembered_run.period_end = $period_end)
                                                 AS run,
    $rows AS rows, $excluded AS excluded, $undetermined AS undetermined, $archived AS archived, $partial AS partial,
    $missing AS missing, $coverage_code AS coverage_code, $gaps_code AS gaps_code;
