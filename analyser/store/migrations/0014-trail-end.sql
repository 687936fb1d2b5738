-- How many rows the audit trail has and the chain of the last one, outside of it: rows taken off its end are missed.
INSERT OR REPLACE INTO meta SELECT 'trail_rows', coalesce(max(number), 0)::VARCHAR FROM audit;

INSERT OR REPLACE INTO meta SELECT 'trail_last', coalesce(max_by(chain, number), '') FROM audit;
