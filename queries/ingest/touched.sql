-- Files that were touched and have the bytes that were read (`batch_touched`): when they were touched last is noted, so that
-- the next run need not look at them.
UPDATE member
SET ctime_ns = touched.ctime_ns
FROM batch_touched AS touched
WHERE member.member_key = touched.member_key AND member.ctime_ns IS DISTINCT FROM touched.ctime_ns;
