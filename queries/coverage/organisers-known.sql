-- Every organiser that a row of the register or a document names, as it is written there.
SELECT organiser FROM register_episode
UNION
SELECT organiser FROM register_service
UNION
SELECT organiser FROM document
ORDER BY organiser;
