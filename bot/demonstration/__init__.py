"""A quarter of demonstration data, as the Quarterly Newsletter tells the first of 2022.

Everybody in it is made up. All of it goes the way of real answers: the engine, the storage, the
clock's own work; only Telegram is left out.
"""
