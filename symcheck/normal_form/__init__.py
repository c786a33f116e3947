"""The prover: polynomial arithmetic on interned connected components.

In: index notation without derivatives.  Out: a polynomial, empty exactly when the expression was shown
to be zero wherever it is defined.  Rooms, each resting on the ones before it:

    polynomial   terms, components, heads, products
    labelling    canonical names for the bound indices of a block
    blocks       sums over an index, renaming
    templates    functions as heads with parameters
    factoring    content, irreducible factors, positivity
    edges        leading and trailing terms
    guards       [u > 0], [u = 0]; splitting by cases
    roots        denominators and fractional powers
    tower        exp, log, sin, cos
    inverses     inv, det
    opaque       undefined functions and functions without laws
    facts        what may be used of assumptions, logarithms and crossed conditions
    translation  index notation → polynomial
    products     long products compared factor by factor
    tidying      polynomial → index notation
    prove        the zero test; the loop over the graph
    laws         names, statements, side conditions
"""
