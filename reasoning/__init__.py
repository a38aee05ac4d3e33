"""Hypotheses from the gaps of a graph."""
