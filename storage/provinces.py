"""Provinces in which nobody is written to unasked for now: staff paused them, all messages at once.

Whatever waits is taken back and nothing new is promised there; when the province is resumed, it is
looked for again. Nobody gets anything twice by that.
"""

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update

from storage import slots, wave_invitations
from storage.broadcasts import BEGINNING, END, FEEDING
from storage.outbox import CLAIMING, PENDING
from storage.pausing import is_paused
from storage.store import Transaction
from storage.tables import broadcast, outbox, paused_province, respondent, wave
from storage.waves import OPEN, WAVING

ADD = insert(paused_province)
REMOVE = delete(paused_province).where(paused_province.c.province == bindparam("of"))
ALL = select(paused_province.c.province).order_by(paused_province.c.province)
_waits: tuple[ColumnElement[bool], ...] = (
    outbox.c.broadcast_id == bindparam("at"),
    outbox.c.status == PENDING,
    outbox.c.respondent_id.in_(select(respondent.c.id).where(is_paused(respondent.c.province))),
)
TAKE_BACK = delete(outbox).where(*_waits)
RUNS = select(broadcast.c.id).where(broadcast.c.status != "done")
LESS = (
    update(broadcast)
    .where(broadcast.c.id == bindparam("at"))
    .values(promised=broadcast.c.promised - bindparam("fewer"))
)
# Everybody is looked at again; nobody gets a broadcast or an invitation twice.
BROADCASTS_AGAIN = update(broadcast).where(broadcast.c.status != "done").values(cursor=BEGINNING)
WAVES_AGAIN = (
    update(wave)
    .where(wave.c.status == OPEN, wave.c.planned_to == END)
    .values(cursor=BEGINNING, again_at=None)
)


def paused(tx: Transaction) -> list[str]:
    """Return the provinces that are paused."""
    return tx.values(ALL)


def pause(tx: Transaction, province: str) -> bool:
    """Write to nobody of a province unasked from now on; False where it is paused already."""
    for lock in (FEEDING, WAVING):
        tx.alone(lock)
    if province in paused(tx):
        return False
    tx.change(ADD, {"province": province, "paused_at": tx.now})
    slots.take_back(tx)
    wave_invitations.take_all_back(tx)
    # What is just being claimed must be seen as on its way: taken back, it would be sent twice.
    tx.alone(CLAIMING)
    for number in tx.values(RUNS):
        fewer = tx.changed(TAKE_BACK, {"at": number})
        tx.change(LESS, {"at": number, "fewer": fewer})
    return True


def resume(tx: Transaction, province: str) -> bool:
    """Write to the people of a province again; False where it isn't paused."""
    for lock in (FEEDING, WAVING):
        tx.alone(lock)
    if not tx.changed(REMOVE, {"of": province}):
        return False
    tx.change(BROADCASTS_AGAIN)
    tx.change(WAVES_AGAIN)
    return True
