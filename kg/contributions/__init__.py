"""What papers and sources say, as a commutative sum, and all that follows from it."""
