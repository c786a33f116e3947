"""Layers written as code: `forward` and `backward` in NumPy style, run on symbols, become claims.

Nothing here imports NumPy; what a layer does with it reaches us through NumPy's own protocols.
"""
