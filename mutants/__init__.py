"""Mutants: the proofs of the backward rules and of the optimizers, put to the proof.

    python -m mutants

changes one small thing in a rule (a sign, a factor, an axis, an index, a transpose, a comparison), climbs the
contract table with the changed rule, and asks whether any rung notices. A mutant that nobody notices is a hole in the
proofs, or not a mistake at all; ``explained.toml`` says which, one by one. The table is docs/mutants.md.

    targets    what is changed: every backward rule, the transposes it stands on, every optimizer's update
    operators  the changes
    proofs     what a mutant has to get past: rows by hand, then the audit kit
    swap       a changed function in the place of the true one, for a moment
    run        all of them, one after another
    report     the table
"""
