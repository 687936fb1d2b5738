-- What coverage told at closing $closing, as $format in $lang.
SELECT told
FROM period_told
WHERE closing = $closing AND format = $format AND (lang IS NULL OR lang = $lang);
