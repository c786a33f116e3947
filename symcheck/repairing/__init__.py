"""What kind of mistake a refuted claim makes, and what is right: found by trying, told if it proves."""

from symcheck.repairing.diagnosing import with_diagnosis as with_diagnosis
