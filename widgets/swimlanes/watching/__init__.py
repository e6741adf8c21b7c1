"""See your own Pool at work: plain code shows its lanes, unchanged."""
