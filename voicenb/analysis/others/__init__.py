"""Figures by other tools' definitions, under their own names: a module for each tool.

They are not ours, and not meant to be: each module says where its definition comes from and how it differs,
so that a number from there can be laid beside a number from here.
"""
