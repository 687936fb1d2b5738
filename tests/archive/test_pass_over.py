"""What is passed over by its name: the same whether a name is looked at alone or among those of its folder."""

from __future__ import annotations

import random

from analyser.archive.pass_over import PassOver

_PARTS = (
    "__MACOSX", "a", "._x", "Thumbs.db", "b.tmp", "KOPIO1", "~$q", "d\\._e", "x\\__macosx\\y", "Ä", "desktop.ini",
)  # fmt: skip


def test_a_folder_passes_over_what_its_names_alone_would() -> None:
    chance = random.Random(1)
    found = set()
    for over in (PassOver(), PassOver(names=("*.TMP", "kopio?"))):
        for _ in range(3_000):
            folder = "".join(f"{chance.choice(_PARTS)}/" for _ in range(chance.randint(0, 2)))
            name = chance.choice(_PARTS)
            assert over.among(folder)(name) == over.name(folder + name), (folder, name)
            found.add(over.name(folder + name))
    assert found == {True, False}
