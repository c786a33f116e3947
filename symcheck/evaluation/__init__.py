"""Index notation at exact points: balls, two-term series, points that satisfy assumptions, refutation."""
