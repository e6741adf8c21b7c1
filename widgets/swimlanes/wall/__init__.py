"""The wall: what a class shares, how far it is and who asks for help, on a projector.

`shared`, `progress` and `hands` say what leaves a lab, `client` sends it, `room` holds all of a
class, `server` shows it. What a lab does by itself, once that was agreed, is in `telling` and
`own_hand`.
"""
