"""Faulty servers, and correct ones that use their freedom: the proof of the conformance kit."""
