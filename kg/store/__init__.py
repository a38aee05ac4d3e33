"""The graph store: one class over Bolt, and its embedded default."""
