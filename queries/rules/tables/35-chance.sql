-- What chance alone would do. Of `everything` rows `archived` are archived; a group of `rows` of them, picked blindly, has
-- `own` archived ones or fewer with this probability (hypergeometric, the one-sided exact test of Fisher).
CREATE OR REPLACE TEMP MACRO ln_choose(whole, part) AS
    lgamma((whole + 1)::DOUBLE) - lgamma((part + 1)::DOUBLE) - lgamma((whole - part + 1)::DOUBLE);

CREATE OR REPLACE TEMP MACRO so_few_by_chance(own, rows, archived, everything) AS
    list_sum(list_transform(
        range(greatest(rows - (everything - archived), 0)::BIGINT, own::BIGINT + 1),
        lambda k: exp(
            ln_choose(archived, k) + ln_choose(everything - archived, rows - k) - ln_choose(everything, rows)
        )
    ));
