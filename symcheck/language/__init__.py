"""The nouns that travel between the stations.  Nothing here imports SymPy or anything above."""
