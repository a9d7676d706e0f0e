"""The tools around the PhoneCalls contract: `contract`, `sandbox` and `conformance`."""
