-- What no view of the room stands on any more is given up: a county's check needs the memory.
DROP TABLE numbered_standing;
DROP TABLE numbered_period;
DROP TABLE numbered_row;
