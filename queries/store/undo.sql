-- Takes a load back ($load, of $kind): what it refused, and the refusals and errors that it ended.
DELETE FROM register_error
WHERE kind = $kind
  AND EXISTS (
      SELECT 1
      FROM register_load AS load
      WHERE load.number = $load
        AND (register_error.file = load.file OR starts_with(register_error.file, load.file || ' ('))
  );

DELETE FROM register_refused WHERE load = $load;

-- What it refused is nothing that undoing a later load could bring back.
DELETE FROM register_history WHERE relation = 'register_refused' AND (content ->> 'load')::INTEGER = $load;
