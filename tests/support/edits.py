"""Single edits of bytes, drawn by chance."""


def edit_bytes(data, chance):
    at = chance.randrange(len(data))
    kind = chance.choice(("change", "insert", "remove"))
    if kind == "remove":
        return data[:at] + data[at + 1 :]
    new = bytes([chance.choice([b for b in range(256) if b != data[at]])])
    return data[:at] + new + data[at + (kind == "change") :]
