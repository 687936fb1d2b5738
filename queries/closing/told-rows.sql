-- What gaps told at closing $closing, as $format, in its order.
SELECT person_key, told
FROM period_told_row
WHERE closing = $closing AND format = $format
ORDER BY place;
