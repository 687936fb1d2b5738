-- The loads in their order, and what stands of each source by now.
SELECT
    load.number, load.kind, load.source, load.file, load.sha256, load.whole, load.read, load.new, load.changed, load.same,
    load.gone, load.refused, load.loaded_at, load.os_user, load.undone_at
FROM register_load AS load
ORDER BY load.number;
