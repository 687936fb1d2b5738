-- Closings, oldest first: of one period ($period, $period_start, $period_end; by its name, or its days), or of all ($period null).
SELECT
    number, period, period_start, period_end, closed_at, os_user, tool_version, tool, settings, archive, register, identities,
    rows, excluded, undetermined, archived, partial, missing, coverage_code, gaps_code
FROM period_closing
WHERE $period IS NULL OR period = $period OR (period_start = $period_start AND period_end = $period_end)
ORDER BY number;
