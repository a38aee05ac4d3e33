"""Training and measuring packs."""
