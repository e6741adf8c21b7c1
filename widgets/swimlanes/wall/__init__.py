"""The wall: what a class shares from its panels, all of it in one picture on a projector.

`shared` says what leaves a lab, `client` sends it, `room` holds what a class has shared, `server`
shows it.
"""
