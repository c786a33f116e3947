"""The lectures: hand-written derivations, every line a claim with the verdict expected of it."""
