"""Expectations: what a call, or many, have to be like, and whether they are."""
