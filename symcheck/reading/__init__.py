"""Readers: text, claims files and Python files become claims; SymPy objects become tensors."""
