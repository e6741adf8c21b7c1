"""Reading and writing participants' homes, of which nothing is trusted.

`pack` and `unpack` are programs that run alone in a container with one home each. The hub talks to
them through `container`, and understands what they send by `archive`.
"""
