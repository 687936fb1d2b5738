-- Every answer of the receiver, oldest first: the last one of a delivery stands.
SELECT number, kept_at, os_user, sent_on, receipt, accepted, refused, note
FROM delivery_receipt
ORDER BY kept_at, number, sent_on, receipt, accepted, refused, note, os_user;
