"""Who has the floor: probabilities of speech become speech and pauses, pauses and settings become decisions.

Live, the emulator asks `turn_taking.floor.TurnTaker` frame by frame; offline, what-if asks
`turn_taking.decide.decide` for many policies at once. Both come to the same answers, because both use the
same code.
"""
