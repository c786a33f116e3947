"""Steps: which named rule leads from one line of an argument to the next.

In come two formulas that the prover has shown equal; out go the names of the rules by which one turns
into the other.  A rule is found by applying it, never by guessing: where none alone, and no few together,
lead from line to line, there are "several steps".
"""

from symcheck.steps.argument import told as told
