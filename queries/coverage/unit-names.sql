-- How units and producers are called, for faces.
SELECT oid, name_fi, name_sv, contact
FROM register_unit
ORDER BY oid;
