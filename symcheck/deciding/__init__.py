"""The parties' answers → one verdict; what a verdict rests on; contradictions."""
