-- Whether a population file is loaded, of whatever year.
SELECT count(*) > 0 FROM register_population
