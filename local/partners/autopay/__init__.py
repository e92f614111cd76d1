"""The autopay switch: which bills are charged to which card (partner contracts, section 3).

Bills are moved to another card or ended by order, and an order takes business
days. What becomes of it is read off the partners' clock: nothing has to run
while the days go by, and a clock that is moved skips nothing.
"""
